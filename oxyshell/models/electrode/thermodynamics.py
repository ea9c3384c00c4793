"""Thermodynamic factor of the ions in their host, from the open-circuit potential.

Γ = −(zF/RT) θ(1 − θ) dU/dθ is 1 for ions that differ from vacancies by their number only. A chemical
diffusivity, as a titration (GITT) measures it, is D = Γ D_J, D_J being that of single jumps, and the flux
that stress drives is D c_s θ(1 − θ)/Γ ∇W: both parts then come from the μ of which U is the voltage.
"""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import inherited, quantity
from oxyshell.models.base.expression import Array, Expression, Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.properties import Property
from oxyshell.models.electrode.potential import Curve, thermodynamic_factor

# The slope at full and empty, where it may be infinite, is that so far away from them, in x.
_EDGE = 1e-9


@dataclass(frozen=True)
class OpenCircuitSlope:
    """dU/dθ of one curve.

    Attributes:
        curve: U(x).
        sites: n_s, host sites per formula unit.
        exchangeable: n_e, those of which x is the filled share.
        thermal_voltage: RT/(zF), V.
    """

    curve: Curve
    sites: Scalar = quantity("1")
    exchangeable: Scalar = quantity("1")
    thermal_voltage: Scalar = quantity("1")

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        """dU/dθ at occupancy θ, V."""
        ratio = self.sites / self.exchangeable
        return self.curve.slope(ratio * self._within(theta, operations) - (ratio - 1), operations) * ratio

    def factor(self, theta: Value, operations: Operations = UFL) -> Value:
        """Γ at occupancy θ."""
        slope = self.value(theta, operations)
        return thermodynamic_factor(self._within(theta, operations), slope, self.thermal_voltage)

    def _within(self, theta: Value, operations: Operations) -> Value:
        """θ, or the nearest at which there is a slope.

        Beside a steep front, polynomials of an element swing a little beyond full and empty.
        """
        share = self.exchangeable / self.sites
        return operations.max(operations.min(theta, 1 - _EDGE * share), 1 - share + _EDGE * share)


@dataclass(frozen=True)
class OpenCircuitDrift:
    """Drift of ions whose chemical diffusivity is given: m = θ(1 − θ)/Γ = −(RT/zF)/(dU/dθ)."""

    slope: OpenCircuitSlope

    def mobility(self, theta: Scalar) -> Scalar:
        return -self.slope.thermal_voltage / self.slope.value(theta)

    def felt(self, work: Expression) -> Expression:
        return work

    def vacant(self, theta: Scalar) -> Scalar:
        return 1 - theta


@dataclass(frozen=True)
class ChemicalDiffusivity:
    """D = Γ D_J, of a jump diffusivity D_J (Van der Ven et al., Phys. Rev. B 64 (2001) 184307).

    Attributes:
        jump: D_J(θ).
        slope: dU/dθ.
    """

    slope: OpenCircuitSlope
    jump: Property = inherited()

    @property
    def domain(self) -> tuple[Scalar, Scalar] | None:
        return self.jump.domain

    def value(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.jump.value(theta, operations) * self.slope.factor(theta, operations)

    def integral(self, start: Value, theta: Value, operations: Operations = UFL) -> Value:
        """Not known in closed form, and of no diffusivity is it asked for.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError("∫ Γ D_0 dθ")

    def samples(self) -> Array:
        return self.jump.samples()
