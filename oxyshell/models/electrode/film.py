"""Films on the surface that a current has to pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar

# Newton's method for y + c sinh y = s from the smaller of two bounds, to 1e-14 for c up to 1e6, |s| up to 40.
_ITERATIONS = 6


class Film(Protocol):
    """A layer between the electrode and the reaction."""

    def reaction_drive(self, drive: Scalar, exchange_flux: Scalar, thermal_voltage: Scalar) -> Scalar:
        """zFη/(2RT), what drives the reaction, of a drive with the film's voltage.

        Args:
            drive: zF/(2RT) times the voltage less that of equilibrium.
            exchange_flux: i0/(zF).
            thermal_voltage: RT/(zF), V.
        """

    def voltage(self, flux: Scalar) -> Scalar:
        """Voltage over the film, V, at a flux in mol/(m² s)."""

    def thicker(self, more: float) -> OhmicFilm:
        """The film with more resistance, given as zF R, V m² s/mol."""


@dataclass(frozen=True)
class NoFilm:
    """No film: the whole drive is the reaction's."""

    def reaction_drive(self, drive: Scalar, exchange_flux: Scalar, thermal_voltage: Scalar) -> Scalar:
        return drive

    def voltage(self, flux: Scalar) -> Scalar:
        return 0 * flux

    def thicker(self, more: float) -> OhmicFilm:
        return OhmicFilm(more)


@dataclass(frozen=True)
class OhmicFilm:
    """A film of a resistance R_film: its voltage is i R_film.

    Attributes:
        resistance: zF R_film, the voltage over the film at a flux of one, V m² s/mol.
    """

    resistance: Scalar = quantity("m^2 s/mol")

    def reaction_drive(self, drive: Scalar, exchange_flux: Scalar, thermal_voltage: Scalar) -> Scalar:
        import ufl

        share = self.resistance * exchange_flux / thermal_voltage
        # Both y and c sinh y are at most s: from there, Newton's method converges without overshooting.
        size = abs(drive)
        ratio = size / share
        y = ufl.sign(drive) * ufl.min_value(size / (1 + share), ufl.ln(ratio + ufl.sqrt(ratio * ratio + 1)))
        for _ in range(_ITERATIONS):
            y = y - (y + share * ufl.sinh(y) - drive) / (1 + share * ufl.cosh(y))
        return y

    def voltage(self, flux: Scalar) -> Scalar:
        return self.resistance * flux

    def thicker(self, more: float) -> OhmicFilm:
        return OhmicFilm(self.resistance + more)
