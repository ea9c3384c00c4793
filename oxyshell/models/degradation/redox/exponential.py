"""The same share of what is left is lost in every cycle."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.models.degradation.redox.law import RedoxLaw


class ExponentialLoss(RedoxLaw):
    """da/dn = −k a, so that a(n) = a(n0) exp(−k (n − n0))."""

    law: Literal["exponential"]
    """exponential or accelerating."""
    rate: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)]
    """k, per cycle."""

    def kept(self, number: int) -> float:
        return math.exp(-self.rate.value)
