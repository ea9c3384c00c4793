"""Numbers in the equations of a field, solved by Newton's method with a linear solver for the field alone.

With R(θ, n) = 0 the field's equations, J = ∂R/∂θ, and G(θ, n) = 0 those of a few numbers n, the change of
both follows from solves with J alone (Keller, in Applications of Bifurcation Theory, 1977):
    J a = R,    J C = ∂R/∂n,    (∂G/∂n − ∂G/∂θ C) e = G − ∂G/∂θ a,    n ← n − e,    θ ← θ − (a − C e).
Numbers that settle are solved for exactly at every θ besides, so that what they keep, a set current for
example, is kept to round-off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem
from petsc4py import PETSc

from oxyshell.errors import ExtensionError, SolverError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Lives, Process, Unknown
from oxyshell.solver import dof_positions, parts
from oxyshell.solver.assembly import Scalar, Vector, largest, owned
from oxyshell.solver.boundary import Boundary
from oxyshell.solver.derivatives import expanded
from oxyshell.solver.process_rules import check_forms
from oxyshell.solver.settling import ROUND_OFF, Settling
from oxyshell.solver.state import Array

# A field of the order of one that changes by no more than this stands still: where numbers make its flux
# sensitive, what round-off does to its balance is left for `rounding`.
_STILL = 2e-15

type Solve = Callable[[PETSc.Vec, PETSc.Vec], None]
"""Solves J x = b for x, given b and where x goes."""


class Numbers[Model]:
    """Unknowns of some processes, each of them one number.

    A number that evolves obeys m (lead n + history) = f, m its amount at one and f its rate; another one
    obeys 0 = f.

    Attributes:
        values: The function of each, by name.
    """

    def __init__(self, particle: ParticleMesh, processes: Sequence[Process[Model]], model: Model) -> None:
        """Make the functions.

        Args:
            particle: The mesh.
            processes: What brings the numbers along; there may be none.
            model: Numbers as symbols.

        Raises:
            ExtensionError: If an unknown is not a number.
        """
        self._mesh, self._comm = particle.mesh, particle.mesh.comm
        self._processes = processes
        self._of = {process.name: process.unknowns(model, particle.coordinates) for process in processes}
        self._unknowns: list[Unknown] = [one for several in self._of.values() for one in several]
        for unknown in self._unknowns:
            if unknown.lives is not Lives.NUMBER:
                raise ExtensionError(
                    f"found the field '{unknown.name}' among the unknowns of a law of the surface, expected "
                    "numbers: fields are solved for by numerics.strategy: monolithic"
                )
        element = basix.ufl.real_element(particle.mesh.basix_cell(), ())
        self.values: dict[str, fem.Function] = {
            unknown.name: fem.Function(fem.functionspace(particle.mesh, element))
            for unknown in self._unknowns
        }
        self._lead = 1.0
        self._history = np.zeros(len(self._unknowns))

    def equations(
        self, model: Model, domain: Domain, fields: Mapping[str, Any], residual: ufl.Form, theta: fem.Function
    ) -> None:
        """Compile what is assembled at every step.

        Args:
            model: Numbers as symbols.
            domain: Geometry.
            fields: Expressions that the processes know, these numbers among them.
            residual: R, linear in a test function of θ's space.
            theta: θ.
        """
        one, space, functions = fem.Constant(self._mesh, 1.0), theta.function_space, self.values
        tests = {name: ufl.TestFunction(value.function_space) for name, value in functions.items()}
        rates: dict[str, ufl.Form] = {}
        masses: dict[str, ufl.Form] = {}
        self._settlings: dict[str, Settling] = {}
        for process in self._processes:
            unknowns = self._of[process.name]
            own = parts.rates(process, model, domain, fields, tests)
            check_forms(process, unknowns, own, parts.outflow(process, model, domain, fields))
            rates |= {unknown.name: own[unknown.name] for unknown in unknowns}
            for unknown in unknowns:
                if unknown.evolves:
                    masses[unknown.name] = parts.amount(process, model, domain, unknown.name, one, one)
            for name in process.settles:
                self._settlings[name] = Settling(name, functions[name], own[name], tests[name])
        never = domain.surface(fem.Constant(self._mesh, 0.0))
        at_one = {name: expanded(ufl.replace(rate, {tests[name]: one})) for name, rate in rates.items()}
        at_one = {name: never if rate.empty() else rate for name, rate in at_one.items()}
        self._rates = [Scalar(rate, self._comm) for rate in at_one.values()]
        self._masses = {
            i: Scalar(masses[name], self._comm) for i, name in enumerate(at_one) if name in masses
        }
        read = {
            name
            for name, function in functions.items()
            if any(function in form.coefficients() for form in (residual, *at_one.values()))
        }
        # Numbers that nothing depends on follow from all else at the end.
        self._coupled = [i for i, name in enumerate(at_one) if name in read or name not in masses]
        self._counting = [i for i in range(len(at_one)) if i not in self._coupled]
        names = list(at_one)
        coupled = [(k, names[i]) for k, i in enumerate(self._coupled)]
        self._columns = {
            k: Vector(_slope(residual, functions[name], one), space)
            for k, name in coupled
            if functions[name] in residual.coefficients()
        }
        self._rows = {
            k: Vector(ufl.derivative(at_one[name], theta, ufl.TestFunction(space)), space)
            for k, name in coupled
            if theta in at_one[name].coefficients()
        }
        self._slopes = {
            (k, m): Scalar(_slope(at_one[name], functions[other], one), self._comm)
            for k, name in coupled
            for m, other in coupled
            if functions[other] in at_one[name].coefficients()
        }
        self._responses = {k: column.vector.duplicate() for k, column in self._columns.items()}
        self._matrix = np.zeros((len(coupled), len(coupled)))

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        for scalar in (*self._rates, *self._masses.values(), *self._slopes.values()):
            scalar.refresh()
        for vector in (*self._columns.values(), *self._rows.values()):
            vector.refresh()
        for settling in self._settlings.values():
            settling.refresh()

    # Their values.

    def part(self) -> Array:
        """Values of the numbers that this process owns."""
        return np.array([value for function in self.values.values() for value in owned(function)])

    def put(self, part: Array) -> None:
        """Make these the values of the numbers that this process owns, and known to all."""
        start = 0
        for function in self.values.values():
            own = owned(function)
            own[:] = part[start : start + own.size]
            function.x.scatter_forward()
            start += own.size

    @property
    def by_name(self) -> Mapping[str, float]:
        """Their values, on every process."""
        return {name: float(function.x.array[0]) for name, function in self.values.items()}

    def change(self, values: Mapping[str, float]) -> None:
        """Give some of them other values."""
        for name, value in values.items():
            self.values[name].x.array[:] = value

    def start(self, model: Model) -> Array:
        """Values at the start of a run that this process owns; `model` has the present numbers."""
        starts = {name: value for one in self._processes for name, value in one.start(model).items()}
        return np.array(
            [
                starts.get(name, 0.0)
                for name, function in self.values.items()
                for _ in range(owned(function).size)
            ]
        )

    @property
    def count(self) -> int:
        """Their number."""
        return len(self.values)

    @property
    def all_settle(self) -> bool:
        """Whether the equations of all that the field depends on hold at every iteration."""
        names = list(self.values)
        return all(names[i] in self._settlings for i in self._coupled)

    @property
    def round_off(self) -> float:
        """Change of the field that is as small as it gets, whatever its balance says; 0 without numbers."""
        return _STILL if self.values else 0.0

    def dof_positions(self, field: int) -> Array:
        """Positions of those that this process owns, as `dof_positions.of_space` has them.

        Args:
            field: Number of the first of them among the fields of a state.
        """
        rows = [
            dof_positions.of_number(field + i)
            for i, function in enumerate(self.values.values())
            for _ in range(owned(function).size)
        ]
        return np.concatenate([np.empty((0, 5)), *rows])

    def error_norm(self, part: Array, model: Model) -> float:
        """Largest of some values over its scale, of those that have one.

        Args:
            part: Values of the numbers that this process owns.
            model: Present numbers.
        """
        scales = {name: size for one in self._processes for name, size in one.scales(model).items()}
        if not scales:
            return 0.0
        sizes = [
            scales.get(name, np.inf)
            for name, function in self.values.items()
            for _ in range(owned(function).size)
        ]
        return largest(part / np.array(sizes), self._comm)

    # One step.

    def begin(self, lead: float, history: Array) -> None:
        """Begin a step.

        Args:
            lead: Factor of n in its difference formula, per time unit.
            history: The rest of the formula, per time unit, of the numbers that this process owns.
        """
        self._lead = lead
        present = self.part()
        self.put(history)
        self._history = np.array(list(self.by_name.values()))
        self.put(present)
        self._amounts = {i: mass() for i, mass in self._masses.items()}

    def settle(self) -> None:
        """Solve for those that settle.

        Raises:
            SolverError: If there is no equilibrium.
        """
        for settling in self._settlings.values():
            settling()

    def prepare(self, solve: Solve, boundary: Boundary) -> None:
        """Find how θ responds to the numbers, and how they see it.

        Args:
            solve: Solves with J.
            boundary: The surface condition in force.
        """
        for row in self._rows.values():
            row()
        for k, column in self._columns.items():
            right = column()
            boundary.constrain_mass(right.array_w)
            solve(right, self._responses[k])
        self._matrix[:] = 0.0
        for (k, m), slope in self._slopes.items():
            self._matrix[k, m] = -slope()
        for k, i in enumerate(self._coupled):
            self._matrix[k, k] += self._lead * self._amounts.get(i, 0.0)
        for k, row in self._rows.items():
            for m, response in self._responses.items():
                self._matrix[k, m] += row.vector.dot(response)

    def correct(self, change: PETSc.Vec) -> float:
        """Change the numbers, and turn a = J⁻¹ R into the field's own change.

        Args:
            change: a; becomes a − C e.

        Returns:
            The largest change of a number.

        Raises:
            SolverError: If the equations do not determine the numbers.
        """
        if not self._coupled:
            return 0.0
        missing = np.array([self._missing(i) for i in self._coupled])
        for k, row in self._rows.items():
            missing[k] += row.vector.dot(change)
        if not np.all(np.isfinite(missing)):
            raise SolverError("the numbers of the surface are no longer finite")
        try:
            found = np.linalg.solve(self._matrix, missing)
        except np.linalg.LinAlgError as singular:
            raise SolverError("the numbers of the surface are not determined") from singular
        functions = list(self.values.values())
        for k, i in enumerate(self._coupled):
            values = functions[i].x.array
            if abs(found[k]) <= ROUND_OFF * max(abs(values[0]), 1.0):
                found[k] = 0.0
            values -= found[k]
        for k, response in self._responses.items():
            change.axpy(-found[k], response)
        return float(np.abs(found).max())

    def close(self) -> None:
        """Solve for those that nothing depends on, all else being known."""
        functions = list(self.values.values())
        for i in self._counting:
            functions[i].x.array[:] = (self._rates[i]() / self._amounts[i] - self._history[i]) / self._lead

    def _missing(self, i: int) -> float:
        """G of a number."""
        present = float(list(self.values.values())[i].x.array[0])
        grown = self._amounts.get(i, 0.0) * (self._lead * present + self._history[i])
        return float(grown - self._rates[i]())


def _slope(form: ufl.Form, function: fem.Function, one: fem.Constant) -> ufl.Form:
    """The derivative of a form with respect to a number."""
    trial = ufl.TrialFunction(function.function_space)
    return ufl.replace(expanded(ufl.derivative(form, function, trial)), {trial: one})
