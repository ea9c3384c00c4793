"""Steps of a run, each with an exchange of ions and ends, and output times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol as Interface

from oxyshell.models.base.expression import Scalar

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

    def outward_flux(self, theta: Scalar, sites: Scalar) -> Scalar:
        """N·n at the surface, mol/(m² s).

        Args:
            theta: Occupancy there.
            sites: Host site density there.
        """

    @property
    def set_flux(self) -> Scalar:
        """Flux that the instrument sets, mol/(m² s), positive outwards; 0 where it sets none."""


@dataclass(frozen=True)
class Stop:
    """A value that an observable comes to exactly: the end of a step, or an output.

    Attributes:
        observable: Name of the observable: one of the above, or a column of the history.
        value: In the unit of the observable.
        asked_as: Key under which a user asked for it; that of the observable by default.
    """

    observable: str
    value: float
    asked_as: str = ""

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
    """

    label: str
    exchange: SurfaceCondition
    until: tuple[Stop, ...]
    pace: float = 0.0
    held: float | None = None

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
class Protocol:
    """Steps in order, and the moments at which profiles and fields are written.

    Attributes:
        steps: At least one.
        outputs: Moments on the way: times once, contents whenever they are passed. The start, and the end of
            every step, are always written.
    """

    steps: tuple[ProtocolStep, ...]
    outputs: tuple[Stop, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the history at whose values steps end."""
        ends = {stop.observable for step in self.steps for stop in step.until}
        return tuple(sorted(ends.difference(OF_EVERY_STATE)))
