"""What is done to the particle, step by step, and when to look at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from oxyshell.models.surface import IonExchange


class Progress(Enum):
    """Something that advances during a run and can be asked to reach a value."""

    TIME = "time"  # s, since the start of the run (an output) or of the step (an end)
    EXTRACTED = "extracted"  # ions taken out of the as-made particle, mol per mol of formula units
    SURFACE_OCCUPANCY = "surface_occupancy"  # θ, mean over the surface


@dataclass(frozen=True)
class Target:
    """A value that a run reaches exactly.

    Attributes:
        progress: What has to reach the value.
        value: In the unit that `Progress` states.
    """

    progress: Progress
    value: float


@dataclass(frozen=True)
class ProtocolStep:
    """One step of a protocol.

    Attributes:
        label: For people: 'charge at 0.1C'.
        exchange: Ions through the surface during the step.
        until: The step ends at the first of these; a time among them is counted from the step's start.
        held: Occupancy at which the surface is held in place of the exchange; None: the exchange is in force.
    """

    label: str
    exchange: IonExchange
    until: tuple[Target, ...]
    held: float | None = None


@dataclass(frozen=True)
class Protocol:
    """Steps in order, and the moments at which profiles and fields are written.

    Attributes:
        steps: At least one.
        outputs: Moments on the way; start and end are always written.
    """

    steps: tuple[ProtocolStep, ...]
    outputs: tuple[Target, ...] = ()
