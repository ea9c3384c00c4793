"""A shape as a user writes it outside of the package: a sphere with a cavity that nothing enters or holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from oxyshell.drawing.bodies import Body, Round
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.layer_cells import WantedLayers
from oxyshell.meshes.line import line_through
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import radial_resolution
from oxyshell.models.base.geometry import Geometry
from oxyshell.outputs import FieldSnapshot
from oxyshell.outputs.bodies import Sweep, Turn
from oxyshell.shapes.elements import Elements
from oxyshell.shapes.shape import Shape


class HollowSphere(Shape):
    """A sphere with a concentric cavity."""

    noun: ClassVar[str] = "a hollow sphere"

    shape: Literal["hollow_sphere"]
    """hollow_sphere."""
    dimension: Literal[1] = 1
    """1: along the radius."""
    cavity: Annotated[float, Field(gt=0, lt=1)]
    """Radius of the cavity in R."""

    def geometry(self) -> Geometry:
        volume = 4 / 3 * math.pi * (1 - self.cavity**3)
        return Geometry.of(self.radius.value, volume=volume, area=4 * math.pi)

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        wall = 1 - self.cavity
        share = layers.thickness / wall
        resolution = elements.resolution(radial_resolution(share))
        radii = self.cavity + wall * resolution.levels(share)
        return line_through(radii, resolution.bulk_elements, Spherical())

    def sweeps(self) -> tuple[Sweep, ...]:
        return (Turn(math.pi),)

    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        return Round("hollow sphere")
