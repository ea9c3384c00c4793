"""Meshes of shapes that depend on the distance from the centre alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxyshell.meshes.coordinates import Coordinates
    from oxyshell.meshes.layer_cells import WantedLayer
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.meshes.resolution import Resolution
    from oxyshell.shapes.elements import Elements


def radial_mesh(coordinates: Coordinates, layer: WantedLayer, elements: Elements) -> ParticleMesh:
    """The line from the centre to the surface, a whole one on each process: sharing it out would only cost.

    Raises:
        MeshError: If the numbers of elements do not fit together.
    """
    from oxyshell.meshes.line import radial_line

    return radial_line(coordinates, layer.thickness, elements.resolution(radial_resolution(layer.thickness)))


def radial_resolution(layer: float) -> Resolution:
    """Default numbers: 18 elements with a layer, 8 without (cubic fields live on them).

    Args:
        layer: Thickness of the layer in R, 0 if there is none.
    """
    from oxyshell.meshes.resolution import Resolution

    # Wider at the surface than in a solid: cubics resolve the early gradients there in 0.05 R as well, and
    # the same number of elements then leaves a tenth of the error around the centre.
    return Resolution(bulk_elements=10 if layer > 0 else 8, surface_size=0.05).suited(layer)
