"""Check that an imported mesh resolves a surface layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats
from oxyshell.meshes.distribution import MeshArrays
from oxyshell.meshes.simplex import facets_of
from oxyshell.meshes.tags import LAYER, SURFACE

# Cells across a layer below which a linear profile in it is not followed.
_FEWEST = 3


@dataclass(frozen=True)
class WantedLayer:
    """The layer that a mesh has to resolve.

    Attributes:
        thickness: In R, 0 if there is no layer.
        by_region: The layer is the cells of the region "layer", instead of all that is less deep.
    """

    thickness: float = 0.0
    by_region: bool = False


def check_layer(arrays: MeshArrays, wanted: WantedLayer) -> tuple[str, ...]:
    """A remark if a layer is too thin for the cells at the surface.

    Raises:
        MeshError: If the layer is a region that the mesh does not have.
    """
    if wanted.by_region and not (arrays.cell_tags == LAYER).any():
        raise MeshError(
            "The profile 'step' is the region 'layer' of the mesh, and no cell is in it. Put the layer's "
            "cells into a physical group 'layer', or use the profile 'linear' or 'cosine'."
        )
    if not wanted.thickness > 0:
        return ()
    height = float(np.median(_heights(arrays)))
    if wanted.thickness >= _FEWEST * height * (1 - 1e-9):
        return ()
    remark = (
        f"The layer is {wanted.thickness:.3g} R thick and the cells at the surface {height:.3g} R (median): "
        f"they do not resolve it. Mesh it with at least {_FEWEST} cells across."
    )
    return (remark,)


def _heights(arrays: MeshArrays) -> Floats:
    """Distances of the vertices opposite to the surface's facets from these, in R."""
    dimension = arrays.points.shape[1]
    corners = arrays.cells[:, : dimension + 1]
    cell, facet = np.nonzero(arrays.facet_tags == SURFACE)
    base = arrays.points[facets_of(corners)[cell, facet]]
    spans = base[:, 1:] - base[:, :1]
    # The volume over that of the base: Gram's determinant holds for an edge as for a triangle.
    area = np.sqrt(np.linalg.det(spans @ spans.transpose(0, 2, 1)))
    vertices = arrays.points[corners[cell]]
    volume = np.abs(np.linalg.det(vertices[:, 1:] - vertices[:, :1]))
    return np.asarray(volume / area)
