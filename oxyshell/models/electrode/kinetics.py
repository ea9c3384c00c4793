"""Exchange current densities of the reaction at the surface, as fluxes i0/(zF)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar


class Kinetics(Protocol):
    """A law for the exchange current density."""

    def exchange_flux(self, theta: Scalar, sites: Scalar) -> Scalar:
        """i0/(zF), mol/(m² s).

        Args:
            theta: Occupancy θ at the surface.
            sites: Host site density c_s there.
        """


@dataclass(frozen=True)
class ConstantExchange:
    """The same exchange current density at every content.

    Attributes:
        flux: i0/(zF), mol/(m² s).
    """

    flux: Scalar = quantity("mol/(m^2 s)")

    def exchange_flux(self, theta: Scalar, sites: Scalar) -> Scalar:
        return self.flux


@dataclass(frozen=True)
class ContentExchange:
    """i0 = zF k c_s √(θ(1 − θ)), of a reaction between a filled and an empty site.

    Beyond [0, 1] there is none: not a number, so that no time step gets there.

    Attributes:
        rate_constant: k √(c_e/c_ref), m/s.
    """

    rate_constant: Scalar = quantity("m/s")

    def exchange_flux(self, theta: Scalar, sites: Scalar) -> Scalar:
        import ufl

        return self.rate_constant * sites * ufl.sqrt(theta * (1 - theta))
