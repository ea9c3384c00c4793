"""Linear solvers for the split strategy, chosen by the size of the problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import ufl
from dolfinx import fem, la
from dolfinx.fem import petsc as fem_petsc
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Matrix
from oxyshell.solver.lines import LineSolves, radial_lines
from oxyshell.solver.state import Array


class LinearSolver:
    """A PETSc Krylov solver or factorisation with its own options, and an error when it fails."""

    def __init__(self, matrix: PETSc.Mat, options: Mapping[str, Any], what: str) -> None:
        """Set up.

        Args:
            matrix: The operator.
            options: PETSc options without prefix.
            what: What is solved for, for the error message.
        """
        self._what = what
        self.ksp: PETSc.KSP = PETSc.KSP().create(matrix.comm)
        self.ksp.setOperators(matrix)
        prefix = f"oxyshell_{id(self):x}_"
        self.ksp.setOptionsPrefix(prefix)
        database = PETSc.Options()
        for name, value in options.items():
            database[prefix + name] = value
        self.ksp.setFromOptions()
        self._prefix, self._options = prefix, options
        self.iterations = 0

    def set_up(self) -> None:
        """Factorise or build the preconditioner now."""
        self.ksp.setUp()
        database = PETSc.Options()
        for name in self._options:
            database.delValue(self._prefix + name)

    def refresh(self) -> None:
        """Follow a matrix that has been assembled anew."""
        self.ksp.setOperators(self.ksp.getOperators()[0])

    def solve(self, right: PETSc.Vec, solution: PETSc.Vec) -> None:
        """Solve; `solution` is the initial guess of an iterative solver.

        Raises:
            SolverError: If the solver did not converge or the factorisation failed.
        """
        self.ksp.solve(right, solution)
        self.iterations += self.ksp.getIterationNumber()
        reason = self.ksp.getConvergedReason()
        if reason < 0:
            raise SolverError(f"the linear solver for the {self._what} failed (PETSc reason {reason})")


# PETSc's own LU does not pivot: fast below about this many unknowns, inaccurate far above.
_SMALL = 1500
# Share of a right-hand side that a solution may leave; well-conditioned systems leave a hundredth of it.
_ROUND_OFF = 1e-11


class DirectSolver:
    """LU of a matrix that changes at every step, on NumPy arrays; with pivoting if large, or if need be."""

    def __init__(self, matrix: PETSc.Mat, size: int, total: int) -> None:
        """Set up; `factorise` has to follow.

        Args:
            matrix: A matrix with the pattern of those to come.
            size: Rows of this process.
            total: Rows of all.
        """
        comm = matrix.comm
        # PETSc vectors in memory of ours, which costs less to write to.
        self._right_values, self._solution_values, self._product_values = (np.zeros(size) for _ in range(3))
        self._right, self._solution, self._product = (
            PETSc.Vec().createWithArray(values, comm=comm)
            for values in (self._right_values, self._solution_values, self._product_values)
        )
        self._is_small = total <= _SMALL and comm.size == 1
        pivoting = _direct(matrix, PETSc.Mat.SolverType.MUMPS)
        self._pivoting, self._quick = pivoting, pivoting
        if self._is_small:
            self._quick = _direct(matrix, PETSc.Mat.SolverType.PETSC)
            self._quick.getPC().setFactorOrdering(PETSc.Mat.OrderingType.RCM)
        self._solver, self._is_checked = self._quick, True
        self._matrix = matrix

    def factorise(self, matrix: PETSc.Mat) -> None:
        """Factorise a matrix, at the latest when something is solved."""
        self._matrix = matrix
        self._solver, self._is_checked = self._quick, not self._is_small
        self._solver.setOperators(matrix)

    def solve(self, right_hand_side: Array) -> Array:
        """Solve with what was factorised.

        Raises:
            SolverError: If the factorisation failed. (A NaN passes; the error estimate rejects its step.)
        """
        self._right_values[:] = right_hand_side
        self._apply()
        if not self._is_checked:
            self._is_checked = True
            if self._is_poor():
                # Without what an earlier matrix has left: a run that is resumed has not met it.
                self._pivoting.reset()
                self._pivoting.setOperators(self._matrix)
                self._solver = self._pivoting
                self._apply()
        return self._solution_values.copy()

    def _apply(self) -> None:
        self._solver.solve(self._right, self._solution)
        reason = self._solver.getConvergedReason()
        if reason < 0:
            raise SolverError(f"the linear solver failed (reason {reason})")

    def _is_poor(self) -> bool:
        """Whether factors without pivoting leave more of a right-hand side than round-off."""
        self._matrix.mult(self._solution, self._product)
        left = float(np.max(np.abs(self._right_values - self._product_values), initial=0.0))
        return left > _ROUND_OFF * float(np.max(np.abs(self._right_values), initial=0.0))

    def multiplied(self, matrix: PETSc.Mat, values: Array) -> Array:
        """A matrix of the same size times some values."""
        self._right_values[:] = values
        matrix.mult(self._right, self._solution)
        return self._solution_values.copy()


def _direct(matrix: PETSc.Mat, package: str) -> PETSc.KSP:
    solver = PETSc.KSP().create(matrix.comm)
    solver.setOperators(matrix)
    solver.setType(PETSc.KSP.Type.PREONLY)
    factors = solver.getPC()
    factors.setType(PETSc.PC.Type.LU)
    factors.setFactorSolverType(package)
    return solver


def cholesky(matrix: PETSc.Mat, what: str) -> LinearSolver:
    """Sparse Cholesky factorisation by MUMPS, METIS ordering; the matrix has to be positive definite."""
    matrix.setOption(PETSc.Mat.Option.SPD, True)
    options = {
        "ksp_type": "preonly",
        "pc_type": "cholesky",
        "pc_factor_mat_solver_type": "mumps",
        "mat_mumps_icntl_7": 5,
    }
    return LinearSolver(matrix, options, what)


def lu(matrix: PETSc.Mat, what: str) -> LinearSolver:
    """Sparse LU factorisation by MUMPS."""
    options = {"ksp_type": "preonly", "pc_type": "lu", "pc_factor_mat_solver_type": "mumps"}
    return LinearSolver(matrix, options, what)


def jacobi(matrix: PETSc.Mat, what: str, tolerance: float) -> LinearSolver:
    """CG with Jacobi, for mass matrices."""
    options = {
        "ksp_type": "cg",
        "pc_type": "jacobi",
        "ksp_rtol": tolerance,
        "ksp_max_it": 2000,
        "ksp_initial_guess_nonzero": True,
    }
    return LinearSolver(matrix, options, what)


class LineKrylov(LinearSolver):
    """BiCGStab preconditioned by exact solves along radial lines, for diffusion with drift."""

    def __init__(self, matrix: PETSc.Mat, space: fem.FunctionSpace, what: str, tolerance: float) -> None:
        """Set up.

        Args:
            matrix: The assembled operator.
            space: Its space.
            what: What is solved for, for the error message.
            tolerance: Relative residual.
        """
        options = {
            "ksp_type": "bcgs",
            "ksp_rtol": tolerance,
            "ksp_max_it": 1000,
        }
        super().__init__(matrix, options, what)
        self._lines = LineSolves(matrix, radial_lines(space), 1, symmetric=False)
        self._lines.attach(self.ksp.getPC())

    def refresh(self) -> None:
        """Follow a matrix that has been assembled anew."""
        self._lines.refresh()
        super().refresh()


_SMOOTHER = {"ksp_type": "chebyshev", "ksp_max_it": 1}
_POINTS = {"pc_type": "jacobi"}
# Below this number of unknowns the linear elements under the multigrid are factorised.
_COARSE_DIRECT_LIMIT = 60_000


class _Level:
    """The elasticity on Lagrange elements of one degree, with its part along radial lines."""

    def __init__(
        self,
        space: fem.FunctionSpace,
        held: list[fem.DirichletBC],
        assemble: Callable[[], PETSc.Mat],
    ) -> None:
        self.space = space
        self.held = held
        self._assemble = assemble
        self.matrix = assemble()
        self.lines = LineSolves(self.matrix, radial_lines(space), space.dofmap.index_map_bs, symmetric=True)

    def refresh(self) -> None:
        self._assemble()
        self.lines.refresh()


class MultigridElasticity(LinearSolver):
    """CG with p-multigrid, for large solids.

    From the displacement's own degree down to two, Chebyshev smoothing by exact solves along radial lines of
    nodes; below, on linear elements, a factorisation, or smoothed aggregation with the rigid-body modes where
    that is too large.
    """

    def __init__(
        self,
        matrix: PETSc.Mat,
        particle: ParticleMesh,
        space: fem.FunctionSpace,
        held: list[fem.DirichletBC],
        stiffness: Callable[[Any, Any], ufl.Form],
        tolerance: float,
    ) -> None:
        """Set up.

        Args:
            matrix: The assembled stiffness matrix, with unit rows where the displacement is held.
            particle: The mesh.
            space: The displacement's space.
            held: The conditions in `matrix`.
            stiffness: The bilinear form for any trial and test function.
            tolerance: Relative error in the norm of energy, as the preconditioner estimates it.
        """
        degree = space.ufl_element().degree
        levels = [self._level(particle, below, stiffness) for below in range(1, degree)]
        self._levels = [*levels, _Level(space, held, lambda: matrix)]
        coarse = self._levels[0]
        coarse.matrix.setOption(PETSc.Mat.Option.SPD, True)
        self._keep_modes(coarse)
        options: dict[str, Any] = {
            "ksp_type": "cg",
            # The energy of the error, hence stress: other norms pass over errors between thin elements.
            "ksp_norm_type": "natural",
            "ksp_rtol": tolerance,
            "ksp_max_it": 500,
            "ksp_initial_guess_nonzero": True,
            "pc_type": "mg",
            "pc_mg_levels": degree,
            "mg_coarse_ksp_type": "preonly",
        }
        options |= {f"mg_levels_{name}": value for name, value in _SMOOTHER.items()}
        options |= _coarse_options(size_of(coarse.space))
        super().__init__(matrix, options, "displacement")
        preconditioner = self.ksp.getPC()
        preconditioner.getMGCoarseSolve().setOperators(coarse.matrix)
        for number, (below, level) in enumerate(pairwise(self._levels), start=1):
            prolongation = fem_petsc.interpolation_matrix(below.space, level.space)
            prolongation.assemble()
            self._free(prolongation, level.held, below.held)
            preconditioner.setMGInterpolation(number, prolongation)
            smoother = preconditioner.getMGSmoother(number)
            smoother.setOperators(level.matrix)
            level.lines.attach(smoother.getPC())

    @staticmethod
    def _level(particle: ParticleMesh, degree: int, stiffness: Callable[[Any, Any], ufl.Form]) -> _Level:
        space = fem.functionspace(particle.mesh, spaces.displacement_element(particle, degree))
        held = spaces.held_displacements(particle, space)
        form = stiffness(ufl.TrialFunction(space), ufl.TestFunction(space))
        return _Level(space, held, Matrix(form, held))

    def refresh(self) -> None:
        """Follow a stiffness matrix that has been assembled anew."""
        for level in self._levels:
            level.refresh()
        super().refresh()

    def _free(
        self, prolongation: PETSc.Mat, held: list[fem.DirichletBC], coarse_held: list[fem.DirichletBC]
    ) -> None:
        """The coarse correction neither moves held displacements nor comes from them."""
        fine, coarse = prolongation.createVecLeft(), prolongation.createVecRight()
        for mask, conditions in ((fine, held), (coarse, coarse_held)):
            mask.set(1.0)
            for condition in conditions:
                dofs = condition.dof_indices()[0]
                mask.array[dofs[dofs < mask.getLocalSize()]] = 0.0
        prolongation.diagonalScale(fine, coarse)

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


def _coarse_options(size: int) -> dict[str, Any]:
    if size <= _COARSE_DIRECT_LIMIT:
        return {"mg_coarse_pc_type": "cholesky", "mg_coarse_pc_factor_mat_solver_type": "mumps"}
    options: dict[str, Any] = {
        "mg_coarse_pc_type": "gamg",
        "mg_coarse_pc_gamg_threshold": 0.01,
        "mg_coarse_pc_gamg_coarse_eq_limit": 1000,
    }
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


def size_of(space: fem.FunctionSpace) -> int:
    """Degrees of freedom over all processes."""
    return int(np.int64(space.dofmap.index_map.size_global) * space.dofmap.index_map_bs)
