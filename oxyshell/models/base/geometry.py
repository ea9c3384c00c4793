"""The particle's size as its physics needs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Geometry:
    """Size of a particle, in SI; of a plate or a cylinder, per unit of what is not meshed.

    Attributes:
        radius: R, m; half the thickness of a plate.
        volume: V, m³.
        area: A of the outer surface, m².
    """

    radius: float
    volume: float
    area: float

    @property
    def volume_to_surface(self) -> float:
        """V/A, m."""
        return self.volume / self.area
