"""Material properties that may depend on the occupancy θ: a number, a table or a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from oxyshell.errors import InputError
from oxyshell.models import expressions
from oxyshell.models.expressions import Operations
from oxyshell.models.quantities import inherited, quantity

# Gauss-Legendre points on [0, 1]: exact for formulas up to degree 11.
_POINTS = (
    (0.033765242898423975, 0.08566224618958525),
    (0.16939530676686776, 0.1803807865240693),
    (0.3806904069584015, 0.23395696728634552),
    (0.6193095930415985, 0.23395696728634552),
    (0.8306046932331322, 0.1803807865240693),
    (0.966234757101576, 0.08566224618958525),
)


class Property(Protocol):
    """A function of the occupancy."""

    def value(self, theta: Any, operations: Operations = expressions.UFL) -> Any:
        """The property at occupancy θ (an array for NumPy operations, an expression for UFL ones)."""

    def integral(self, start: Any, theta: Any, operations: Operations = expressions.UFL) -> Any:
        """∫ of the property over occupancy, from `start` to θ."""


@dataclass(frozen=True)
class Constant:
    """A property that does not depend on occupancy."""

    number: Any = inherited()

    def value(self, theta: Any, operations: Operations = expressions.UFL) -> Any:
        return self.number

    def integral(self, start: Any, theta: Any, operations: Operations = expressions.UFL) -> Any:
        return self.number * (theta - start)


@dataclass(frozen=True)
class Table:
    """A property given at some occupancies, linear between them, constant beyond the first and the last.

    Attributes:
        occupancy: Increasing occupancies, at least two.
        values: The property at each.
    """

    occupancy: tuple[Any, ...] = quantity("1")
    values: tuple[Any, ...] = inherited()

    def __post_init__(self) -> None:
        if len(self.occupancy) != len(self.values) or len(self.values) < 2:
            raise InputError(
                f"a table needs as many values as occupancies and at least two; "
                f"found {len(self.occupancy)} occupancies and {len(self.values)} values"
            )

    def value(self, theta: Any, operations: Operations = expressions.UFL) -> Any:
        total = self.values[0]
        for start, width, slope in self._pieces():
            total = total + slope * _ramp(theta - start, width, operations)
        return total

    def integral(self, start: Any, theta: Any, operations: Operations = expressions.UFL) -> Any:
        return self._primitive(theta, operations) - self._primitive(start, operations)

    def _primitive(self, theta: Any, operations: Operations) -> Any:
        total = self.values[0] * theta
        for start, width, slope in self._pieces():
            ramp = _ramp(theta - start, width, operations)
            total = total + slope * (ramp**2 / 2 + width * operations.max(theta - start - width, 0.0))
        return total

    def _pieces(self) -> list[tuple[Any, Any, Any]]:
        x, y = self.occupancy, self.values
        return [(x[i], x[i + 1] - x[i], (y[i + 1] - y[i]) / (x[i + 1] - x[i])) for i in range(len(x) - 1)]


@dataclass(frozen=True)
class Expression:
    """A property given by a formula of θ, times a scale that carries the unit."""

    source: str
    numbers: tuple[Any, ...] = quantity("1")
    scale: Any = inherited()

    @classmethod
    def parse(cls, text: str, scale: float = 1.0) -> Expression:
        """Read a formula of `theta`; raises InputError if it is none."""
        formula = expressions.parse(text)
        return cls(formula.source, formula.numbers, scale)

    def value(self, theta: Any, operations: Operations = expressions.UFL) -> Any:
        return self.scale * expressions.evaluate(self.source, self.numbers, theta, operations)

    def integral(self, start: Any, theta: Any, operations: Operations = expressions.UFL) -> Any:
        width = theta - start
        return width * sum(
            weight * self.value(start + point * width, operations) for point, weight in _POINTS
        )


def _ramp(distance: Any, width: Any, operations: Operations) -> Any:
    return operations.min(operations.max(distance, 0.0), width)
