"""Ions through the particle's surface: a given current, a transfer towards an occupancy, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from oxyshell.errors import InputError
from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar
from oxyshell.models.base.process import Fields, Process
from oxyshell.models.base.program import Programmable
from oxyshell.models.base.protocol import Stop


@dataclass(frozen=True)
class IonExchange(Programmable):
    """Ions through the surface: a given current, a transfer towards an occupancy, both or neither.

    The outward flux is N·n = j_out s(θ/m) − j_in s((1−θ)/m) + k c_s (θ − θ_ext). The factor s, 1 above 1 and
    1 − (1 − x)³ below, lets a galvanostatic current fall once the surface is exhausted (or full), so that the
    occupancy is held there instead of leaving [0, 1]; two continuous derivatives spare the time steps.

    Attributes:
        extraction: j_out ≥ 0, mol/(m² s).
        insertion: j_in ≥ 0, mol/(m² s).
        margin: m, the occupancy below which the current falls.
        transfer: k, transfer velocity towards `target`, m/s; a held surface is a constraint instead.
        target: θ_ext.
    """

    extraction: Scalar = quantity("mol/(m^2 s)", default=0.0)
    insertion: Scalar = quantity("mol/(m^2 s)", default=0.0)
    margin: Scalar = quantity("1", default=1e-3)
    transfer: Scalar = quantity("m/s", default=0.0)
    target: Scalar = quantity("1", default=0.0)

    @property
    def set_flux(self) -> Scalar:
        """Flux that the current sets, mol/(m² s), positive outwards."""
        return self.extraction - self.insertion

    @property
    def flux_is_set(self) -> bool:
        return True

    @property
    def fades_within(self) -> float:
        """The margin."""
        return float(self.margin)

    def outward_flux(self, fields: Fields, sites: Scalar) -> Scalar:
        """N·n at the surface, mol/(m² s)."""
        theta = fields["occupancy"]
        out = self.extraction * supply(theta / self.margin)
        into = self.insertion * supply((1 - theta) / self.margin)
        return out - into + self.transfer * sites * (theta - self.target)

    def processes(self) -> tuple[Process[Any], ...]:
        """None: the flux follows from the occupancy alone."""
        return ()

    def last_ends(self, direction: int) -> tuple[Stop, ...]:
        """None: a current that cannot be kept falls."""
        return ()

    def at_current(self, flux: float) -> Self:
        """The same where an instrument sets a flux, mol/(m² s), positive outwards."""
        return replace(self, extraction=max(flux, 0.0), insertion=max(-flux, 0.0))

    def carrying(self, factor: float) -> Self:
        """The same where the flux that is set is larger by a factor."""
        return replace(
            self,
            extraction=factor * self.extraction,
            insertion=factor * self.insertion,
            program=self.program.scaled(factor),
        )

    def at_voltage(self, voltage: float) -> Self:
        """Not known without an electrode.

        Raises:
            InputError: Always.
        """
        raise InputError(f"found a voltage, {voltage:g} V, expected the section 'electrode', which gives one")

    def entering(self, numbers: Mapping[str, float], extracted: float, direction: int) -> Mapping[str, float]:
        """Nothing: it brings no numbers along."""
        return {}


def supply(x: Scalar) -> Scalar:
    """s(x): 1 above 1 and 1 − (1 − x)³ below, the share of a current that an occupancy x m can carry."""
    import ufl

    return 1 - (1 - ufl.min_value(x, 1.0)) ** 3
