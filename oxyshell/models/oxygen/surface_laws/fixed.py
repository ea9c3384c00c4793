"""A surface whose oxygen content is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier, SurfaceLaw


class Fixed(SurfaceLaw):
    """The oxygen content at the surface is held: c = c_ext, whatever the flux."""

    law: Literal["fixed"]
    """Name of the law."""
    content: Annotated[Parameter, Quantity("mol/m^3", NOT_NEGATIVE, scales.OXYGEN_CONTENT)]
    """Mobile O2 per volume at the surface."""

    def model(self, carrier: Carrier) -> SurfaceModel:
        return SurfaceModel(exchange=SurfaceExchange(outside=self.content.value, holds=True))

    def contents(self) -> Mapping[str, Parameter]:
        return {"content": self.content}
