"""Growth by what diffuses through the layer."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.models.base.cycle_law import CycleCells
from oxyshell.models.degradation.growth.law import GrowthLaw


class ParabolicGrowth(GrowthLaw):
    """d(s²)/dN = k X A: what makes the layer grow has to diffuse through it (Wagner)."""

    law: Literal["parabolic"]
    """linear, parabolic, passivating or per_hour."""
    rate: Annotated[Parameter, Quantity("m^2", NOT_NEGATIVE, scales.PARABOLIC_GROWTH)]
    """k, growth of the thickness squared per cycle where X = 1."""

    def after(self, thickness: float, drive: float, cycle: CycleCells) -> float:
        gained = self.rate.value * drive
        # Without growth, to the last bit what it was.
        return math.sqrt(thickness**2 + gained) if gained > 0 else thickness
