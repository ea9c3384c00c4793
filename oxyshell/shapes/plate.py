"""A wide plate, open on both faces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.layers import Paths
from oxyshell.shapes.radial import radial_mesh
from oxyshell.shapes.shape import Radius, Shape

if TYPE_CHECKING:
    from oxyshell.drawing.bodies import Body
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.outputs.bodies import Sweep
    from oxyshell.outputs.records import FieldSnapshot
    from oxyshell.shapes.elements import Elements


class Plate(Shape):
    """A wide plate, open on both faces."""

    noun: ClassVar[str] = "a plate"
    core_dimensions: ClassVar[int] = 1

    shape: Literal["plate"]
    """sphere, cylinder, plate, disc, hexagon or imported."""
    radius: Radius
    """Half of the thickness."""
    dimension: Literal[1] = 1
    """1: across the thickness."""
    c_axis: Literal["normal", "in_plane"] | None = None
    """Direction of c of a layered material: normal to the faces, or in the plane of the plate; null: none."""

    @property
    def paths(self) -> Paths | None:
        return {"normal": Paths.ACROSS, "in_plane": Paths.WITHIN, None: None}[self.c_axis]

    def without_c(self) -> tuple[str, str]:
        return "c_axis", "'normal' or 'in_plane'"

    def geometry(self) -> Geometry:
        """Of an area R² of it, both halves counted."""
        return Geometry.of(self.radius.value, volume=2.0, area=2.0)

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        from oxyshell.meshes.coordinates import Planar, PlanarAcrossLayers, PlanarAlongLayers

        systems = {None: Planar(), "normal": PlanarAcrossLayers(), "in_plane": PlanarAlongLayers()}
        return radial_mesh(systems[self.c_axis], layers, elements)

    def sweeps(self) -> tuple[Sweep, ...]:
        from oxyshell.outputs.bodies import Shift

        return (Shift(-1.0), Shift(1.0))

    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        from oxyshell.drawing.bodies import Slab

        return Slab()
