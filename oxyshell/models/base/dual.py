"""Derivatives of functions of one variable: numbers that carry their slope (forward differentiation)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from oxyshell.models.base.expression import Value
from oxyshell.models.base.formula import Operations


def derivative(function: Callable[[Value, Operations], Value], x: Value, operations: Operations) -> Value:
    """df/dx, where `function(x, operations)` is made of arithmetic and of the operations of formulas.

    It is right at every kind of number: arrays, and expressions whose own derivatives UFL takes.

    Args:
        function: A function such as `Formula.value`.
        x: Where.
        operations: Of the kind of x.
    """
    found: Any = function(cast(Value, _Dual(x, 1.0)), cast(Operations, _DualOperations(operations)))
    return _dual(found).slope + 0.0 * x


@dataclass(frozen=True)
class _Dual:
    """A value and its derivative."""

    value: Any
    slope: Any

    # An array or a number of NumPy on the left leaves the operation to this class.
    __array_ufunc__ = None

    def __add__(self, other: Any) -> _Dual:
        other = _dual(other)
        return _Dual(self.value + other.value, self.slope + other.slope)

    def __neg__(self) -> _Dual:
        return _Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> _Dual:
        return self + -_dual(other)

    def __rsub__(self, other: Any) -> _Dual:
        return _dual(other) - self

    def __mul__(self, other: Any) -> _Dual:
        other = _dual(other)
        return _Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: Any) -> _Dual:
        other = _dual(other)
        ratio = self.value / other.value
        return _Dual(ratio, (self.slope - ratio * other.slope) / other.value)

    def __rtruediv__(self, other: Any) -> _Dual:
        return _dual(other) / self

    __radd__, __rmul__ = __add__, __mul__


def _dual(number: object) -> _Dual:
    if isinstance(number, _Dual):
        return number
    return _Dual(number, 0.0)


class _DualOperations:
    """The operations of formulas for numbers with a derivative."""

    def __init__(self, operations: Operations) -> None:
        self._of: Any = operations

    def exp(self, x: Any) -> _Dual:
        x = _dual(x)
        found = self._of.exp(x.value)
        return _Dual(found, found * x.slope)

    def log(self, x: Any) -> _Dual:
        x = _dual(x)
        return _Dual(self._of.log(x.value), x.slope / x.value)

    def sqrt(self, x: Any) -> _Dual:
        x = _dual(x)
        found = self._of.sqrt(x.value)
        return _Dual(found, x.slope / (2 * found))

    def tanh(self, x: Any) -> _Dual:
        x = _dual(x)
        found = self._of.tanh(x.value)
        return _Dual(found, (1 - found * found) * x.slope)

    def sin(self, x: Any) -> _Dual:
        x = _dual(x)
        return _Dual(self._of.sin(x.value), self._of.cos(x.value) * x.slope)

    def cos(self, x: Any) -> _Dual:
        x = _dual(x)
        return _Dual(self._of.cos(x.value), -self._of.sin(x.value) * x.slope)

    def abs(self, x: Any) -> _Dual:
        x = _dual(x)
        return _Dual(self._of.abs(x.value), self._of.sign(x.value) * x.slope)

    def min(self, x: Any, y: Any) -> _Dual:
        x, y = _dual(x), _dual(y)
        side = self._of.sign(x.value - y.value)
        slope = (x.slope + y.slope - side * (x.slope - y.slope)) / 2
        return _Dual(self._of.min(x.value, y.value), slope)

    def max(self, x: Any, y: Any) -> _Dual:
        return -self.min(-_dual(x), -_dual(y))

    def power(self, x: Any, exponent: float) -> _Dual:
        x = _dual(x)
        found = self._of.power(x.value, exponent)
        return _Dual(found, exponent * self._of.power(x.value, exponent - 1) * x.slope)
