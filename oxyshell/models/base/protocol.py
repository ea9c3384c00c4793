"""Steps of a run, each with an exchange of ions and ends, and output times."""

from __future__ import annotations

import bisect
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from typing import Protocol as Interface

from oxyshell.models.base.expression import Scalar
from oxyshell.models.base.jump import EVERY_CYCLE, JumpPolicy
from oxyshell.models.base.process import Fields, Process
from oxyshell.models.base.program import Program

HOLD = "hold"
"""Kind of a step in which something but a current is set."""
TIME = "time"
"""Name of the time, s, in stops: of a step it counts from the step's start, of a run from the run's."""
EXTRACTED = "extracted"
"""Name of the ions taken out of the as-made particle, mol per mol of formula units."""
SURFACE_OCCUPANCY = "surface_occupancy"
"""Name of θ, mean over the surface."""


OF_EVERY_STATE = (TIME, EXTRACTED, SURFACE_OCCUPANCY)
"""Names of observables that the march knows of every state."""


class SurfaceCondition(Interface):
    """A law for the flux through the surface, and what an instrument sets of it."""

    def outward_flux(self, fields: Fields, sites: Scalar) -> Scalar:
        """N·n at the surface, mol/(m² s).

        Args:
            fields: Unknowns of the particle's group there, by name: "occupancy", "stress_work", and those
                that the law brings along.
            sites: Host site density there.
        """

    @property
    def set_flux(self) -> Scalar:
        """Flux that the instrument sets, mol/(m² s), positive outwards; 0 where it sets none."""

    @property
    def flux_is_set(self) -> bool:
        """Whether the instrument sets a flux, be it 0; else the flux follows from what it holds."""

    @property
    def fades_within(self) -> float:
        """Occupancy left at the surface, or room left, below which a set flux falls; 0 if none does."""

    def processes(self) -> tuple[Process[Any], ...]:
        """Equations that the law adds to those of the particle's group."""

    def last_ends(self, direction: int) -> tuple[Stop, ...]:
        """Ends of a step beyond which no current flows any more.

        Args:
            direction: Of the current: 1 outwards, −1 inwards, 0 in both.
        """

    def at_current(self, flux: float) -> Self:
        """The same law where an instrument sets a flux, mol/(m² s), positive outwards; 0: a rest."""

    def carrying(self, factor: float) -> Self:
        """The same law where the flux that an instrument sets is larger by a factor, as is its course."""

    def at_voltage(self, voltage: float) -> Self:
        """The same law where an instrument holds a voltage, V."""

    def in_solution(self, solution: Any) -> Self:
        """The same law at the surface of a host in which ions interact, as `models.ions.solution` says."""

    @property
    def program(self) -> Program:
        """Course of the set flux within the step."""

    def following(self, times: tuple[float, ...], fluxes: tuple[float, ...]) -> Self:
        """The same law where an instrument sets fluxes at times since the start of the step."""

    def at_time(self, time: float) -> Self:
        """The same law, with what the instrument sets some seconds after the start of the step."""

    def entering(self, numbers: Mapping[str, float], extracted: float, direction: int) -> Mapping[str, float]:
        """Values of numbers that the law brings along, in the moment in which a step begins.

        Args:
            numbers: Present values, by name.
            extracted: Ions taken out of the as-made particle so far, per formula unit.
            direction: Of the current that begins: 1 outwards, −1 inwards, 0 where it is not known.
        """


@dataclass(frozen=True)
class Stop:
    """A value that an observable comes to exactly: the end of a step, or an output.

    Attributes:
        observable: Name of the observable: one of the above, or a column of the history.
        value: In the unit of the observable.
        asked_as: Key under which a user asked for it; that of the observable by default.
        rises: 1 if it is met once the observable is at or above the value, −1 if at or below it, 0 if it is
            to come from the other side, whichever that is.
        ends_run: Whether it ends the whole run, not only the step.
        unasked: Sentence for the reader of the results where a step ends here and nobody has asked for it.
    """

    observable: str
    value: float
    asked_as: str = ""
    rises: int = 0
    ends_run: bool = False
    unasked: str = ""

    def __hash__(self) -> int:
        # Asked for many times in every time step: two fields tell nearly all stops apart.
        return hash((self.observable, self.value))

    @property
    def key(self) -> str:
        """Key under which a user asked for it."""
        return self.asked_as or self.observable


@dataclass(frozen=True)
class Capacity:
    """Ions and ion sites of a particle.

    Attributes:
        ions: In the as-made particle, per formula unit.
        sites: Host sites, per formula unit.
    """

    ions: float
    sites: float

    def extracted_at(self, occupancy: float) -> float:
        """Ions taken out, per formula unit, when the mean occupancy is this."""
        return self.ions - occupancy * self.sites


@dataclass(frozen=True)
class ProtocolStep:
    """One step of a protocol.

    Attributes:
        label: For people: 'charge at 0.1C'.
        exchange: Ions through the surface during the step.
        until: The step ends at the first of these; a time among them is counted from the step's start.
        pace: Ions per formula unit that the set current takes out in a second; negative if it puts them in,
            0 without a current.
        held: Occupancy at which the surface is held in place of the exchange; None: the exchange is in force.
        kind: What is done: "charge", "discharge", "hold", "rest" or "current".
        knots: Times since the start of the step, s, on which time steps land: where what is set has a corner.
        cycle: Number of the cycle that the step belongs to, from 1; 0: none.
        ends_cycle: Whether it is the last one of its cycle.
        block: Name of the repetition that it belongs to.
        temperature: K; None: that of the run.
    """

    label: str
    exchange: SurfaceCondition
    until: tuple[Stop, ...]
    pace: float = 0.0
    held: float | None = None
    kind: str = ""
    knots: tuple[float, ...] = ()
    cycle: int = 0
    ends_cycle: bool = False
    block: str = ""
    temperature: float | None = None

    def expected_duration(self, extracted: float, capacity: Capacity) -> float:
        """The time that the step will take if its current is kept, s.

        An end at a surface occupancy is reached before the mean occupancy is there, and one at a column
        before the particle is empty or full, so that they give bounds.

        Args:
            extracted: Ions taken out when it begins, per formula unit.
            capacity: The particle's ions and sites.

        Returns:
            The shortest time that any of the ends asks for; infinity if no end says.
        """
        return min((self._expected(end, extracted, capacity) for end in self.until), default=math.inf)

    def _expected(self, end: Stop, extracted: float, capacity: Capacity) -> float:
        if end.observable == TIME:
            return end.value
        content = {EXTRACTED: end.value, SURFACE_OCCUPANCY: capacity.extracted_at(end.value)}
        at_most = capacity.extracted_at(0.0 if self.pace > 0 else 1.0)
        ahead = content.get(end.observable, at_most) - extracted
        return ahead / self.pace if ahead * self.pace > 0 else math.inf


@dataclass(frozen=True)
class Repeat:
    """Steps of a protocol that are the same cycle again and again.

    Attributes:
        name: For people, and in tables.
        first: Index of the first step of the first cycle.
        length: Steps of one cycle.
        times: Cycles.
        least_capacity: Share of the second cycle's discharge capacity below which a cycle is the last one;
            0: none is.
        until_reached: Keys of ends (`Stop.key`): once a step of the repetition ends by one of them, or one is
            met where a step begins, the repetition is over, and what stands after its last cycle follows.
        jump: Which of its cycles are simulated.
    """

    name: str
    first: int
    length: int
    times: int
    least_capacity: float = 0.0
    until_reached: tuple[str, ...] = ()
    jump: JumpPolicy = EVERY_CYCLE

    @property
    def end(self) -> int:
        """Index of the step after the last cycle."""
        return self.first + self.length * self.times


@dataclass(frozen=True)
class Protocol:
    """Steps in order, and the moments at which profiles and fields are written.

    Attributes:
        steps: At least one; repeated ones as often as they are run.
        outputs: Moments on the way: times once, contents whenever they are passed. The start, and the end of
            every step, are always written.
        repeats: Cycles among the steps, one after the other.
        every_cycle: Of the cycles, those whose number is a multiple of this are recorded, and the first one.
        last_cycles: So many cycles at the end of the protocol are recorded too.
    """

    steps: tuple[ProtocolStep, ...]
    outputs: tuple[Stop, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    every_cycle: int = 1
    last_cycles: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the history at whose values steps end."""
        ends = {stop.observable for step in self.steps for stop in step.until}
        return tuple(sorted(ends.difference(OF_EVERY_STATE)))

    def repeat_of(self, index: int) -> Repeat | None:
        """The repetition that a step belongs to; None for one outside of all."""
        place = bisect.bisect_right(self._firsts, index) - 1
        if place < 0:
            return None
        found = self._sorted[place]
        return found if index < found.end else None

    @functools.cached_property
    def _sorted(self) -> list[Repeat]:
        return sorted(self.repeats, key=lambda one: one.first)

    @functools.cached_property
    def _firsts(self) -> list[int]:
        return [one.first for one in self._sorted]

    @functools.cached_property
    def cycles(self) -> int:
        """Cycles in all, if none of the repetitions ends early."""
        return max(step.cycle for step in self.steps)

    def recorded(self, cycle: int) -> bool:
        """Whether profiles, fields and outputs on the way are kept in a cycle.

        Args:
            cycle: Its number, from 1; 0 for a step outside of all cycles, which is always recorded.
        """
        return cycle <= 1 or cycle % self.every_cycle == 0 or cycle > self.cycles - self.last_cycles
