"""A round plate that is open at its rim only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from oxyshell.models.base.geometry import Geometry
from oxyshell.shapes.edge_fed import EdgeFedPlate

if TYPE_CHECKING:
    from oxyshell.drawing.bodies import Body
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.outputs.records import FieldSnapshot
    from oxyshell.shapes.elements import Elements


class Disc(EdgeFedPlate):
    """A round plate through whose rim alone ions and oxygen pass."""

    noun: ClassVar[str] = "a round plate"

    shape: Literal["disc"]
    """sphere, cylinder, plate, disc, hexagon or imported."""
    dimension: Literal[2] = 2
    """2: axisymmetric, half of a section through the axis."""

    def geometry(self) -> Geometry:
        """Of the whole plate, with the area of its rim."""
        return Geometry.of(self.radius.value, volume=math.pi * self.share, area=2 * math.pi * self.share)

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        from oxyshell.meshes.resolution import round_plate_resolution
        from oxyshell.meshes.round_plate import round_plate

        half = 0.5 * self.share
        thick = layers.thicknesses
        resolution = elements.resolution(round_plate_resolution(thick, half, layers.interfaces))
        return layers.named(round_plate(half, thick, resolution))

    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        from oxyshell.drawing.bodies import Round

        return Round("round plate", averaged=True)
