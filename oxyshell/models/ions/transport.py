"""Ion transport driven by the chemical potential μ = RT ln(θ/(1−θ)) − β:σ.

With W = β:σ/RT the flux is N = −D c_s (∇θ − m(θ) ∇W): the mobility factor m(θ) is θ(1−θ) on a lattice of
sites, θ in a dilute solution, 0 when the stress does not drive ions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Expression, Scalar
from oxyshell.models.base.properties import Property


class Drift(Protocol):
    """Drift of ions in a gradient of stress."""

    def mobility(self, theta: Scalar) -> Scalar:
        """The factor m(θ) of ∇W."""


@dataclass(frozen=True)
class LatticeDrift:
    """Ions on a lattice of sites: m = θ(1 − θ) (Zhang, Krischok & Linder 2016; Larché & Cahn 1973)."""

    def mobility(self, theta: Scalar) -> Scalar:
        return theta * (1 - theta)


@dataclass(frozen=True)
class DiluteDrift:
    """Ions in dilute solution: m = θ (Zhang, Shyy & Sastry, J. Electrochem. Soc. 154 (2007) A910)."""

    def mobility(self, theta: Scalar) -> Scalar:
        return theta


@dataclass(frozen=True)
class NoDrift:
    """The null drift: Fick's law, whatever the stress."""

    def mobility(self, theta: Scalar) -> Scalar:
        return 0 * theta


@dataclass(frozen=True, kw_only=True)
class Transport:
    """Diffusion and drift of ions.

    Attributes:
        diffusivity: D(θ), m²/s.
        drift: Effect of the stress on the flux.
        work_share: RT in which W is counted, over RT of the ions.
    """

    diffusivity: Property = quantity("m^2/s")
    drift: Drift
    work_share: Scalar = quantity("1", default=1.0)

    def flux(
        self, theta: Scalar, theta_gradient: Expression, work_gradient: Expression, sites: Scalar
    ) -> Expression:
        """N = −D c_s (∇θ − m(θ) ∇W), mol/(m² s).

        Args:
            theta: Occupancy θ.
            theta_gradient: ∇θ.
            work_gradient: ∇W, W = β:σ/RT.
            sites: c_s.

        Returns:
            A vector of the mesh's dimension.
        """
        mobility = self.drift.mobility(theta) * self.work_share
        return -self.diffusivity.value(theta) * sites * (theta_gradient - mobility * work_gradient)
