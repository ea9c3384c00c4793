"""A potential from a formula."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dual import derivative
from oxyshell.models.base.expression import Value
from oxyshell.models.base.formula import UFL, Formula, Operations, parse

VARIABLE = "x"
"""The content, in formulas."""


@dataclass(frozen=True)
class FormulaCurve:
    """A potential given by a formula of x.

    Attributes:
        formula: U in V.
    """

    formula: Formula

    @classmethod
    def parse(cls, text: str) -> FormulaCurve:
        """Read a formula of `x`; raises InputError if it is none."""
        return cls(parse(text, VARIABLE))

    @property
    def bounded(self) -> bool:
        return True

    @property
    def domain(self) -> None:
        return None

    def value(self, x: Value, operations: Operations = UFL) -> Value:
        return self.formula.value(x, operations)

    def slope(self, x: Value, operations: Operations = UFL) -> Value:
        return derivative(self.formula.value, x, operations)
