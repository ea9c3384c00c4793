"""A potential that does not depend on the content."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations


@dataclass(frozen=True)
class ConstantCurve:
    """The same potential at every content: the null model.

    Attributes:
        voltage: U, V.
    """

    voltage: Scalar = quantity("1")

    @property
    def bounded(self) -> bool:
        return False

    @property
    def domain(self) -> None:
        return None

    def value(self, x: Value, operations: Operations = UFL) -> Value:
        return self.voltage + 0.0 * x

    def slope(self, x: Value, operations: Operations = UFL) -> Value:
        return 0.0 * x
