"""A sealed surface."""

from __future__ import annotations

from typing import Literal

from oxyshell.models.oxygen.surface import SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier, SurfaceLaw


class Sealed(SurfaceLaw):
    """No oxygen passes: N·n = 0."""

    law: Literal["sealed"]
    """Name of the law."""

    def model(self, carrier: Carrier) -> SurfaceModel:
        return SurfaceModel()
