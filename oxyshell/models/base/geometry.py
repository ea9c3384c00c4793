"""The particle's size as its physics needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

CORE = "bulk"
"""Name of the part of a particle that is no layer."""


@dataclass(frozen=True)
class Geometry:
    """Size of a particle, in SI; of a cylinder, that of a length R, of a plate, that of an area R² of it.

    Attributes:
        radius: R, m; half the thickness of a plate.
        volume: V, m³.
        area: A of the outer surface, m².
        shares: Shares of its layers in the volume, by name; what they leave is the core's.
    """

    radius: float
    volume: float
    area: float
    shares: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, radius: float, volume: float, area: float) -> Self:
        """The size of a particle whose volume and area are known in units of R³ and R²."""
        return cls(radius, volume * radius**3, area * radius**2)

    def divided(self, shares: Mapping[str, float]) -> Self:
        """The same with layers of these shares of the volume, by name."""
        return replace(self, shares=shares)

    @property
    def volume_to_surface(self) -> float:
        """V/A, m."""
        return self.volume / self.area
