"""Ions through the particle's surface: a given current, a transfer towards an occupancy, or both."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar


@dataclass(frozen=True)
class IonExchange:
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

    def outward_flux(self, theta: Scalar, sites: Scalar) -> Scalar:
        """N·n at the surface occupancy θ, mol/(m² s)."""
        out = self.extraction * _supply(theta / self.margin)
        into = self.insertion * _supply((1 - theta) / self.margin)
        return out - into + self.transfer * sites * (theta - self.target)


def _supply(x: Scalar) -> Scalar:
    import ufl

    return 1 - (1 - ufl.min_value(x, 1.0)) ** 3
