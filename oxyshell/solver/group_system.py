"""Processes that are solved together, as one implicit system."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import dimension_of
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Process
from oxyshell.solver import parts, spaces
from oxyshell.solver.assembly import Scalar, largest
from oxyshell.solver.block_system import BlockSystem
from oxyshell.solver.boundary import FluxBoundary, HeldBoundary
from oxyshell.solver.constants import InNaturalUnits, ModelConstants
from oxyshell.solver.fields import group_fields
from oxyshell.solver.process_rules import check_forms
from oxyshell.solver.rounding import Account
from oxyshell.solver.settling import Settling
from oxyshell.solver.state import Array


class GroupSystem[Model](BlockSystem, InNaturalUnits[Model]):
    """The equations of some processes as M dy/dt = f(y, t); see `rosenbrock.ImplicitSystem`.

    Attributes:
        particle: The mesh.
        domain: Its geometry.
        fields: Unknowns of the group.
        volume: Volume in R³.
        area: Area of the surface in R².
    """

    def __init__(
        self,
        particle: ParticleMesh,
        model: Model,
        processes: Sequence[Process[Model]],
        degree: int,
        domain: Domain,
        read: Mapping[str, Any],
        compiled: bool = True,
    ) -> None:
        """Build spaces and forms.

        Args:
            particle: The mesh.
            model: The physics of all processes, SI.
            processes: At least one; the first one gives the units.
            degree: Polynomial degree of scalar fields.
            domain: Geometry, with its quadrature degree.
            read: Functions and constants that the equations read of other groups, by name.
            compiled: Whether a small system is assembled and solved by the compiled loop.
        """
        self.particle, self.domain = particle, domain
        self._processes = processes
        self._constants = ModelConstants(particle.mesh, model, processes[0].units)
        unknowns = [one for process in processes for one in process.unknowns(model, particle.coordinates)]
        idle = [name for process in processes for name in process.idle(model)]
        self.fields = group_fields(particle, unknowns, degree, idle, domain.measure.part_of_cells)
        super().__init__(self.fields.blocks, compiled)
        self._read = read
        self._forms()

    def _forms(self) -> None:
        model, domain, fields = self.symbols, self.domain, self.fields
        everything = {**self._read, **fields.values}
        rates: dict[str, ufl.Form] = {}
        leaving: list[ufl.Form | None] = []
        for process in self._processes:
            own = parts.rates(process, model, domain, everything, fields.tests)
            leaving.append(parts.outflow(process, model, domain, everything))
            check_forms(process, process.unknowns(model, domain.coordinates), own, leaving[-1])
            rates |= {name: self._nothing(name) if _is_zero(form) else form for name, form in own.items()}
        names = [unknown.name for unknown in fields.unknowns]
        one = fem.Constant(self.particle.mesh, 1.0)
        masses = {
            name: self._amount(name, fields.trials[name], fields.tests[name]) for name in self._evolving
        }
        seen = [parts.gradient_outflow(process, model, domain, everything) for process in self._processes]
        self.equations(
            [
                parts.total([rates[name] for name in names if fields.block_of[name] == i])
                for i in self._indices
            ],
            [self._mass_of(i, masses) for i in self._indices],
            self._through_surface(leaving),
            list(self._read.values()),
        )
        self._gradient_outflow = Scalar(self._through_surface(seen), self.comm)
        self._observed_outflow: Callable[[], float] = self._algebra.present_outflow
        self._contents = {
            name: Scalar(self._amount(name, fields.values[name], one), self.comm) for name in self._evolving
        }
        self._settlings = {
            name: Settling(name, self.blocks[fields.block_of[name]].function, rates[name], fields.tests[name])
            for process in self._processes
            for name in process.settles
        }
        self._in_norm = self._normed()
        self.area = Scalar(domain.surface(one), self.comm)()
        self.volume = Scalar(domain.volume(one), self.comm)()

    @cached_property
    def _accounts(self) -> list[Account]:
        """The account of what counts in the balance, of the present M; none where nothing does."""
        counting = [unknown for unknown in self.fields.unknowns if unknown.counts]
        spreading = np.zeros(self.size)
        for unknown in counting[:1]:
            spreading[self.fields.rows[unknown.name]] = 1.0
        if not counting:
            return []
        return [Account(self.amounts(self.counts), self.amounts(spreading), self.solve, self.comm)]

    @cached_property
    def counts(self) -> Array:
        """e, such that eᵀ M y is the content of the system: the sign with which each unknown counts, or 0."""
        signs = np.zeros(self.size)
        for unknown in self.fields.unknowns:
            signs[self.fields.rows[unknown.name]] = unknown.counts
        return signs

    @property
    def amount_unit(self) -> float:
        """One unit of what the first process conserves, in its SI unit."""
        return self.units.size(dimension_of(self._processes[0].conserves))

    def _normed(self) -> Array:
        """Scales of the unknowns in the error norm; infinite where one has none."""
        scales = np.full(self.size, np.inf)
        for process in self._processes:
            for name, size in process.scales(self.numbers).items():
                scales[self.fields.rows[name]] = size
        return scales

    @property
    def _indices(self) -> range:
        return range(len(self.blocks))

    @property
    def _evolving(self) -> list[str]:
        return [unknown.name for unknown in self.fields.unknowns if unknown.evolves]

    def _process_of(self, name: str) -> Process[Model]:
        coordinates = self.particle.coordinates
        return next(
            process
            for process in self._processes
            if name in (one.name for one in process.unknowns(self.symbols, coordinates))
        )

    def _amount(self, name: str, field: Any, test: Any) -> ufl.Form:
        return parts.amount(self._process_of(name), self.symbols, self.domain, name, field, test)

    def _mass_of(self, index: int, masses: Mapping[str, ufl.Form]) -> ufl.Form:
        """M of a block; a form that is zero where nothing in it evolves."""
        fields = self.fields
        own = [unknown for unknown in fields.unknowns if fields.block_of[unknown.name] == index]
        present = [masses[one.name] for one in own if one.evolves]
        name = own[0].name
        return parts.total(present) if present else self._nothing(name, fields.trials[name])

    def _nothing(self, name: str, of: Any = None) -> ufl.Form:
        """A form that is zero, linear in an unknown's test function, and in a trial function if given."""
        value, test = self.fields.values[name] if of is None else of, self.fields.tests[name]
        return self.domain.volume(fem.Constant(self.particle.mesh, 0.0) * ufl.inner(value, test))

    def _through_surface(self, forms: Sequence[ufl.Form | None]) -> ufl.Form:
        """The sum of forms; zero where no process has any."""
        present = [form for form in forms if form is not None]
        return parts.total(present or [self.domain.surface(fem.Constant(self.particle.mesh, 0.0))])

    # Surface condition.

    def hold(self, values: Mapping[str, float]) -> None:
        """Hold unknowns at the surface at values, in place of the flux law's; none: the flux is in force."""
        self.boundary, self._observed_outflow = FluxBoundary(), self._algebra.present_outflow
        if values:
            fields = self.fields
            at_surface = {
                name: fields.rows_at(name, spaces.surface_dofs(self.particle, fields.spaces[name]))
                for name in values
            }
            held = [np.full(rows.size, values[name]) for name, rows in at_surface.items()]
            rows = np.concatenate(list(at_surface.values()))
            self.boundary = HeldBoundary(rows, np.concatenate(held), self.gained)
            self._observed_outflow = self._gradient_outflow

    def gained(self, increment: Array) -> float:
        """Amount that a change of y adds to the balance, over all processes."""
        amounts = self.amounts(increment)
        return self.total(
            sum(
                unknown.counts * float(amounts[self.fields.rows[unknown.name]].sum())
                for unknown in self.fields.unknowns
                if unknown.counts
            )
        )

    def reassemble_mass(self) -> None:
        super().reassemble_mass()
        self.__dict__.pop("_accounts", None)

    def refresh_rate(self) -> None:
        super().refresh_rate()
        for settling in self._settlings.values():
            settling.refresh()

    # What the time stepping asks for.

    def set_time(self, time: float) -> None:
        """Be the system at a time, s; it is the same at all times."""

    def time_slope(self, unknowns: Array, ahead: float) -> tuple[Array | float, float]:
        """∂f/∂t, per unit of time, and that of the outflow: zero.

        Args:
            unknowns: y.
            ahead: Over this many units of time a difference may be taken.
        """
        return 0.0, 0.0

    def mended(self, change: Array, passed: float, step: float) -> Array:
        """The change of y over a step, without what round-off did to its balance with what has passed out."""
        for account in self._accounts:
            change = account.mended(change, passed, step)
        return change

    def settled(self, unknowns: Array) -> Array:
        """Y with the numbers that settle in equilibrium with all else.

        Raises:
            SolverError: If there is no equilibrium.
        """
        for name, settling in self._settlings.items():
            self.put(unknowns)
            value = settling()
            unknowns = np.array(unknowns)
            unknowns[self.fields.rows[name]] = value
        return unknowns

    def number(self, unknowns: Array, name: str) -> float:
        """Value of an unknown that is one number, on all processes."""
        return self.total(float(self.part(unknowns, name).sum()))

    def error_norm(self, increment: Array) -> float:
        """Largest change over its scale, of all unknowns that have one."""
        return largest(increment / self._in_norm, self.comm)

    # What a run asks for.

    def update(self, model: Model) -> None:
        """Take over another model of the same kind, compiling nothing."""
        self._constants.update(model)
        self._in_norm = self._normed()
        self._gradient_outflow.refresh()
        for content in self._contents.values():
            content.refresh()
        self.refresh()

    def part(self, unknowns: Array, name: str) -> Array:
        """Values of one unknown, at the degrees of freedom that this process owns."""
        values: Array = unknowns[self.fields.rows[name]]
        return values

    @property
    def dof_positions(self) -> Array:
        """Positions of the unknowns, as `places.of_space` has them."""
        return self.fields.dof_positions


def _is_zero(form: ufl.Form) -> bool:
    return all(integral.integrand() == ufl.constantvalue.Zero() for integral in form.integrals())
