"""Meshes of shapes that depend on the distance from the centre alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxyshell.meshes.coordinates import Coordinates
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.shapes.elements import Elements


def radial_mesh(coordinates: Coordinates, layers: WantedLayers, elements: Elements) -> ParticleMesh:
    """The line from the centre to the surface, a whole one on each process: sharing it out would only cost.

    Raises:
        MeshError: If the numbers of elements do not fit together.
    """
    from oxyshell.meshes.line import radial_line
    from oxyshell.meshes.resolution import radial_resolution

    thick = layers.thicknesses
    resolution = elements.resolution(radial_resolution(thick, layers.interfaces))
    return layers.named(radial_line(coordinates, thick, resolution))
