"""Steps of a run, each with an exchange of ions and ends, and output times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from oxyshell.models.ions.exchange import IonExchange


class Progress(Enum):
    """Something that advances during a run and can be asked to reach a value."""

    TIME = "time"  # s, since the start of the run (an output) or of the step (an end)
    PASSED = "passed"  # ions that the set current passes in a step (an end), mol per mol of formula units
    EXTRACTED = "extracted"  # ions taken out of the as-made particle, mol per mol of formula units
    SURFACE_OCCUPANCY = "surface_occupancy"  # θ, mean over the surface


@dataclass(frozen=True)
class Target:
    """A value that a run reaches exactly.

    Attributes:
        progress: Quantity that has to reach the value.
        value: In the unit that `Progress` states.
    """

    progress: Progress
    value: float


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
    exchange: IonExchange
    until: tuple[Target, ...]
    pace: float = 0.0
    held: float | None = None

    def time_of(self, end: Target) -> float:
        """The time at which an end is reached that the clock alone decides, s since the step's start."""
        return end.value / abs(self.pace) if end.progress is Progress.PASSED else end.value

    def expected_duration(self, extracted: float, capacity: Capacity) -> float:
        """The time that the step will take if its current is kept, s.

        An end at a surface occupancy is reached before the mean occupancy is there, so that it gives a bound.

        Args:
            extracted: Ions taken out when it begins, per formula unit.
            capacity: The particle's ions and sites.

        Returns:
            The shortest time that any of the ends asks for; infinity if no end says.
        """
        return min((self._expected(end, extracted, capacity) for end in self.until), default=math.inf)

    def _expected(self, end: Target, extracted: float, capacity: Capacity) -> float:
        match end.progress:
            case Progress.TIME | Progress.PASSED:
                return self.time_of(end)
            case Progress.EXTRACTED:
                ahead = end.value - extracted
            case Progress.SURFACE_OCCUPANCY:
                ahead = capacity.extracted_at(end.value) - extracted
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
    outputs: tuple[Target, ...] = ()
