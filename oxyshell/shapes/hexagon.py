"""A hexagonal plate that is open at its six edges only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from oxyshell.models.base.geometry import Geometry
from oxyshell.shapes.edge_fed import EdgeFedPlate
from oxyshell.shapes.shape import Radius

if TYPE_CHECKING:
    from oxyshell.drawing.bodies import Body
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.meshes.resolution import Resolution
    from oxyshell.outputs.records import FieldSnapshot
    from oxyshell.shapes.elements import Elements

_AREA = 1.5 * math.sqrt(3.0)  # of a hexagon, in R²
_RIM = math.sqrt(_AREA / math.pi)  # of the disc of equal area, in R
# Elements along a quarter of the circumference, half an edge each third.
_THIRDS = 3

_AS_A_DISC = (
    f"The hexagonal plate is computed as the round plate of equal volume (rim at {_RIM:.4f} R). Its slowest "
    "mode of diffusion decays 2.3 % more slowly than the hexagon's, its rim has an area 4.8 % below that of "
    "the six edges; under a strain that is quadratic in the distance from the centre, the tangential stress "
    "of a thin hexagon in the middle of its edges is 29 % above that of the rim, and 3.6 % below it in the "
    "centre. particle.dimension: 3 computes the hexagon itself."
)


class Hexagon(EdgeFedPlate):
    """A hexagonal plate through whose six edges alone ions and oxygen pass."""

    noun: ClassVar[str] = "a hexagonal plate"

    shape: Literal["hexagon"]
    """sphere, cylinder, plate, disc, hexagon or imported."""
    radius: Radius
    """Distance R of the corners from the centre."""
    dimension: Literal[2, 3] = 2
    """2 axisymmetric, the round plate of equal volume; 3 solid, an eighth of the plate. Default 2."""

    @property
    def deepest(self) -> float:
        """Distance of the rim, or of an edge, from the centre in R."""
        return _RIM if self.dimension == 2 else 0.5 * math.sqrt(3.0)

    def elements_along(self, size: float) -> int:
        """Over half the thickness of the round plate, or along half an edge of the solid."""
        return super().elements_along(size) if self.dimension == 2 else max(math.ceil(0.5 / size), 3)

    def geometry(self) -> Geometry:
        """Of the whole plate, with the area of its edges, or of the rim of the round plate."""
        around = 2 * math.pi * _RIM if self.dimension == 2 else 6.0
        return Geometry.of(self.radius.value, volume=_AREA * self.share, area=around * self.share)

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        from oxyshell.meshes.hexagonal_prism import hexagonal_prism
        from oxyshell.meshes.resolution import hexagon_resolution, round_plate_resolution
        from oxyshell.meshes.round_plate import round_plate

        half, thick, interfaces = 0.5 * self.share, layers.thicknesses, layers.interfaces
        shares = thick / self.deepest
        if self.dimension == 2:
            default = round_plate_resolution(shares, half / _RIM, interfaces)
            resolution = self._resolution(elements, default)
            return layers.named(round_plate(half, thick, resolution, _RIM, remarks=(_AS_A_DISC,)))
        if elements.tangential:
            along = math.ceil(elements.tangential / _THIRDS)
            elements = elements.model_copy(update={"tangential": along})
        resolution = self._resolution(elements, hexagon_resolution(shares, interfaces))
        # No higher than they are wide along the edge.
        across = math.ceil(half / (0.5 / resolution.tangential))
        return layers.named(hexagonal_prism(half, thick, resolution, across))

    def _resolution(self, elements: Elements, default: Resolution) -> Resolution:
        """The size at the surface, given in R, as a share of the distance between centre and edge."""
        if elements.surface_size:
            size = min(1.0, elements.surface_size / self.deepest)
            elements = elements.model_copy(update={"surface_size": size})
        return elements.resolution(default)

    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        from oxyshell.drawing.bodies import Round, Solid

        if self.dimension == 2:
            return Round("round plate", averaged=True)
        return Solid(fields, across=True)
