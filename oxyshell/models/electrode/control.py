"""Settings of an instrument: a current or a voltage."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar


@dataclass(frozen=True)
class Control:
    """A current that is set, or a voltage that is held: one residual for one number, the voltage.

    Attributes:
        galvanostatic: 1 where a current is set, 0 where a voltage is held.
        flux: j, mean flux over the surface that is set, mol/(m² s), positive outwards.
        outward: 1 where the current extracts ions, 0 where it inserts them.
        voltage: V that is held, in V.
    """

    galvanostatic: Scalar = quantity("1", default=1.0)
    flux: Scalar = quantity("mol/(m^2 s)", default=0.0)
    outward: Scalar = quantity("1", default=1.0)
    voltage: Scalar = quantity("1", default=0.0)

    def residual(self, flux: Scalar, share: Scalar, voltage: Scalar) -> Scalar:
        """Function of a point on the surface whose integral over the surface is zero.

        Args:
            flux: N·n there.
            share: Share of the set current that the surface can carry there.
            voltage: V.
        """
        by_current = self.galvanostatic * (flux - self.flux * share)
        return by_current + (1 - self.galvanostatic) * (voltage - self.voltage)

    def passed(self, flux: Scalar, share: Scalar) -> Scalar:
        """The flux that passes: the set one, or where a voltage is held that of the law, `flux`.

        Their integrals over the surface are equal. Within the stages of a time step, those of the law swing
        about the set one by far more, where the reaction is fast, than the voltage errs.
        """
        return self.galvanostatic * self.flux * share + (1 - self.galvanostatic) * flux

    @classmethod
    def of_current(cls, flux: float) -> Control:
        """A set flux, mol/(m² s), positive outwards."""
        return cls(flux=flux, outward=1.0 if flux >= 0 else 0.0)

    @classmethod
    def of_voltage(cls, voltage: float) -> Control:
        """A held voltage, V."""
        return cls(galvanostatic=0.0, voltage=voltage)
