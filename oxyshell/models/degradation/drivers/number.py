"""A driver that is a given number."""

from __future__ import annotations

from typing import Annotated, Literal

from oxyshell.language.parameters import DEFAULT_SOURCE, NOT_NEGATIVE, Parameter, Quantity
from oxyshell.models.base.cycle_law import CycleCells
from oxyshell.models.degradation.drivers.driver import Driver


class NumberDriver(Driver):
    """The same strength in all cycles, from a measurement or an assumption outside of the run."""

    kind: Literal["number"]
    """number or column."""
    strength: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)]
    """X, relative to the sample that the rate of the loss belongs to."""

    def relative(self, cycle: CycleCells) -> float:
        return self.strength.value


AS_REFERENCE = NumberDriver.from_data(
    {"kind": "number", "strength": {"value": 1, "status": "chosen", "source": DEFAULT_SOURCE}}
)
"""X = 1: the sample that the rate of the loss belongs to."""
