"""A sphere, computed along its radius, in a meridian plane or as a solid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from oxyshell.language.mistakes import describe, problem, refused
from oxyshell.models.base.geometry import Geometry
from oxyshell.shapes.radial import radial_mesh
from oxyshell.shapes.shape import Shape

if TYPE_CHECKING:
    from oxyshell.drawing.bodies import Body
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.outputs.bodies import Sweep
    from oxyshell.outputs.records import FieldSnapshot
    from oxyshell.shapes.elements import Elements

# How much of a sphere may be meshed in each dimension, the default first.
_EXTENTS: dict[int, tuple[str | None, ...]] = {1: (None,), 2: ("half", "quarter"), 3: ("octant", "full")}


class Sphere(Shape):
    """A sphere, computed along its radius, in a meridian plane or as a solid."""

    noun: ClassVar[str] = "a sphere"

    shape: Literal["sphere"]
    """sphere, cylinder, plate, disc, hexagon or imported."""
    dimension: Literal[1, 2, 3] = 1
    """1 along the radius, 2 axisymmetric, 3 solid. Default 1."""
    extent: Literal["half", "quarter", "octant", "full"] | None = Field(default=None, validate_default=True)
    """Meshed part of the sphere. In dimension 3: octant (default) or full; in dimension 2: half
    (default) or quarter; null in dimension 1."""

    @field_validator("extent", mode="before")
    @classmethod
    def _extent_of_dimension(cls, raw: Any, info: ValidationInfo) -> Any:
        # Without a valid dimension any extent is as good: the dimension is reported by itself.
        allowed = _EXTENTS.get(info.data.get("dimension", 0), (raw,))
        if raw is None:
            return allowed[0]
        if raw not in allowed:
            expected = " or ".join(f"'{name}'" for name in allowed if name) or "no extent"
            raise refused(problem(describe(raw), f"{expected} in dimension {info.data['dimension']}"))
        return raw

    def elements_along(self, size: float) -> int:
        fewest = {1: 1, 2: 16, 3: 7}[self.dimension]
        return fewest if self.dimension == 1 else max(math.ceil(math.pi / 2 / size), fewest)

    def geometry(self) -> Geometry:
        return Geometry.of(self.radius.value, volume=4 / 3 * math.pi, area=4 * math.pi)

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        from oxyshell.meshes import ball
        from oxyshell.meshes.coordinates import Spherical
        from oxyshell.meshes.resolution import disc_resolution, solid_resolution

        if self.extent is None:
            return radial_mesh(Spherical(), layers, elements)
        build = {
            "half": ball.half_disc,
            "quarter": ball.quarter_disc,
            "octant": ball.octant,
            "full": ball.full_sphere,
        }[self.extent]
        default = {2: disc_resolution, 3: solid_resolution}[self.dimension]
        thick = layers.thicknesses
        return layers.named(build(thick, elements.resolution(default(thick, layers.interfaces))))

    def sweeps(self) -> tuple[Sweep, ...]:
        from oxyshell.outputs.bodies import Turn

        return (Turn(math.pi),) if self.dimension == 1 else ()

    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        from oxyshell.drawing.bodies import Round, Solid

        return Round("sphere") if self.dimension == 1 else Solid(fields)
