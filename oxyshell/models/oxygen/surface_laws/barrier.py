"""A coating that slows oxygen down and holds none."""

from __future__ import annotations

from typing import Annotated, Literal

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier, SurfaceLaw
from oxyshell.models.oxygen.surface_laws.parts import Transfer


class Barrier(SurfaceLaw):
    """A coating that slows oxygen down and holds none, in series with an open surface: 1/k' = 1/k + δ/D."""

    law: Literal["barrier"]
    """Name of the law."""
    thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)]
    """Thickness of the coating."""
    diffusivity: Annotated[Parameter, Quantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)]
    """Diffusivity of O2 in the coating."""
    transfer: Transfer
    """Transfer to the outside through the surface behind the coating."""

    def model(self, carrier: Carrier) -> SurfaceModel:
        resistance = self.thickness.value / self.diffusivity.value + 1 / self.transfer.velocity_on(carrier)
        return SurfaceModel(exchange=SurfaceExchange(escape=1 / resistance))
