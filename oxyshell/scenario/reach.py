"""Ion contents that a protocol can come to, as they are known before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass

ROUND_OFF = 1e-9
"""Differences of contents below this are none."""


@dataclass(frozen=True)
class Sites:
    """Host sites of the particle as made, per formula unit.

    Attributes:
        filled: With ions, all of which can be taken out.
        free: Without ions.
    """

    filled: float
    free: float


@dataclass(frozen=True)
class Reach:
    """Bounds of the content between two steps.

    Attributes:
        least: Least number of ions that can have been extracted, per formula unit.
        most: Largest such number.
        surface: Occupancy of the surface; None where it is not known.
        voltage: At which it was held just before, V; None where it was not.
        uniform: True for a particle in which nothing has moved yet.
    """

    least: float
    most: float
    surface: float | None = None
    voltage: float | None = None
    uniform: bool = False

    def or_other(self, other: Reach) -> Reach:
        """The bounds of what may be in this state or in another one."""
        return Reach(min(self.least, other.least), max(self.most, other.most))
