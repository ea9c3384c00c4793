"""A driver that follows from what a cycle was like."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from oxyshell.errors import InputError
from oxyshell.language.former import Reported
from oxyshell.language.mistakes import listed
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Text
from oxyshell.models.base.cycle_law import CycleCells
from oxyshell.models.base.observable import Where
from oxyshell.models.degradation.drivers.driver import Driver


class ColumnDriver(Driver):
    """A power law of a column of the table of cycles: X = factor (value/reference)^power.

    Values below 0, such as round-off of nothing, count as 0.
    """

    kind: Literal["column"]
    """number or column."""
    column: Annotated[Text, Reported(Where.CYCLE)]
    """Column of `cycles.csv`, such as first_principal_peak_MPa or oxygen_released_umol_g."""
    reference: Annotated[Parameter, Quantity("1", POSITIVE)]
    """Value of the column, in its unit, in the sample that the rate of the loss belongs to."""
    power: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)] = Parameter.default("1", "1")
    """Exponent. Default 1."""
    factor: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)] = Parameter.default("1", "1")
    """Factor that stands for what the column does not say. Default 1."""
    cycle: Literal["each", "first"] = "each"
    """Cycle whose value counts: each its own (default), or the first one's in all."""

    @property
    def of_first_cycle(self) -> bool:
        return self.cycle == "first"

    def relative(self, cycle: CycleCells) -> float:
        """X in a cycle.

        Raises:
            InputError: If the table of cycles has no such column, or no number in it, or X is too large.
        """
        value = cycle.get(self.column)
        if isinstance(value, str) or value is None:
            known = listed(name for name, cell in cycle.items() if not isinstance(cell, str))
            raise InputError(f"found no numbers of '{self.column}' in a cycle, expected one of {known}")
        if math.isnan(value):
            raise InputError(f"found no number in the column '{self.column}' of a cycle, which drives a loss")
        ratio = max(value, 0.0) / self.reference.value
        try:
            found = self.factor.value * math.pow(ratio, self.power.value)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            raise InputError(
                f"found ({self.column}/{self.reference.text})^{self.power.text} with {self.column} = "
                f"{value:.4g}, which is too large a number to drive a loss, expected a larger reference or a "
                "smaller power"
            )
        return found

    def columns(self) -> Iterator[tuple[str, str]]:
        yield self.column, "column"

    def remarks(self, loss: str) -> Iterator[str]:
        which = "the first cycle" if self.of_first_cycle else "each cycle"
        factor = "" if self.factor.value == 1 else f"{self.factor.text} "
        yield (
            f"Assumed: what drives {loss} is {factor}({self.column}/{self.reference.text})^{self.power.text} "
            f"of {which}."
        )
