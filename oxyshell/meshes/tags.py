"""Tags of facets and cells, the same in every mesh."""

from __future__ import annotations

SURFACE = 1
"""Facets on the particle's surface."""

SYMMETRY = (11, 12, 13)
"""Facets on which displacement component 0, 1 or 2 vanishes."""

BULK = 1
"""Cells of the particle's core."""

LAYER = 2
"""Cells of the surface layer."""

REGIONS = {"bulk": BULK, "layer": LAYER}
"""The regions of the meshes that oxyshell builds, by name."""
