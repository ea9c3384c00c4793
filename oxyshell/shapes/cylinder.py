"""A long cylinder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.layers import Paths
from oxyshell.shapes.radial import radial_mesh
from oxyshell.shapes.shape import Shape

if TYPE_CHECKING:
    from oxyshell.drawing.bodies import Body
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.outputs.bodies import Sweep
    from oxyshell.outputs.records import FieldSnapshot
    from oxyshell.shapes.elements import Elements


class Cylinder(Shape):
    """A long cylinder; of a layered material, its axis is c."""

    noun: ClassVar[str] = "a cylinder"
    core_dimensions: ClassVar[int] = 2

    shape: Literal["cylinder"]
    """sphere, cylinder, plate, disc, hexagon or imported."""
    dimension: Literal[1] = 1
    """1: along the radius."""

    @property
    def paths(self) -> Paths:
        return Paths.WITHIN

    def geometry(self) -> Geometry:
        """Of a length R of it."""
        return Geometry.of(self.radius.value, volume=math.pi, area=2 * math.pi)

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        from oxyshell.meshes.coordinates import Cylindrical

        return radial_mesh(Cylindrical(), layers, elements)

    def sweeps(self) -> tuple[Sweep, ...]:
        from oxyshell.outputs.bodies import Turn

        return (Turn(2 * math.pi),)

    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        from oxyshell.drawing.bodies import Round

        return Round("cylinder")
