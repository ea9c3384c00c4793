"""Ion transport driven by the chemical potential μ = RT ln(θ/(1−θ)) − β:σ.

With W = β:σ/RT the flux is N = −D c_s (∇θ − m(θ) ∇W): the mobility factor m(θ) is θ(1−θ) on a lattice of
sites, θ in a dilute solution, 0 when the stress does not drive ions. In a layered host D is a tensor, D_a
within the layers and D_c along c.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Protocol, Self

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Expression, Scalar
from oxyshell.models.base.properties import Property


class Drift(Protocol):
    """Drift of ions in a gradient of stress."""

    def mobility(self, theta: Scalar) -> Scalar:
        """The factor m(θ) of ∇W."""

    def felt(self, work: Expression) -> Expression:
        """The part of W that is in the chemical potential."""

    def vacant(self, theta: Scalar) -> Scalar:
        """Share of the sites that are free for an ion: its potential is ln(θ/vacant)."""


@dataclass(frozen=True)
class LatticeDrift:
    """Ions on a lattice of sites: m = θ(1 − θ) (Zhang, Krischok & Linder 2016; Larché & Cahn 1973)."""

    def mobility(self, theta: Scalar) -> Scalar:
        return theta * (1 - theta)

    def felt(self, work: Expression) -> Expression:
        return work

    def vacant(self, theta: Scalar) -> Scalar:
        return 1 - theta


@dataclass(frozen=True)
class DiluteDrift:
    """Ions in dilute solution: m = θ (Zhang, Shyy & Sastry, J. Electrochem. Soc. 154 (2007) A910)."""

    def mobility(self, theta: Scalar) -> Scalar:
        return theta

    def felt(self, work: Expression) -> Expression:
        return work

    def vacant(self, theta: Scalar) -> Scalar:
        return 1.0


@dataclass(frozen=True)
class NoDrift:
    """The null drift: Fick's law, whatever the stress."""

    def mobility(self, theta: Scalar) -> Scalar:
        return 0 * theta

    def felt(self, work: Expression) -> Expression:
        return 0.0

    def vacant(self, theta: Scalar) -> Scalar:
        return 1 - theta


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

    @property
    def diffusivities(self) -> tuple[Property, ...]:
        """The diffusivity in each direction that differs from others."""
        return (self.diffusivity,)

    def largest_diffusivity(self, theta: Scalar) -> Scalar:
        """D(θ), of the directions the one in which it is largest."""
        import ufl

        first, *others = (one.value(theta) for one in self.diffusivities)
        return reduce(ufl.max_value, others, first)

    def with_diffusivities(self, function: Callable[[Property], Property]) -> Self:
        """The same with a function of each of `diffusivities` in its place."""
        return replace(self, diffusivity=function(self.diffusivity))

    def flux(
        self,
        theta: Scalar,
        theta_gradient: Expression,
        work_gradient: Expression,
        sites: Scalar,
        coordinates: Any,
    ) -> Expression:
        """N = −D c_s (∇θ − m(θ) ∇W), mol/(m² s).

        Args:
            theta: Occupancy θ.
            theta_gradient: ∇θ.
            work_gradient: ∇W, W = β:σ/RT.
            sites: c_s.
            coordinates: Coordinate system, which knows the direction of c.

        Returns:
            A vector of the mesh's dimension.
        """
        mobility = self.drift.mobility(theta) * self.work_share
        return self.conducted(theta, theta_gradient - mobility * work_gradient, sites, coordinates)

    def conducted(self, theta: Scalar, force: Expression, sites: Scalar, coordinates: Any) -> Expression:
        """−c_s D f, the flux that is driven by a vector f in 1/m; other arguments as of `flux`."""
        return -self.diffusivity.value(theta) * sites * force


@dataclass(frozen=True, kw_only=True)
class LayeredTransport(Transport):
    """Diffusion and drift in a layered host: D = D_a (1 − c c) + D_c c c, c being the unit vector along c.

    `diffusivity` is D_a, that within the layers.

    Attributes:
        diffusivity_c: D_c(θ), m²/s.
    """

    diffusivity_c: Property = quantity("m^2/s")

    @property
    def diffusivities(self) -> tuple[Property, ...]:
        return self.diffusivity, self.diffusivity_c

    def with_diffusivities(self, function: Callable[[Property], Property]) -> Self:
        return replace(
            self, diffusivity=function(self.diffusivity), diffusivity_c=function(self.diffusivity_c)
        )

    def conducted(self, theta: Scalar, force: Expression, sites: Scalar, coordinates: Any) -> Expression:
        within, across = (one.value(theta) for one in self.diffusivities)
        return coordinates.layered(-sites * force, within, across)
