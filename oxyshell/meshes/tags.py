"""Tags of facets and cells, the same in every mesh."""

from __future__ import annotations

from oxyshell.meshes.arrays import Tags
from oxyshell.models.base.geometry import CORE

SURFACE = 1
"""Facets on the particle's surface."""

SYMMETRY = (11, 12, 13)
"""Facets on which displacement component 0, 1 or 2 vanishes."""

BULK = 1
"""Cells of the particle's core."""

LAYER = 2
"""Cells of the surface layer, of several the innermost; the others have the numbers after it, outwards."""

REGIONS = {CORE: BULK, "layer": LAYER}
"""The regions of the meshes that oxyshell builds, by name."""


def numbered(cell_tags: Tags) -> dict[str, int]:
    """The regions of a mesh with some tags of cells: `REGIONS`, and "layer 2" from the second layer on."""
    further = range(LAYER + 1, int(cell_tags.max(initial=LAYER)) + 1)
    return REGIONS | {f"layer {tag - BULK}": tag for tag in further}
