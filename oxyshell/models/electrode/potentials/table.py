"""A potential from a table."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.properties import Table


@dataclass(frozen=True)
class TableCurve:
    """A potential given at some contents, linear between them, constant beyond the first and the last.

    Attributes:
        table: U, V, over the content x in place of an occupancy.
    """

    table: Table = quantity("1")

    @property
    def bounded(self) -> bool:
        return True

    @property
    def domain(self) -> tuple[Scalar, Scalar]:
        return self.table.domain

    def value(self, x: Value, operations: Operations = UFL) -> Value:
        return self.table.value(x, operations)

    def slope(self, x: Value, operations: Operations = UFL) -> Value:
        """dU/dx, V: that of the line that holds at x, with a jump at every point of the table."""
        return self.table.slope(x, operations)
