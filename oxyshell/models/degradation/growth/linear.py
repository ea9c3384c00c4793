"""Growth by the same thickness in every cycle."""

from __future__ import annotations

from typing import Annotated, Literal

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.models.base.cycle_law import CycleCells
from oxyshell.models.degradation.growth.law import GrowthLaw


class LinearGrowth(GrowthLaw):
    """ds/dN = k X A: the layer does not slow its own growth down."""

    law: Literal["linear"]
    """linear, parabolic, passivating or per_hour."""
    rate: Annotated[Parameter, Quantity("m", NOT_NEGATIVE, scales.GROWTH)]
    """k, growth per cycle where X = 1."""

    def after(self, thickness: float, drive: float, cycle: CycleCells) -> float:
        return thickness + self.rate.value * drive
