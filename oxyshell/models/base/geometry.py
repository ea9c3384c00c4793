"""The particle's size as its physics needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Geometry:
    """Size of a particle, in SI; of a cylinder, that of a length R, of a plate, that of an area R² of it.

    Attributes:
        radius: R, m; half the thickness of a plate.
        volume: V, m³.
        area: A of the outer surface, m².
    """

    radius: float
    volume: float
    area: float

    @classmethod
    def of(cls, radius: float, volume: float, area: float) -> Self:
        """The size of a particle whose volume and area are known in units of R³ and R²."""
        return cls(radius, volume * radius**3, area * radius**2)

    @property
    def volume_to_surface(self) -> float:
        """V/A, m."""
        return self.volume / self.area
