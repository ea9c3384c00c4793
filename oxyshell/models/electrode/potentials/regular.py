"""A potential of ions that attract or repel each other as in a regular solution."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations

# Nearer to full and empty, where the logarithm is infinite, U is that so far away from them, in x.
_EDGE = 1e-12


@dataclass(frozen=True)
class RegularCurve:
    """U = U_0 − (RT/F) [ln(x/(1 − x)) + χ (1 − 2x)], of one phase; between two it rises with x where χ > 2.

    Attributes:
        potential: U_0, V: that of the half-filled host, and of two phases.
        interaction: χ.
        thermal_voltage: RT/F, V.
    """

    potential: Scalar = quantity("1")
    interaction: Scalar = quantity("1")
    thermal_voltage: Scalar = quantity("1")

    @property
    def bounded(self) -> bool:
        return True

    @property
    def domain(self) -> None:
        return None

    def value(self, x: Value, operations: Operations = UFL) -> Value:
        x = operations.max(operations.min(x, 1 - _EDGE), _EDGE)
        mixing = operations.log(x / (1 - x)) + self.interaction * (1 - 2 * x)
        return self.potential - self.thermal_voltage * mixing

    def slope(self, x: Value, operations: Operations = UFL) -> Value:
        x = operations.max(operations.min(x, 1 - _EDGE), _EDGE)
        return -self.thermal_voltage * (1 / (x * (1 - x)) - 2 * self.interaction)
