"""The open-circuit potential of an electrode: its curves over the content, and what it remembers.

Potentials are in volts, which are plain numbers here: 1 is 1 V. The content x is the share of the
exchangeable ions that is in the host, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.process import Unknown

HYSTERESIS = "hysteresis"
"""Name of h: 1 on the branch of delithiation, −1 on that of lithiation."""
ACTIVATION = "activation"
"""Name of a: largest share of the exchangeable ions that was out of the particle when a charge was over."""


class Curve(Protocol):
    """U(x), one branch of a potential.

    Attributes:
        bounded: Whether U changes with x, so that a limit of the voltage ends a charge before the surface is
            empty; False for a constant.
        domain: Lowest and highest content for which it is given, and beyond which it stays constant; None if
            it is given for all.
    """

    @property
    def bounded(self) -> bool: ...

    @property
    def domain(self) -> tuple[Scalar, Scalar] | None: ...

    def value(self, x: Value, operations: Operations = UFL) -> Value:
        """U at content x, V (an array for NumPy operations, an expression for UFL ones)."""

    def slope(self, x: Value, operations: Operations = UFL) -> Value:
        """dU/dx at content x, V."""


class Potential(Protocol):
    """Curves, and the numbers that say between which of them a particle is.

    Attributes:
        curves: All its curves, by the keys under which a scenario gives them.
        bounded: Whether each of them changes with x; see `Curve`.
        changes_at_reversals: Whether its memory changes where the current reverses, between two steps.
    """

    @property
    def curves(self) -> Mapping[str, Curve]: ...

    @property
    def bounded(self) -> bool: ...

    @property
    def changes_at_reversals(self) -> bool: ...

    def unknowns(self) -> tuple[Unknown, ...]:
        """The numbers that it remembers: none, `HYSTERESIS`, or that and `ACTIVATION`."""

    def start(self) -> Mapping[str, float]:
        """Their values in the as-made particle."""

    def value(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        """U at content x, V.

        Args:
            x: Content.
            memory: The numbers that it remembers, by name; others are passed over.
            operations: Functions of one kind of number.
        """

    def slope(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value:
        """∂U/∂x at content x, V; arguments as of `value`."""

    def rates(self, memory: Mapping[str, Value], flux: Scalar) -> Mapping[str, Scalar]:
        """Change per time of the numbers that it remembers; 0 for those that change only between steps.

        Args:
            memory: Their values, by name.
            flux: Of ions out of the particle, over its exchangeable ions: −dx/dt of the mean content.
        """

    def entering(self, memory: Mapping[str, float], extraction: float, direction: int) -> Mapping[str, float]:
        """The numbers that it remembers, in the moment in which a step begins.

        Args:
            memory: Their values before, by name; others are passed over.
            extraction: Mean share of the exchangeable ions that is out of the particle, 1 − x.
            direction: Of the current that begins: 1 on charge, −1 on discharge, 0 where there is none or
                it is not known.
        """


def thermodynamic_factor(theta: Value, slope: Value, thermal_voltage: Scalar) -> Value:
    """Γ = −(F/RT) θ(1 − θ) dU/dθ, the chemical over the jump diffusivity; 1 for an ideal lattice gas.

    Args:
        theta: θ, occupancy of all host sites, between 0 and 1.
        slope: dU/dθ, V: dU/dx times dx/dθ.
        thermal_voltage: RT/F, V.
    """
    return -theta * (1.0 - theta) * slope / thermal_voltage
