"""A loss that becomes faster from cycle to cycle."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from oxyshell.language.mistakes import problem, refused
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.models.degradation.redox.law import RedoxLaw


class AcceleratingLoss(RedoxLaw):
    """da/dn = −k (n − n0) a, as of a surface that grows in proportion to the number of cycles.

    Over the cycle n it is integrated exactly, by k (n + ½ − n0), so that from n0 on a(n) = a(n0)
    exp(−k (n − n0)²/2).
    """

    law: Literal["accelerating"]
    """exponential or accelerating."""
    rate: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)]
    """k, per cycle and cycle."""
    origin: Annotated[int, Field(ge=0)] | None = None
    """n0, the cycle in which the rate is 0, at most `from_cycle`; null: `from_cycle`."""

    @model_validator(mode="after")
    def _loses(self) -> Self:
        if self.origin is not None and self.origin > self.from_cycle:
            expected = f"at most {self.from_cycle}, which is from_cycle: nothing is gained back"
            raise refused(problem(f"{self.origin}", expected, "origin"))
        return self

    def kept(self, number: int) -> float:
        origin = self.from_cycle if self.origin is None else self.origin
        return math.exp(-self.rate.value * (number + 0.5 - origin))
