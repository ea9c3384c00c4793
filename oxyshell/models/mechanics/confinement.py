"""An elastic surrounding that holds the particle's surface."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar


@dataclass(frozen=True)
class Confinement:
    """An elastic surrounding that resists normal displacement: t·n = −k u·n; stiffness 0 is a free surface.

    Attributes:
        stiffness: k, Pa/m.
    """

    stiffness: Scalar = quantity("Pa/m", default=0.0)

    def normal_traction(self, normal_displacement: Scalar) -> Scalar:
        """Traction on the surface, Pa, positive outwards."""
        return -self.stiffness * normal_displacement
