"""Equilibrium at a given occupancy: the displacement, and of cylinders and plates the extension."""

from __future__ import annotations

from collections.abc import Sequence

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import map_numbers
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression
from oxyshell.models.mechanics import forms
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver import dof_positions, spaces
from oxyshell.solver.assembly import Matrix, Scalar, Vector, affine, owned
from oxyshell.solver.linear import krylov, multigrid
from oxyshell.solver.state import Array

# Beyond these numbers of unknowns an iterative solver beats a factorisation, which is done once (measured on
# two cores).
DIRECT_LIMIT = {1: 400_000, 2: 400_000, 3: 40_000}


class ElasticitySolver:
    """The linear system of the displacement, factorised or with its preconditioner built.

    Attributes:
        displacement: u.
        extensions: e of a cylinder or a plate, in a list; none of other particles.
        stress: σ of the occupancy, the displacement and the extension as they are.
    """

    def __init__(
        self,
        particle: ParticleMesh,
        model: ParticleModel,
        domain: Domain,
        theta: fem.Function,
        changing: Sequence[fem.Function],
        degree: int,
        direct: bool | None,
    ) -> None:
        """Build forms and solvers.

        Args:
            particle: The mesh.
            model: Numbers as symbols.
            domain: Geometry.
            theta: Occupancy.
            changing: Further functions that the chemical strain depends on.
            degree: Polynomial degree of the displacement.
            direct: Whether the matrix is factorised; by default, by size.
        """
        self._particle, self._model, self._domain, self._theta = particle, model, domain, theta
        self._space = fem.functionspace(particle.mesh, spaces.displacement_element(particle, degree))
        self.displacement = fem.Function(self._space)
        number = basix.ufl.real_element(particle.mesh.basix_cell(), ())
        count = 1 if particle.coordinates.free_extension else 0
        self.extensions = [fem.Function(fem.functionspace(particle.mesh, number)) for _ in range(count)]
        self.stress = forms.stress(model, domain, theta, self.displacement, sum(self.extensions))
        limit = DIRECT_LIMIT[particle.mesh.topology.dim]
        self._direct = spaces.size_of(self._space) <= limit if direct is None else direct
        self._held = spaces.held_displacements(particle, self._space)
        virtual, moving = ufl.TestFunction(self._space), ufl.TrialFunction(self._space)
        strain = domain.coordinates.strain(virtual, domain.x)
        load = -domain.volume(ufl.inner(forms.held_stress(model, domain, theta), strain))
        stiffness = self._stiffness_form(moving, virtual)
        self._stiffness = Matrix(stiffness, self._held, None if self._direct else "baij")
        self._varies = theta in stiffness.coefficients()
        self._load = affine(load, [theta, *changing], self._space)
        self._numbers = self._present_numbers()
        held = np.concatenate([condition.dof_indices()[0] for condition in self._held])
        self._held_dofs = np.unique(held[held < owned(self.displacement).size])
        self._set_up()
        self._free = [_FreeExtension(self, extension) for extension in self.extensions]

    def _stiffness_form(self, trial: Expression, test: Expression) -> ufl.Form:
        """∫ C:ε(u):ε(v) dV + ∫ k u·n v·n dA, without the chemical strain."""
        strain = self._domain.coordinates.strain(trial, self._domain.x)
        elastic = self._model.elasticity.stress(strain, self._theta)
        return -forms.equilibrium(self._model, self._domain, elastic, trial, test)

    def _set_up(self) -> None:
        stiffness = self._stiffness()
        self._solver: krylov.LinearSolver
        if self._direct:
            self._solver = krylov.cholesky(stiffness, "displacement")
        else:
            self._solver = multigrid.MultigridElasticity(
                stiffness, self._particle, self._space, self._held, self._stiffness_form, 1e-5
            )
        self._solver.set_up()

    @property
    def iterations(self) -> int:
        """Iterations of the linear solver so far."""
        return self._solver.iterations

    @property
    def functions(self) -> list[fem.Function]:
        """The functions that are solved for."""
        return [self.displacement, *self.extensions]

    @property
    def size(self) -> int:
        """Unknowns of this process."""
        return sum(owned(function).size for function in self.functions)

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""
        return spaces.size_of(self._space) + len(self.extensions)

    @property
    def values(self) -> Array:
        """Values of the unknowns of this process, the displacement first."""
        return np.concatenate([owned(function) for function in self.functions])

    def put(self, values: Array) -> None:
        """Make these the values of the unknowns."""
        start = 0
        for function in self.functions:
            own = owned(function)
            own[:] = values[start : start + own.size]
            function.x.scatter_forward()
            start += own.size

    def dof_positions(self, field: int) -> Array:
        """Positions of the unknowns, as `dof_positions.of_space` has them."""
        rows = [dof_positions.of_space(self._space, field)]
        return np.concatenate([*rows, *(dof_positions.of_number(field) for _ in self.extensions)])

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        self._load.refresh()
        for one in self._free:
            one.refresh()
        if self._numbers != self._present_numbers():
            self._numbers = self._present_numbers()
            self._set_up()
        for one in self._free:
            one.respond()

    def solve(self) -> None:
        """Solve for the displacement and the extension at the present occupancy.

        Raises:
            SolverError: If the linear solver does not converge.
        """
        if self._varies:
            self._stiffness()
            self._solver.refresh()
            for one in self._free:
                one.respond()
        self.solve_load(self._load(), self.displacement)
        for one in self._free:
            one.balance()

    def solve_load(self, load: object, solution: fem.Function) -> None:
        """Solve for the displacement under a load, which is zero where displacements are held."""
        load.array_w[self._held_dofs] = 0.0  # type: ignore[attr-defined]
        self._solver.solve(load, solution.x.petsc_vec)
        solution.x.scatter_forward()

    def _present_numbers(self) -> tuple[float, ...]:
        numbers: list[float] = []
        for part in (self._model.elasticity, self._model.confinement):
            map_numbers(part, lambda _path, constant, _dimension: numbers.append(float(constant.value)))
        return tuple(numbers)


class _FreeExtension:
    """The extension along directions that the mesh does not have, under which no net force acts there.

    The displacement is linear in it: it is that without extension and, times the extension, the response to
    an extension of one.
    """

    def __init__(self, solver: ElasticitySolver, extension: fem.Function) -> None:
        model, domain = solver._model, solver._domain
        self._solver, self._extension = solver, extension
        space = solver.displacement.function_space
        unit = domain.coordinates.extension(1.0)
        strain = domain.coordinates.strain(ufl.TestFunction(space), domain.x)
        stress = model.elasticity.stress(unit, solver._theta)
        self._load = Vector(-domain.volume(ufl.inner(stress, strain)), space)
        comm = solver._particle.mesh.comm
        self._force = Scalar(domain.volume(ufl.inner(solver.stress, unit)), comm)
        self._response = fem.Function(space)
        self.respond()

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        self._load.refresh()
        self._force.refresh()

    def respond(self) -> None:
        """Find the response to an extension of one."""
        self._solver.solve_load(self._load(), self._response)

    def balance(self) -> None:
        """Extend a displacement that was solved without extension until no net force is left."""
        displacement, extension = self._solver.displacement.x.array, self._extension.x.array
        extension[:] = 0.0
        before = self._force()
        displacement += self._response.x.array
        extension[:] = 1.0
        found = before / (before - self._force())
        displacement += (found - 1.0) * self._response.x.array
        extension[:] = found
