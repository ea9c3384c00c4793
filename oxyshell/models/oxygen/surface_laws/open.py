"""An open surface."""

from __future__ import annotations

from typing import Literal

from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier, SurfaceLaw
from oxyshell.models.oxygen.surface_laws.parts import Transfer


class Open(SurfaceLaw):
    """All oxygen that reaches the surface is released: N·n = k c."""

    law: Literal["open"]
    """Name of the law."""
    transfer: Transfer
    """Transfer from the lattice to the outside."""

    def model(self, carrier: Carrier) -> SurfaceModel:
        return SurfaceModel(exchange=SurfaceExchange(escape=self.transfer.velocity_on(carrier)))
