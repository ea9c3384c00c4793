"""The group of ions and mechanics, whatever the strategy by which it is solved."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import Dimension, dimension_of
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.process import Offer
from oxyshell.models.base.protocol import ProtocolStep, SurfaceCondition
from oxyshell.models.mechanics.reference import AsMade
from oxyshell.models.particle.host_lattice import FixedHost
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver import dof_positions
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.constants import InNaturalUnits
from oxyshell.solver.driving import Forcing
from oxyshell.solver.integrators.passage import Counted, Passage
from oxyshell.solver.jumps import by_part
from oxyshell.solver.marchable import Method
from oxyshell.solver.staggering import Port
from oxyshell.solver.state import Array, Observation, State

_RELEASED = "released"
# A current that passes less than this per formula unit and diffusion time is none. Fast kinetics make of one
# unit in the last place of a voltage 1e-11 and more.
_AT_REST = 1e-7
_CONTENT = dimension_of("mol/m^3")


@dataclass(frozen=True, eq=False)
class ParticleFields:
    """Expressions of the state that was loaded last.

    Attributes:
        occupancy: θ.
        displacement: u.
        stress: σ, a 3×3 tensor.
    """

    occupancy: ufl.core.expr.Expr
    displacement: ufl.core.expr.Expr
    stress: ufl.core.expr.Expr


class System(InNaturalUnits[ParticleModel], ABC):
    """The discretised equations of one particle: the group of ions and mechanics, and how it acts on others.

    Attributes:
        particle: The mesh.
        domain: Its geometry.
        ion_domain: The same with the quadrature of the ions' equation, by which they are counted.
        expressions: Fields of the state that was loaded last.
        volume: In R³.
        area: Of the surface, in R².
        scalars: The occupancy's space.
        host: The lattice that the ions are in.
        surface_fields: Expressions of what the law of the surface depends on, by name.
        offers: Fields and numbers that groups which follow can read.
        port_names: Ports on which groups that follow can act.
        conserved: Name of the content whose balance is checked, for messages.
    """

    particle: ParticleMesh
    domain: Domain
    ion_domain: Domain
    expressions: ParticleFields
    volume: float
    area: float
    scalars: fem.FunctionSpace
    host: FixedHost
    surface_fields: Mapping[str, Any]
    offers: ClassVar[Mapping[str, Offer]] = {
        offer.name: offer
        for offer in (
            Offer("occupancy"),
            Offer("released_in_host", _CONTENT),
            Offer("extracted", is_number=True),
        )
    }
    port_names: ClassVar[tuple[str, ...]] = (_RELEASED,)
    conserved: ClassVar[str] = "ions"
    _exchange: SurfaceCondition
    # Those of a model, kept while it stays in force.
    _formula_units: tuple[ParticleModel | None, float] = (None, 0.0)

    # Some systems have these from a base; methods here would hide those.
    if TYPE_CHECKING:

        @property
        def degrees_of_freedom(self) -> int:
            """Unknowns over all processes."""

        @property
        def dof_positions(self) -> Array:
            """Positions of the unknowns of a state, as `dof_positions.of_space` has them."""

        def update(self, model: ParticleModel) -> None:
            """Take over another model of the same kind, compiling nothing."""

    @abstractmethod
    def hold_surface(self, occupancy: float | None) -> None:
        """Hold the surface at an occupancy in place of the exchange's flux; None: the flux is in force."""

    @abstractmethod
    def brought_to_surface(self, state: State) -> State:
        """The state in the moment after its surface has come to the occupancy at which it is held."""

    @abstractmethod
    def follow(self, exchange: SurfaceCondition, began: float) -> None:
        """Let what is set at the surface take its course since a time, s."""

    @abstractmethod
    def numbers_of(self, state: State) -> Mapping[str, float]:
        """Values of the numbers that the surface's law has brought along, by name."""

    @abstractmethod
    def with_numbers(self, state: State, numbers: Mapping[str, float]) -> State:
        """A state with other values of these, and in equilibrium what is in equilibrium with them."""

    @abstractmethod
    def occupancy(self, state: State) -> Array:
        """θ of a state at the degrees of freedom of `scalars` that this process owns."""

    @abstractmethod
    def with_occupancy(self, state: State, occupancy: Array) -> State:
        """A state with another θ."""

    @abstractmethod
    def initial_state(self, occupancy: float | None = None) -> State:
        """The as-made particle, in equilibrium: without stress, unless parts do not fit to each other.

        Args:
            occupancy: Another uniform occupancy, without stress; by default that of each part as made.
        """

    @abstractmethod
    def load(self, state: State) -> None:
        """Put a state's values into `expressions`."""

    @abstractmethod
    def observe(self, state: State) -> Observation:
        """Ions in the particle, outflow and surface occupancy of a state."""

    @property
    def scalar_positions(self) -> Array:
        """Positions of the values that a port takes, as `dof_positions.of_space` has them."""
        return dof_positions.of_space(self.scalars, parts=self.domain.measure.part_of_cells)

    @property
    def formula_units(self) -> float:
        """Formula units in the particle, mol."""
        model, found = self._formula_units
        if model is not self.si:
            found = self._counted()
            self._formula_units = (self.si, found)
        return found

    def _counted(self) -> float:
        parts = zip(self._part_volumes, self.si.parts, strict=True)
        return math.fsum(
            float(volume * self.si.radius**3 / model.host.molar_volume) for volume, (_, model) in parts
        )

    @property
    def shares(self) -> Mapping[str, float]:
        """Shares of the regions in the volume, by name."""
        parts = zip(self.si.parts, self._part_volumes, strict=True)
        return {name: volume / self.volume for (name, _), volume in parts if name}

    @cached_property
    def _part_volumes(self) -> list[float]:
        """Volume of each part in R³."""
        domain = self.domain
        if len(domain.parts) == 1:
            return [self.volume]
        one, comm = fem.Constant(self.particle.mesh, 1.0), self.particle.mesh.comm
        return [Scalar(where.volume(one), comm)() for where in domain.parts]

    @property
    def places(self) -> Sequence[Any]:
        """Indices of the degrees of freedom of `scalars` of this process that are in each part."""
        count = len(self.si.parts)
        if count == 1:
            return (slice(None),)
        numbers = by_part(self.scalars, self.domain.measure.part_of_cells, [float(i) for i in range(count)])
        return [np.flatnonzero(numbers == part) for part in range(count)]

    def by_part(self, of_part: Callable[[ParticleModel, Domain], Any]) -> Any:
        """An expression that is another one in each part of the particle.

        Args:
            of_part: The expression, of the part's numbers as symbols and its geometry.
        """
        parts = zip(self.symbols.parts, self.domain.parts, strict=True)
        return self.domain.by_part([of_part(model, where) for (_, model), where in parts])

    @property
    def _fits(self) -> bool:
        """Whether all parts are free of strain as made."""
        return all(model.strain_free == AsMade() for _, model in self.numbers.parts)

    def _as_made(self, occupancy: float | None) -> Array:
        """Occupancies of an initial state at the degrees of freedom of this process."""
        parts = self.domain.measure.part_of_cells
        values = [float(model.host.occupancy) for _, model in self.numbers.parts]
        return by_part(self.scalars, parts, values if occupancy is None else [occupancy] * len(values))

    @property
    def ports(self) -> Mapping[str, Port]:
        """Where following groups act on this one, by name; a host that nothing changes has no port."""
        return {_RELEASED: _HostPort(self.host, self.numbers)} if self.host.changing else {}

    def passage(self, tolerance: float) -> Passage:
        """The measure for errors of the ions that pass the surface, at a tolerance of the occupancy."""
        return Counted(tolerance, self.volume, lambda: not self._exchange.flux_is_set)

    def forcing(self, state: State) -> Forcing:
        """Values of the group for those that follow it."""
        theta, released = self.occupancy(state), state.feedback.get(_RELEASED)
        content = self.units.size(_CONTENT)
        return Forcing(
            time=state.time,
            fields={
                "occupancy": theta,
                "released_in_host": np.zeros_like(theta) if released is None else released.values * content,
            },
            numbers={"extracted": state.left / self.formula_units},
        )

    def with_feedback(self, state: State, values: Mapping[str, Array]) -> State:
        """A state, and those that it looks back on, under other feedback; the ions stay the same."""
        if not values:
            return state
        (released,) = values.values()  # the only port
        before = state.feedback[_RELEASED]
        theta = self.host.conserve_ions(self.occupancy(state), before.values, released)
        moved = self.with_occupancy(state, theta)
        earlier = tuple(self.with_feedback(one, values) for one in state.earlier)
        feedback = {_RELEASED: replace(before, values=released)}
        return replace(moved, feedback=feedback, earlier=earlier)


@dataclass(frozen=True, eq=False)
class _HostPort:
    """The lattice, which loses sites and deforms as oxygen leaves it."""

    host: FixedHost
    numbers: ParticleModel

    dimension: Dimension = _CONTENT

    @property
    def weight(self) -> float:
        return max(_vacancy_weight(part) for _, part in self.numbers.parts)

    def project(self, function: fem.Function) -> Array:
        return self.host.project(function)


def _vacancy_weight(model: ParticleModel) -> float:
    """Weight of an error of r beside an equal error of the ions' content, in a particle of one part."""
    ion_volume = float(model.chemical_strain.volume(model.host.occupancy, NUMPY))
    return model.host.vacancies.weight(ion_volume)


def as_made(model: ParticleModel) -> Callable[[ProtocolStep, State], ParticleModel]:
    """The same physics in all steps of a protocol, with what each sets at the surface."""
    return lambda step, _state: replace(model, exchange=step.exchange)


def enter(
    system: System,
    model_at: Callable[[ProtocolStep, State], ParticleModel],
    step: ProtocolStep,
    state: State,
    began: float,
) -> State:
    """Put a protocol step's surface condition in force.

    Args:
        system: The discretised particle.
        model_at: Its physics in a step, with what that sets at its surface, SI.
        step: The protocol step.
        state: The state in which it begins or goes on.
        began: Time at which it began, s.

    Returns:
        The state, its surface at the occupancy that the step holds, if it holds any. The ions that are no
        longer in the particle then have left.
    """
    model = model_at(step, state)
    exchange = model.exchange.at_time(state.time - began)
    system.update(replace(model, exchange=exchange))
    system.follow(exchange, began)
    system.hold_surface(step.held)
    if step.held is None:
        return _with_memory(system, step, state)
    before = system.observe(state).content
    moved = system.brought_to_surface(state)
    return replace(moved, left=state.left + before - system.observe(moved).content)


def _with_memory(system: System, step: ProtocolStep, state: State) -> State:
    """The state whose numbers know what the step does to it."""
    if not step.exchange.processes():
        return state
    settled = system.with_numbers(state, {})
    passing = system.observe(settled).outflow * system.time_unit / system.formula_units
    direction = 0 if abs(passing) < _AT_REST else int(math.copysign(1, passing))
    numbers, extracted = system.numbers_of(settled), state.left / system.formula_units
    return system.with_numbers(settled, step.exchange.entering(numbers, extracted, direction))


class Strategy(Protocol):
    """A discretisation together with its time stepping."""

    system: System

    def method(self, tolerance: float) -> Method:
        """The time-stepping method for a tolerance of the occupancy per step."""
