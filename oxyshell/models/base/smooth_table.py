"""Properties of which a model needs the slope over the occupancy, and tables that have a continuous one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from oxyshell.errors import InputError
from oxyshell.models.base.dimension import inherited, quantity
from oxyshell.models.base.expression import Array, Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.properties import Property


class Differentiable(Property, Protocol):
    """A property that knows its derivative."""

    def slope(self, theta: Value, operations: Operations = UFL) -> Value:
        """The derivative with respect to occupancy at θ."""


@dataclass(frozen=True)
class SmoothTable:
    """A property given at some occupancies; its derivative is continuous, and follows its last slopes beyond.

    Between two occupancies it is the cubic polynomial with given values and slopes at both. Slopes from
    `through` make it monotone wherever the values are (Fritsch & Butland, SIAM J. Sci. Stat. Comput. 5 (1984)
    300), so that it is largest and smallest at given values.

    Attributes:
        occupancy: Increasing occupancies, at least two.
        values: The property at each.
        slopes: Its derivative at each.
    """

    occupancy: tuple[Scalar, ...] = quantity("1")
    values: tuple[Scalar, ...] = inherited()
    slopes: tuple[Scalar, ...] = inherited()

    @classmethod
    def through(cls, occupancy: Sequence[float], values: Sequence[float]) -> Self:
        """The table through values.

        Args:
            occupancy: Increasing or decreasing, at least two.
            values: One for each.

        Raises:
            InputError: If there are too few, or not as many of both.
        """
        from scipy.interpolate import PchipInterpolator

        if len(occupancy) != len(values) or len(values) < 2:
            raise InputError(
                f"found {len(occupancy)} occupancies and {len(values)} values of a table, "
                "expected as many of both and at least two"
            )
        if occupancy[1] < occupancy[0]:
            occupancy, values = occupancy[::-1], values[::-1]
        slopes = PchipInterpolator(occupancy, values).derivative()(occupancy)
        return cls(tuple(occupancy), tuple(values), tuple(float(one) for one in slopes))

    @property
    def domain(self) -> tuple[Scalar, Scalar]:
        return self.occupancy[0], self.occupancy[-1]

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        distance, (value, first, second, third) = self._cubic(theta, operations)
        return value + distance * (first + distance * (second + distance * third))

    def slope(self, theta: Value, operations: Operations = UFL) -> Value:
        """The derivative with respect to occupancy at θ."""
        distance, (_, first, second, third) = self._cubic(theta, operations)
        return first + distance * (2 * second + distance * (3 * third))

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        """Not known, and of no property of this kind is it asked for.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError("the integral of a smooth table")

    def samples(self) -> Array:
        import numpy as np

        return np.array([0.0, *self.occupancy, 1.0])

    def _cubic(self, theta: Value, operations: Operations) -> tuple[Value, tuple[Value, ...]]:
        """The polynomial that holds at θ: the distance from where it begins, and its four coefficients."""
        x, y, m = self.occupancy, self.values, self.slopes
        first, second, third = [m[0]], [0.0], [0.0]
        for i in range(len(x) - 1):
            width = x[i + 1] - x[i]
            rise = (y[i + 1] - y[i]) / width
            first.append(m[i])
            second.append((3 * rise - 2 * m[i] - m[i + 1]) / width)
            third.append((m[i] + m[i + 1] - 2 * rise) / width**2)
        coefficients = ((y[0], *y), (*first, m[-1]), (*second, 0.0), (*third, 0.0))
        begins = operations.pick(theta, x, (x[0], *x))
        return theta - begins, tuple(operations.pick(theta, x, one) for one in coefficients)


@dataclass(frozen=True)
class Slope:
    """The derivative of a function of the occupancy, times a scale that carries the unit.

    Attributes:
        of: The function, a pure number.
        scale: The scale.
    """

    of: Differentiable = quantity("1")
    scale: Scalar = inherited()

    @property
    def domain(self) -> tuple[Scalar, Scalar] | None:
        return self.of.domain

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.scale * self.of.slope(theta, operations)

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        return self.scale * (self.of.value(theta, operations) - self.of.value(start, operations))

    def samples(self) -> Array:
        return self.of.samples()
