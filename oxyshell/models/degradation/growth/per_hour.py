"""Growth with time, the alternative that measurements at low rates reject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.models.base.cycle_law import CycleCells
from oxyshell.models.degradation.growth.law import GrowthLaw


class GrowthPerHour(GrowthLaw):
    """ds/dt = k X A, t being the time that cycles take, rests and holds among it."""

    law: Literal["per_hour"]
    """linear, parabolic, passivating or per_hour."""
    rate: Annotated[Parameter, Quantity("m/s", NOT_NEGATIVE, scales.GROWTH_PER_TIME)]
    """k, growth per time where X = 1, such as 0.02 nm/h."""

    def after(self, thickness: float, drive: float, cycle: CycleCells) -> float:
        return thickness + self.rate.value * drive * float(cycle["duration_s"])

    def remarks(self) -> Iterator[str]:
        yield (
            "The layer grows with time (degradation.layer.growth.law: per_hour): slow cycles age more than "
            "fast ones. For Li-rich oxides with Ru, what 120 cycles at 0.1C leave contradicts this."
        )
