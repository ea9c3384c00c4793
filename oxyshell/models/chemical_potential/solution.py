"""Solutions that separate into phases: an interaction, and an energy of the content's gradient.

With ∇²θ in units of 1/ℓ², μ/RT = ln(θ/(1−θ)) + φ, φ = g(θ) − ℓ² ∇²θ − W (Cahn & Hilliard, J. Chem. Phys. 28
(1958) 258); g is the excess potential of the uniform solution, W = β:σ/RT the work of stress, and
κ = ℓ² c_s RT the coefficient of the gradient energy κ|∇θ|²/2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Expression, Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.pieces import GAUSS
from oxyshell.models.base.process import Fields, Process
from oxyshell.models.chemical_potential.process import EXCESS, ExcessPotential
from oxyshell.models.electrode.standard import OpenCircuitStandard

# Parts of an integral of U.
_PARTS = 8


class Interaction(Protocol):
    """Excess of a uniform solution over an ideal one, in units of the RT in which W is counted."""

    def potential(self, theta: Value, operations: Operations = UFL) -> Value:
        """g(θ), the excess of the chemical potential."""

    def energy(self, theta: Value, operations: Operations = UFL) -> Value:
        """∫ g dθ, the excess of the free energy per site, but for a constant."""


@dataclass(frozen=True)
class NoInteraction:
    """The null interaction: only a gradient costs energy."""

    def potential(self, theta: Value, operations: Operations = UFL) -> Value:
        return 0.0 * theta

    def energy(self, theta: Value, operations: Operations = UFL) -> Value:
        return 0.0 * theta


@dataclass(frozen=True)
class RegularInteraction:
    """Regular solution: g = χ (1 − 2θ), from an energy χ θ (1 − θ) per site.

    Attributes:
        parameter: χ; above 2 the ions separate into a dilute and a concentrated phase.
    """

    parameter: Scalar = quantity("1")

    def potential(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.parameter * (1.0 - 2.0 * theta)

    def energy(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.parameter * theta * (1.0 - theta)


@dataclass(frozen=True, kw_only=True)
class OpenCircuitInteraction(OpenCircuitStandard):
    """Excess of ions whose chemical potential is μ = −zF U, U being one open-circuit potential."""

    def potential(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.excess(theta, operations)

    def energy(self, theta: Value, operations: Operations = UFL) -> Value:
        """∫ g dθ by Gauss' rule on equal parts, from where half of the exchangeable sites are filled."""
        start = 1 - self.exchangeable / (2 * self.sites)
        width = (theta - start) / _PARTS
        return sum(
            weight * width * self.potential(start + (part + point) * width, operations)
            for part in range(_PARTS)
            for point, weight in GAUSS
        )


@dataclass(frozen=True, kw_only=True)
class CoherentInteraction:
    """Interaction of ions in a host whose phases stay coherent, as strain along a plane front adds to it.

    Attributes:
        interaction: The same without stress.
        stiffness: B/(c_s RT), where B (θ − ⟨θ⟩)² is the elastic energy per volume of a plane front.
    """

    interaction: Interaction
    stiffness: Scalar = quantity("1")

    def potential(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.interaction.potential(theta, operations) + 2.0 * self.stiffness * theta

    def energy(self, theta: Value, operations: Operations = UFL) -> Value:
        return self.interaction.energy(theta, operations) + self.stiffness * theta**2


@dataclass(frozen=True, kw_only=True)
class GradientSolution:
    """Ions that interact, and whose content costs energy where it has a gradient.

    Attributes:
        interaction: g(θ).
        length: ℓ, m.
    """

    interaction: Interaction
    length: Scalar = quantity("m")

    def work(self, fields: Fields) -> Expression:
        """−φ, by which the chemical potential is below that of an ideal solution, in units of RT."""
        return -fields[EXCESS]

    def surface_work(self, fields: Fields) -> Expression:
        """W + ℓ² ∇²θ, exactly that which the flux is driven by: g(θ) − φ."""
        return self.interaction.potential(fields["occupancy"]) - fields[EXCESS]

    def processes(self) -> tuple[Process[Any], ...]:
        return (ExcessPotential(),)
