"""Multigrid for elasticity on meshes of linear and quadratic elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import ufl
from dolfinx import fem, la
from petsc4py import PETSc

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Matrix
from oxyshell.solver.linear.conjugate_gradients import ConjugateGradients
from oxyshell.solver.linear.krylov import SHARED_FROM, LinearSolver, by_each_process
from oxyshell.solver.linear.line_smoother import LineSolves, radial_lines
from oxyshell.solver.state import Array

_SMOOTHER = {"ksp_type": "chebyshev", "ksp_max_it": 1}
_POINTS = {"pc_type": "jacobi"}
# Up to this number of unknowns one process factorises the linear elements under the multigrid (measured on
# uniform octants and thin layers).
_COARSE_DIRECT_LIMIT = 25_000


class _Level:
    """The elasticity on Lagrange elements of one degree, smoothed along radial lines."""

    def __init__(
        self,
        space: fem.FunctionSpace,
        held: list[fem.DirichletBC],
        assemble: Callable[[], PETSc.Mat],
        radial_components: int,
    ) -> None:
        self.space = space
        self.held = held
        self._assemble = assemble
        self.matrix = assemble()
        self._radial_components = radial_components
        self._lines: list[LineSolves] = []

    def smooth_by(self, smoother: PETSc.KSP) -> None:
        """Make a solver one that smooths on this level."""
        smoother.setOperators(self.matrix)
        lines = radial_lines(self.space, self._radial_components)
        solves = LineSolves(self.matrix, lines, self.space.dofmap.index_map_bs, symmetric=True)
        solves.attach(smoother.getPC())
        self._lines.append(solves)

    def refresh(self) -> None:
        self._assemble()
        for solves in self._lines:
            solves.refresh()


class MultigridElasticity(LinearSolver):
    """CG with p-multigrid, for large solids.

    From the displacement's own degree down to two, Chebyshev smoothing by exact solves along radial lines of
    nodes; below, on linear elements, a factorisation, or where that is too large the same smoothing and
    smoothed aggregation with the rigid-body modes. Where elements are thin, aggregation without lines took
    1.6 times as many iterations, or, with weak couplings left out, 20 times as long to set up.
    """

    def __init__(
        self,
        matrix: PETSc.Mat,
        particle: ParticleMesh,
        space: fem.FunctionSpace,
        held: list[fem.DirichletBC],
        stiffness: Callable[[Any, Any], ufl.Form],
    ) -> None:
        """Set up.

        Args:
            matrix: The assembled stiffness matrix, with unit rows where the displacement is held.
            particle: The mesh.
            space: The displacement's space.
            held: The conditions in `matrix`.
            stiffness: The bilinear form for any trial and test function.
        """
        degree = space.ufl_element().degree
        levels = [self._level(particle, below, stiffness) for below in range(1, degree)]
        self._levels = [*levels, _Level(space, held, lambda: matrix, particle.coordinates.radial_components)]
        coarse = self._levels[0]
        coarse.matrix.setOption(PETSc.Mat.Option.SPD, True)
        self._keep_modes(coarse)
        size, is_alone = spaces.size_of(coarse.space), matrix.comm.size == 1
        is_direct = size <= (_COARSE_DIRECT_LIMIT if is_alone else SHARED_FROM)
        transfers = [(level, self._prolongation(below, level)) for below, level in pairwise(self._levels)]
        if not is_direct:
            transfers = [(coarse, _identity(coarse.matrix)), *transfers]
        options: dict[str, Any] = {
            "ksp_type": "preonly",
            "pc_type": "mg",
            "pc_mg_levels": len(transfers) + 1,
            "mg_coarse_ksp_type": "preonly",
        }
        options |= {f"mg_levels_{name}": value for name, value in _SMOOTHER.items()}
        options |= _coarse_options(is_direct, matrix.comm.size)
        super().__init__(matrix, options, "displacement")
        preconditioner = self.ksp.getPC()
        # They stop by the energy of the error, hence by stress: other norms pass over errors between thin
        # elements.
        self._iteration = ConjugateGradients(matrix, preconditioner, "displacement")
        preconditioner.getMGCoarseSolve().setOperators(coarse.matrix)
        for number, (level, transfer) in enumerate(transfers, start=1):
            preconditioner.setMGInterpolation(number, transfer)
            level.smooth_by(preconditioner.getMGSmoother(number))

    @staticmethod
    def _level(particle: ParticleMesh, degree: int, stiffness: Callable[[Any, Any], ufl.Form]) -> _Level:
        space = fem.functionspace(particle.mesh, spaces.displacement_element(particle, degree))
        held = spaces.held_displacements(particle, space)
        form = stiffness(ufl.TrialFunction(space), ufl.TestFunction(space))
        return _Level(space, held, Matrix(form, held), particle.coordinates.radial_components)

    def refresh(self) -> None:
        """Follow a stiffness matrix that has been assembled anew."""
        for level in self._levels:
            level.refresh()
        super().refresh()
        self.ksp.setUp()
        self._iteration.refresh()

    def expect(self, sources: Sequence[Array], part: slice, error: float) -> None:
        self._iteration.expect(sources, part, error)

    def know(self, values: Array) -> None:
        self._iteration.know(values)

    def energy(self, right: PETSc.Vec) -> float:
        return self._iteration.energy(right)

    def solve(self, right: PETSc.Vec, solution: PETSc.Vec) -> None:
        """Solve; what `solution` holds does not matter.

        Raises:
            SolverError: If the iteration does not converge.
        """
        self._iteration.solve(right, solution)
        self.iterations = self._iteration.iterations

    @staticmethod
    def _prolongation(below: _Level, level: _Level) -> PETSc.Mat:
        """From degree to degree; the correction neither moves held displacements nor comes from them."""
        # Slow to load, so only where it is needed.
        from dolfinx.fem import petsc as fem_petsc

        prolongation = fem_petsc.interpolation_matrix(below.space, level.space)
        prolongation.assemble()
        fine, coarse = prolongation.createVecLeft(), prolongation.createVecRight()
        for mask, conditions in ((fine, level.held), (coarse, below.held)):
            mask.set(1.0)
            for condition in conditions:
                dofs = condition.dof_indices()[0]
                mask.array[dofs[dofs < mask.getLocalSize()]] = 0.0
        prolongation.diagonalScale(fine, coarse)
        return prolongation

    def _keep_modes(self, coarse: _Level) -> None:
        # PETSc borrows the arrays behind the modes: they have to live as long as the matrix.
        self._basis = rigid_body_modes(coarse.space)
        bs = coarse.space.dofmap.index_map_bs
        size = coarse.space.dofmap.index_map.size_local * bs
        comm = coarse.matrix.comm
        self._modes = [
            PETSc.Vec().createWithArray(vector.array[:size], bsize=bs, comm=comm) for vector in self._basis
        ]
        coarse.matrix.setNearNullSpace(PETSc.NullSpace().create(vectors=self._modes, comm=comm))


def _identity(matrix: PETSc.Mat) -> PETSc.Mat:
    size = matrix.getSizes()[0]
    return PETSc.Mat().createConstantDiagonal((size, size), 1.0, comm=matrix.comm)


def _coarse_options(is_direct: bool, processes: int) -> dict[str, Any]:
    if is_direct:
        factors = {"pc_type": "cholesky", "pc_factor_mat_solver_type": "mumps"}
        return {f"mg_coarse_{name}": value for name, value in by_each_process(factors, processes).items()}
    options: dict[str, Any] = {"mg_coarse_pc_type": "gamg", "mg_coarse_pc_gamg_coarse_eq_limit": 1000}
    levels = _SMOOTHER | _POINTS | {"ksp_max_it": 2}
    return options | {f"mg_coarse_mg_levels_{name}": value for name, value in levels.items()}


def rigid_body_modes(space: fem.FunctionSpace) -> list[la.Vector]:
    """Orthonormal rigid motions of a displacement space: six of a solid, the axial shift of a half disc."""
    points = space.tabulate_dof_coordinates()
    bs, index_map = space.dofmap.index_map_bs, space.dofmap.index_map
    if bs == 2:
        basis = [la.vector(index_map, bs=bs)]
        basis[0].array[1::2] = 1.0
    else:
        basis = [la.vector(index_map, bs=bs) for _ in range(6)]
        x, y, z = points.T
        for i in range(3):
            basis[i].array[i::3] = 1.0
        basis[3].array[0::3], basis[3].array[1::3] = -y, x
        basis[4].array[0::3], basis[4].array[2::3] = z, -x
        basis[5].array[1::3], basis[5].array[2::3] = -z, y
    la.orthonormalize(basis)
    return [*basis]
