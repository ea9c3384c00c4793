"""Unknowns and targets of a calibration, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.presentation.numbers import with_unit


@dataclass(frozen=True)
class Unknown:
    """A parameter that is adjusted.

    Attributes:
        name: Its name.
        unit: Unit of all its values, "1" without.
        start: First guess.
        low: Smallest value, positive.
        high: Largest value.
        written: The scenario's value, where that is not the first guess, since it lies outside the bounds.
    """

    name: str
    unit: str
    start: float
    low: float
    high: float
    written: float | None = None

    def text(self, value: float) -> str:
        """A value of it with its unit."""
        return with_unit(value, self.unit)


@dataclass(frozen=True)
class Target:
    """A value that a result should have.

    Attributes:
        name: Its name.
        unit: Unit of its numbers, "1" without.
        value: The value.
        uncertainty: Standard uncertainty of that.
        source: Where both come from.
    """

    name: str
    unit: str
    value: float
    uncertainty: float
    source: str = ""

    def text(self, value: float) -> str:
        """A value of it with its unit."""
        return with_unit(value, self.unit)
