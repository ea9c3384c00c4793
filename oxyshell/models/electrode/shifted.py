"""Open-circuit potentials of hosts whose ions have another standard potential than those of a known one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.process import Unknown
from oxyshell.models.electrode.potential import Curve, Potential


@dataclass(frozen=True)
class ShiftedCurve:
    """U − s.

    Attributes:
        curve: U(x).
        shift: s, V.
    """

    curve: Curve
    shift: Scalar = quantity("1")

    @property
    def bounded(self) -> bool:
        return self.curve.bounded

    @property
    def domain(self) -> tuple[Scalar, Scalar] | None:
        return self.curve.domain

    def value(self, x: Value, operations: Operations = UFL) -> Value:
        return self.curve.value(x, operations) - self.shift

    def slope(self, x: Value, operations: Operations = UFL) -> Value:
        return self.curve.slope(x, operations)


@dataclass(frozen=True)
class Shifted:
    """A potential, memory and all, that is lower by s.

    Attributes:
        potential: The same without s.
        shift: s, V.
    """

    potential: Potential
    shift: Scalar = quantity("1")

    @property
    def curves(self) -> Mapping[str, Curve]:
        return {key: ShiftedCurve(curve, self.shift) for key, curve in self.potential.curves.items()}

    @property
    def bounded(self) -> bool:
        return self.potential.bounded

    @property
    def changes_at_reversals(self) -> bool:
        return self.potential.changes_at_reversals

    def unknowns(self) -> tuple[Unknown, ...]:
        return self.potential.unknowns()

    def start(self) -> Mapping[str, float]:
        return self.potential.start()

    def value(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        return self.potential.value(x, memory, operations) - self.shift

    def slope(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        return self.potential.slope(x, memory, operations)

    def rates(self, memory: Mapping[str, Value], flux: Scalar) -> Mapping[str, Scalar]:
        return self.potential.rates(memory, flux)

    def entering(self, memory: Mapping[str, float], extraction: float, direction: int) -> Mapping[str, float]:
        return self.potential.entering(memory, extraction, direction)
