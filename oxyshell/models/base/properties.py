"""Material properties that may depend on the occupancy θ: a number, a table or a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from oxyshell.errors import InputError
from oxyshell.models.base import pieces
from oxyshell.models.base.dimension import inherited, quantity
from oxyshell.models.base.dual import derivative
from oxyshell.models.base.expression import Array, Scalar, Value
from oxyshell.models.base.formula import UFL, Formula, Operations, parse

# Numbers of breaks, which decide what is compiled: few, so that another formula of the same shape seldom
# needs other code; a full tree of decisions has 2^k - 1.
_SIZES = (0, 1, 3, 7, 15, 31, 63, 127, 255)


class Property(Protocol):
    """A function of the occupancy.

    Attributes:
        domain: The lowest and the highest occupancy for which it is given; None if for all.
    """

    @property
    def domain(self) -> tuple[Scalar, Scalar] | None: ...

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        """The property at occupancy θ (an array for NumPy operations, an expression for UFL ones)."""

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        """∫ of the property over occupancy, from `start` to θ."""

    def samples(self) -> Array:
        """Occupancies from 0 to 1 that show the property's range, shape (samples,); for numbers."""


@dataclass(frozen=True)
class Constant:
    """A property that does not depend on occupancy."""

    number: Scalar = inherited()

    @property
    def domain(self) -> None:
        return None

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.number

    def slope(self, theta: Value, operations: Operations = UFL) -> Value:
        """The derivative, 0."""
        return 0.0 * theta

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        return self.number * (theta - start)

    def samples(self) -> Array:
        import numpy as np

        return np.array([0.0, 1.0])


@dataclass(frozen=True)
class Scaled:
    """A property times a factor.

    Attributes:
        factor: The factor.
        of: The property.
    """

    factor: Scalar = quantity("1")
    of: Property = inherited()

    @property
    def domain(self) -> tuple[Scalar, Scalar] | None:
        return self.of.domain

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.factor * self.of.value(theta, operations)

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        return self.factor * self.of.integral(start, theta, operations)

    def samples(self) -> Array:
        return self.of.samples()


@dataclass(frozen=True)
class Table:
    """A property given at some occupancies, linear between them, constant beyond the first and the last.

    Attributes:
        occupancy: Increasing occupancies, at least two.
        values: The property at each.
    """

    occupancy: tuple[Scalar, ...] = quantity("1")
    values: tuple[Scalar, ...] = inherited()

    def __post_init__(self) -> None:
        if len(self.occupancy) != len(self.values) or len(self.values) < 2:
            raise InputError(
                f"a table needs as many values as occupancies and at least two; "
                f"found {len(self.occupancy)} occupancies and {len(self.values)} values"
            )

    @property
    def domain(self) -> tuple[Scalar, Scalar]:
        return self.occupancy[0], self.occupancy[-1]

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        distance, value, slope = self._line(theta, operations)
        return value + slope * distance

    def slope(self, theta: Value, operations: Operations = UFL) -> Value:
        """The derivative: that of the line that holds at θ, 0 beyond the ends."""
        return self._line(theta, operations)[2]

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        return self._primitive(theta, operations) - self._primitive(start, operations)

    def samples(self) -> Array:
        import numpy as np

        return np.array([0.0, *self.occupancy, 1.0])

    def _primitive(self, theta: Value, operations: Operations) -> Value:
        """∫ of the property from the first occupancy to θ."""
        x, y = self.occupancy, self.values
        areas = [(y[i] + y[i + 1]) / 2 * (x[i + 1] - x[i]) for i in range(len(x) - 1)]
        before = operations.pick(theta, x, (0.0, 0.0, *_sums(areas)))
        distance, value, slope = self._line(theta, operations)
        return before + distance * (value + slope / 2 * distance)

    def _line(self, theta: Value, operations: Operations) -> tuple[Value, Value, Value]:
        """The line that holds at θ: distance from where it begins, its value there, its slope."""
        x, y = self.occupancy, self.values
        slopes = [(y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)]
        begins = operations.pick(theta, x, (x[0], *x))
        value = operations.pick(theta, x, (y[0], *y))
        return theta - begins, value, operations.pick(theta, x, (0.0, *slopes, 0.0))


@dataclass(frozen=True)
class FormulaProperty:
    """A property given by a formula of θ, times a scale that carries the unit.

    Attributes:
        formula: The formula.
        scale: Factor of the formula's values.
        breaks: Between them the formula is smooth: see `pieces`.
        primitives: ∫ of the formula, without `scale`, from 0 to each of `breaks`.
    """

    formula: Formula
    scale: Scalar = inherited()
    breaks: tuple[Scalar, ...] = quantity("1")
    primitives: tuple[Scalar, ...] = quantity("1")

    @classmethod
    def parse(cls, text: str, scale: float = 1.0) -> FormulaProperty:
        """Read a formula of `theta`.

        Raises:
            InputError: If it is none, or its integral is not known.
        """
        return cls.of(parse(text), scale)

    @classmethod
    def of(cls, formula: Formula, scale: float = 1.0) -> FormulaProperty:
        """The property that a formula describes; raises InputError if its integral is not known."""
        found = pieces.pieces(formula)
        size = next(size for size in _SIZES if size >= len(found.breaks))
        # Equal breaks at the end leave an empty piece between them.
        more = size - len(found.breaks)
        breaks = (*found.breaks, *found.breaks[-1:] * more)
        primitives = (*found.primitives, *found.primitives[-1:] * more)
        return cls(formula, scale, breaks, primitives)

    @property
    def domain(self) -> None:
        return None

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.scale * self.formula.value(theta, operations)

    def slope(self, theta: Value, operations: Operations = UFL) -> Value:
        """The derivative, in closed form."""
        return derivative(self.value, theta, operations)

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        return self.scale * (self._primitive(theta, operations) - self._primitive(start, operations))

    def samples(self) -> Array:
        return pieces.samples(self.formula)

    def _primitive(self, theta: Value, operations: Operations) -> Value:
        """∫ of the formula from 0 to θ: to the beginning of the piece, and from there by Gauss' rule."""
        begin = operations.pick(theta, self.breaks, (0.0, *self.breaks))
        before = operations.pick(theta, self.breaks, (0.0, *self.primitives))
        width = theta - begin
        value = self.formula.value
        rule = (weight * value(begin + point * width, operations) for point, weight in pieces.GAUSS)
        return before + width * sum(rule)


def _sums(terms: Sequence[Value]) -> list[Value]:
    """The sums of the first, the first two, … terms, added up pair by pair: deep sums are slow symbols."""
    if len(terms) < 2:
        return [*terms]
    middle = len(terms) // 2
    first, second = _sums(terms[:middle]), _sums(terms[middle:])
    return [*first, *(first[-1] + entry for entry in second)]
