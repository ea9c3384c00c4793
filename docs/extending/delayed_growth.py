"""A law of growth: cracks are there from a cycle on, and the layer grows in them only."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.models.base.cycle_law import CycleCells
from oxyshell.models.degradation.growth.law import GrowthLaw


class DelayedGrowth(GrowthLaw):
    """ds/dN = k X A from a cycle on, nothing before it."""

    law: Literal["delayed"]
    """Name of the law."""
    rate: Annotated[Parameter, Quantity("m", POSITIVE, scales.GROWTH)]
    """k, growth per cycle where X = 1."""
    begins: Annotated[int, Field(ge=1)]
    """First cycle in which it grows."""

    def after(self, thickness: float, drive: float, cycle: CycleCells) -> float:
        grows = float(cycle["cycle"]) >= self.begins
        return thickness + self.rate.value * drive if grows else thickness
