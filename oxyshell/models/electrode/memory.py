"""Potentials with and without memory: one curve, branches with hysteresis, a first charge that activates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.process import Lives, Unknown
from oxyshell.models.electrode.potential import ACTIVATION, HYSTERESIS, Curve


@dataclass(frozen=True)
class Single:
    """One curve for charge and discharge: no memory."""

    curve: Curve

    @property
    def curves(self) -> Mapping[str, Curve]:
        return {"": self.curve}

    @property
    def bounded(self) -> bool:
        return self.curve.bounded

    @property
    def changes_at_reversals(self) -> bool:
        return False

    def unknowns(self) -> tuple[Unknown, ...]:
        return ()

    def start(self) -> Mapping[str, float]:
        return {}

    def value(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        return self.curve.value(x, operations)

    def slope(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        return self.curve.slope(x, operations)

    def rates(self, memory: Mapping[str, Value], flux: Scalar) -> Mapping[str, Scalar]:
        return {}

    def entering(self, memory: Mapping[str, float], extraction: float, direction: int) -> Mapping[str, float]:
        return {}


class Rule(Protocol):
    """A law for h, which is 1 on the branch of delithiation and −1 on that of lithiation.

    Attributes:
        at_reversals: Whether h changes where the current reverses, between two steps.
    """

    @property
    def at_reversals(self) -> bool: ...

    def rate(self, h: Value, flux: Scalar) -> Scalar:
        """dh/dt; `flux` as in `Potential.rates`."""

    def entering(self, h: float, direction: int) -> float:
        """H in the moment in which a step begins; `direction` as in `Potential.entering`."""


@dataclass(frozen=True)
class ZeroOrder:
    """h = sgn(i): the branch changes with the current, and stays as it is at rest."""

    at_reversals: ClassVar[bool] = True

    def rate(self, h: Value, flux: Scalar) -> Scalar:
        return 0.0

    def entering(self, h: float, direction: int) -> float:
        return float(direction) if direction else h


@dataclass(frozen=True)
class FirstOrder:
    """dh/dq = γ(sgn(i) − h), q = ∫|dx| the throughput (Verbrugge & Koch 1996; Plett 2004).

    Attributes:
        decay: γ, per exchange of all exchangeable ions: h has lost all but 1/e of its distance from a branch
            once a share 1/γ of them has passed the surface.
    """

    decay: Scalar = quantity("1")

    at_reversals: ClassVar[bool] = False

    def rate(self, h: Value, flux: Scalar) -> Scalar:
        # (sgn(i) − h)|i|, without the sign.
        return self.decay * (flux - h * abs(flux))

    def entering(self, h: float, direction: int) -> float:
        return h


@dataclass(frozen=True)
class Hysteresis:
    """Two branches: U = ½(1 + h) U_delithiation + ½(1 − h) U_lithiation.

    Attributes:
        delithiation: U on charge.
        lithiation: U on discharge.
        rule: Law for h.
        initial: h of the as-made particle.
    """

    delithiation: Curve
    lithiation: Curve
    rule: Rule = ZeroOrder()
    initial: Scalar = quantity("1", default=1.0)

    @property
    def curves(self) -> Mapping[str, Curve]:
        return {"charge": self.delithiation, "discharge": self.lithiation}

    @property
    def bounded(self) -> bool:
        return _all_bounded(self.curves)

    @property
    def changes_at_reversals(self) -> bool:
        return self.rule.at_reversals

    def unknowns(self) -> tuple[Unknown, ...]:
        return (Unknown(HYSTERESIS, lives=Lives.NUMBER),)

    def start(self) -> Mapping[str, float]:
        return {HYSTERESIS: float(self.initial)}

    def value(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        return self._mixed(memory, lambda curve: curve.value(x, operations))

    def slope(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        return self._mixed(memory, lambda curve: curve.slope(x, operations))

    def rates(self, memory: Mapping[str, Value], flux: Scalar) -> Mapping[str, Scalar]:
        return {HYSTERESIS: self.rule.rate(memory[HYSTERESIS], flux)}

    def entering(self, memory: Mapping[str, float], extraction: float, direction: int) -> Mapping[str, float]:
        return {HYSTERESIS: self.rule.entering(memory[HYSTERESIS], direction)}

    def _mixed(self, memory: Mapping[str, Value], read: Callable[[Curve], Value]) -> Value:
        return _between(memory[HYSTERESIS], read(self.delithiation), read(self.lithiation))


@dataclass(frozen=True)
class Activated:
    """Branches of a material that its first charge changes, such as a lithium-rich oxide.

    On charge, U = (1 − a) U_first + a (U_lithiation + offset); on discharge U_lithiation; in between as of
    `Hysteresis`. The activation a is the largest share of the exchangeable ions that was out of the particle
    when a charge was over. It changes where a discharge begins, never on the way: growing during the first
    charge, it would take U off the measured curve, and with a small offset let it fall while ions leave.

    With a law of first order for h, U jumps with a at the beginning of a discharge.

    Attributes:
        first: U of the first charge.
        lithiation: U on discharge.
        offset: Of the charge branch of the activated material above its discharge branch, V.
        rule: Law for h.
        initial: h of the as-made particle.
    """

    first: Curve
    lithiation: Curve
    offset: Scalar = quantity("1")
    rule: Rule = ZeroOrder()
    initial: Scalar = quantity("1", default=1.0)

    @property
    def curves(self) -> Mapping[str, Curve]:
        return {"first_charge": self.first, "discharge": self.lithiation}

    @property
    def bounded(self) -> bool:
        return _all_bounded(self.curves)

    @property
    def changes_at_reversals(self) -> bool:
        return True

    def unknowns(self) -> tuple[Unknown, ...]:
        return Unknown(HYSTERESIS, lives=Lives.NUMBER), Unknown(ACTIVATION, lives=Lives.NUMBER)

    def start(self) -> Mapping[str, float]:
        return {HYSTERESIS: float(self.initial), ACTIVATION: 0.0}

    def value(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        a = memory[ACTIVATION]
        first, lithiation = self.first.value(x, operations), self.lithiation.value(x, operations)
        cycled = lithiation + self.offset
        return _between(memory[HYSTERESIS], (1 - a) * first + a * cycled, lithiation)

    def slope(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        a = memory[ACTIVATION]
        first, lithiation = self.first.slope(x, operations), self.lithiation.slope(x, operations)
        return _between(memory[HYSTERESIS], (1 - a) * first + a * lithiation, lithiation)

    def rates(self, memory: Mapping[str, Value], flux: Scalar) -> Mapping[str, Scalar]:
        return {HYSTERESIS: self.rule.rate(memory[HYSTERESIS], flux), ACTIVATION: 0.0}

    def entering(self, memory: Mapping[str, float], extraction: float, direction: int) -> Mapping[str, float]:
        # Whatever lies between (a rest, a hold), a discharge begins where the charge before it was over, or
        # with fewer ions out.
        reached = min(extraction, 1.0) if direction < 0 else 0.0
        return {
            HYSTERESIS: self.rule.entering(memory[HYSTERESIS], direction),
            ACTIVATION: max(memory[ACTIVATION], reached),
        }


def _between(h: Value, delithiation: Value, lithiation: Value) -> Value:
    return (1 + h) / 2 * delithiation + (1 - h) / 2 * lithiation


def _all_bounded(curves: Mapping[str, Curve]) -> bool:
    return all(curve.bounded for curve in curves.values())
