"""Growth that a layer slows down once it is thick enough."""

from __future__ import annotations

from typing import Annotated, Literal

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.models.base.cycle_law import CycleCells
from oxyshell.models.degradation.growth.law import GrowthLaw


class PassivatingGrowth(GrowthLaw):
    """ds/dN = k X A/(1 + s/s*): linear while it is thin, parabolic once it is thick (Deal and Grove)."""

    law: Literal["passivating"]
    """linear, parabolic, passivating or per_hour."""
    rate: Annotated[Parameter, Quantity("m", NOT_NEGATIVE, scales.GROWTH)]
    """k, growth per cycle of a thin layer where X = 1."""
    passivating_thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)]
    """s*, thickness at which the layer has halved its growth."""

    def after(self, thickness: float, drive: float, cycle: CycleCells) -> float:
        return thickness + self.rate.value * drive / (1 + thickness / self.passivating_thickness.value)
