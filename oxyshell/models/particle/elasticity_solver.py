"""Equilibrium at a given occupancy: the displacement, and of cylinders and plates the extensions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem
from petsc4py import PETSc

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import map_numbers
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression
from oxyshell.models.mechanics import forms
from oxyshell.models.particle import displacement_error
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver import dof_positions, parts, spaces
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
        extensions: e of a cylinder or a plate, one or two; none of other particles.
        stress: σ of the occupancy, the displacement and the extensions as they are.
    """

    def __init__(
        self,
        particle: ParticleMesh,
        of_parts: Sequence[parts.Part[ParticleModel]],
        theta: fem.Function,
        changing: Sequence[fem.Function],
        degree: int,
        direct: bool | None,
    ) -> None:
        """Build forms and solvers.

        Args:
            particle: The mesh.
            of_parts: Numbers as symbols, and geometry, of each part of the particle.
            theta: Occupancy.
            changing: Further functions that the chemical strain depends on.
            degree: Polynomial degree of the displacement.
            direct: Whether the matrix is factorised; by default, by size.
        """
        self._particle, self._of_parts, self._theta = particle, of_parts, theta
        self._changing = changing
        domain = self._domain = of_parts[0][1]
        self._space = fem.functionspace(particle.mesh, spaces.displacement_element(particle, degree))
        self.displacement = fem.Function(self._space)
        number = basix.ufl.real_element(particle.mesh.basix_cell(), ())
        names = particle.coordinates.extensions
        self.extensions = [fem.Function(fem.functionspace(particle.mesh, number)) for _ in names]
        self.stress = domain.by_part(
            [forms.stress(*part, theta, self.displacement, self.extensions) for part in of_parts]
        )
        limit = DIRECT_LIMIT[particle.mesh.topology.dim]
        self._direct = spaces.size_of(self._space) <= limit if direct is None else direct
        self._held = spaces.held_displacements(particle, self._space)
        virtual, moving = ufl.TestFunction(self._space), ufl.TrialFunction(self._space)
        strain = domain.coordinates.strain(virtual, domain.x)
        load = self.summed(
            lambda model, where: -where.volume(ufl.inner(forms.held_stress(model, where, theta), strain))
        )
        stiffness = self._stiffness_form(moving, virtual)
        self._stiffness = Matrix(stiffness, self._held, None if self._direct else "baij")
        self._varies = theta in stiffness.coefficients()
        self._load = affine(load, [theta, *changing], self._space)
        self._numbers = self._present_numbers()
        held = np.concatenate([condition.dof_indices()[0] for condition in self._held])
        self._held_dofs = np.unique(held[held < owned(self.displacement).size])
        self._set_up()
        self._free = _FreeExtensions(self)

    def _stiffness_form(self, trial: Expression, test: Expression) -> ufl.Form:
        """∫ C:ε(u):ε(v) dV + ∫ k u·n v·n dA, without the chemical strain."""
        strain = self._domain.coordinates.strain(trial, self._domain.x)

        def of_part(model: ParticleModel, domain: Domain) -> ufl.Form:
            elastic = model.elasticity.stress(strain, self._theta)
            return -forms.equilibrium(model, domain, elastic, trial, test)

        return self.summed(of_part)

    def summed(self, of_part: Callable[[ParticleModel, Domain], ufl.Form]) -> ufl.Form:
        """A form of each part, all added up."""
        return parts.total([of_part(*part) for part in self._of_parts])

    def _set_up(self) -> None:
        stiffness = self._stiffness()
        self._solver: krylov.LinearSolver
        if self._direct:
            self._solver = krylov.cholesky(stiffness, "displacement")
        else:
            self._solver = multigrid.MultigridElasticity(
                stiffness, self._particle, self._space, self._held, self._stiffness_form
            )
        self._solver.set_up()
        self._scale = self._unit_energy()

    def _unit_energy(self) -> float:
        """As `energy_of_unit_occupancy` has it; 0 where the matrix is factorised, which leaves nothing."""
        if self._direct:
            return 0.0
        return displacement_error.energy_of_unit_occupancy(
            self._theta, self._changing, lambda: self._zero_where_held(self._load()), self._energy
        )

    def _energy(self, load: PETSc.Vec) -> float:
        self._follow_occupancy()
        return self._solver.energy(load)

    def _follow_occupancy(self) -> None:
        if self._varies:
            self._stiffness()
            self._solver.refresh()

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
        self._free.refresh()
        if self._numbers != self._present_numbers():
            self._numbers = self._present_numbers()
            self._set_up()
        else:
            self._scale = self._unit_energy()
        # What is left of another state would show in the last bits.
        self._solver.expect((), slice(0), 0.0)
        self._free.respond()

    def begin(self, past: Sequence[Array] = (), first: int = 0, tolerance: float = 0.0) -> None:
        """Prepare for solutions near those of past states.

        Args:
            past: Arrays of this process that never change, with the unknowns of a state each.
            first: Where the displacement begins in them.
            tolerance: Largest error of the occupancy in the step to come. Where the solver iterates, what it
                leaves of the displacement has no more energy than an error of the occupancy by a hundredth
                of this would give, or by 1e-6 if that is less; by default, it leaves next to nothing.
        """
        part = slice(first, first + owned(self.displacement).size)
        self._solver.expect(past, part, displacement_error.allowed(tolerance, self._scale))
        if not self._varies:
            self._free.tell(self._solver)

    def solve(self) -> None:
        """Solve for the displacement and the extensions at the present occupancy.

        Raises:
            SolverError: If the linear solver does not converge.
        """
        self._follow_occupancy()
        if self._varies:
            self._free.respond()
        self.solve_load(self._load(), self.displacement)
        self._free.balance()

    def solve_load(self, load: PETSc.Vec, solution: fem.Function) -> None:
        """Solve for the displacement under a load, which is zero where displacements are held."""
        self._solver.solve(self._zero_where_held(load), solution.x.petsc_vec)
        solution.x.scatter_forward()

    def _zero_where_held(self, load: PETSc.Vec) -> PETSc.Vec:
        """A load made zero where displacements are held."""
        load.array_w[self._held_dofs] = 0.0
        return load

    def _present_numbers(self) -> tuple[float, ...]:
        numbers: list[float] = []
        stiff = [part for model, _ in self._of_parts for part in (model.elasticity, model.confinement)]
        for part in stiff:
            map_numbers(part, lambda _path, constant, _dimension: numbers.append(float(constant.value)))
        return tuple(numbers)


class _FreeExtensions:
    """Extensions along directions that the mesh does not have, under which no net force acts there.

    The displacement is linear in them: it is that without extension and, times each extension, the response
    to an extension of one.
    """

    def __init__(self, solver: ElasticitySolver) -> None:
        self._all = [_FreeExtension(solver, number) for number in range(len(solver.extensions))]
        self._displacement = solver.displacement

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        for one in self._all:
            one.refresh()

    def respond(self) -> None:
        """Find the responses to extensions of one."""
        for one in self._all:
            one.respond()

    def tell(self, solver: krylov.LinearSolver) -> None:
        """Let a solver know of the responses, without which past displacements have extensions in them."""
        for one in self._all:
            solver.know(one.owned_response)

    def balance(self) -> None:
        """Extend a displacement that was solved without extension until no net force is left."""
        displacement = self._displacement.x.array
        for one in self._all:
            one.number[:] = 0.0
        forces = before = [one.force() for one in self._all]
        falls: list[list[float]] = []
        for one in self._all:
            displacement += one.response
            one.number[:] = 1.0
            after = [other.force() for other in self._all]
            falls.append([old - new for old, new in zip(forces, after, strict=True)])
            forces = after
        for one, found in zip(self._all, _solved(falls, before), strict=True):
            displacement += (found - 1.0) * one.response
            one.number[:] = found


class _FreeExtension:
    """One extension, the force along it, and what it does to the displacement."""

    def __init__(self, solver: ElasticitySolver, index: int) -> None:
        domain = solver._domain
        self._solver, self._extension = solver, solver.extensions[index]
        space = solver.displacement.function_space
        unit = forms.extended(domain, domain.coordinates.extensions[index], 1.0)
        strain = domain.coordinates.strain(ufl.TestFunction(space), domain.x)

        def load(model: ParticleModel, where: Domain) -> ufl.Form:
            stress = model.elasticity.stress(unit, solver._theta)
            return -where.volume(ufl.inner(stress, strain))

        self._load = Vector(solver.summed(load), space)
        comm = solver._particle.mesh.comm
        force = solver.summed(lambda _, where: where.volume(ufl.inner(solver.stress, unit)))
        self.force = Scalar(force, comm)
        self._response = fem.Function(space)
        self.respond()

    @property
    def number(self) -> Array:
        """The present extension, shape (1,), or (0,) on processes that do not hold it."""
        values: Array = self._extension.x.array
        return values

    @property
    def response(self) -> Array:
        """Displacement by an extension of one at all unknowns of this process."""
        values: Array = self._response.x.array
        return values

    @property
    def owned_response(self) -> Array:
        """The same at the unknowns that this process owns."""
        return owned(self._response)

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        self._load.refresh()
        self.force.refresh()

    def respond(self) -> None:
        """Find the response to an extension of one."""
        self._solver.solve_load(self._load(), self._response)


def _solved(falls: list[list[float]], forces: list[float]) -> list[float]:
    """The extensions at which no force is left, by Gauss' elimination of a symmetric definite matrix.

    Args:
        falls: Fall of each force by an extension of one, one row for each extension.
        forces: Forces without extension.
    """
    if not forces:
        return []
    (pivot, *row), first = falls[0], forces[0]
    factors = [one[0] / pivot for one in falls[1:]]
    rest = [
        [entry - factor * above for entry, above in zip(one[1:], row, strict=True)]
        for one, factor in zip(falls[1:], factors, strict=True)
    ]
    left = [force - factor * first for force, factor in zip(forces[1:], factors, strict=True)]
    others = _solved(rest, left)
    known = sum(entry * other for entry, other in zip(row, others, strict=True))
    return [(first - known) / pivot, *others]
