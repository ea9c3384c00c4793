"""The list of shapes, and the section `particle` that holds any of them."""

from __future__ import annotations

from typing import Annotated

from oxyshell.language.variants import Variants
from oxyshell.shapes.cylinder import Cylinder
from oxyshell.shapes.disc import Disc
from oxyshell.shapes.hexagon import Hexagon
from oxyshell.shapes.imported import Imported
from oxyshell.shapes.plate import Plate
from oxyshell.shapes.shape import Shape
from oxyshell.shapes.sphere import Sphere

SHAPES: Variants[Shape] = Variants(
    "shape", Sphere, Cylinder, Plate, Disc, Hexagon, Imported, extensions="shapes"
)

register = SHAPES.register

Particle = Annotated[Shape, SHAPES]
"""The section `particle`."""
