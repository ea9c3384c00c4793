"""What the physical groups of an imported mesh mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from oxyshell.errors import MeshError
from oxyshell.meshes.simplex import facet_keys, facets_of
from oxyshell.meshes.tags import BULK, LAYER, REGIONS, SURFACE, SYMMETRY

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Tags = npt.NDArray[np.int32]

# What a group's name says about facets; in a half section (x, y) = (r, z), and both words are known.
_FACET_NAMES = {
    2: {
        "surface": SURFACE,
        "axis": SYMMETRY[0],
        "symmetry_x": SYMMETRY[0],
        "symmetry_y": SYMMETRY[1],
        "symmetry_z": SYMMETRY[1],
    },
    3: {
        "surface": SURFACE,
        "symmetry_x": SYMMETRY[0],
        "symmetry_y": SYMMETRY[1],
        "symmetry_z": SYMMETRY[2],
    },
}
_PLANE = 1e-6  # deviation from a symmetry plane, in R, that a file's rounding may cause


def region_tags(
    groups: Integers, names: dict[tuple[int, int], str], dimension: int
) -> tuple[dict[str, int], Tags]:
    """Regions of the cells.

    The names "bulk" and "layer" are known; other names get tags from 3 on in the order of their groups.
    Without a name, 0 (no group) and 1 are the bulk, 2 is the layer, and N is "region N".

    Args:
        groups: Physical group of every cell, 0 for none.
        names: Names of the groups by dimension and number.
        dimension: Dimension of the cells.

    Returns:
        Tags by name, and the tag of every cell.
    """
    regions = dict(REGIONS)
    unnamed = {0: "bulk", BULK: "bulk", LAYER: "layer"}
    found, inverse = np.unique(groups, return_inverse=True)
    tags = []
    for group in found.tolist():
        name = names.get((dimension, group), unnamed.get(group, f"region {group}"))
        key = name.lower() if name.lower() in REGIONS else name
        tags.append(regions.setdefault(key, len(regions) + 1))
    return regions, np.array(tags, dtype=np.int32)[inverse]


def facet_tags(
    points: Floats,
    corners: Integers,
    alone: npt.NDArray[np.bool_],
    facets: Integers,
    groups: Integers,
    names: dict[tuple[int, int], str],
    path: Path,
) -> Tags:
    """Tags of the exterior facets.

    Groups count by name; without a name the numbers are those of `oxyshell.meshes.tags`. The axis of a half
    section is found by itself, and without any group for the surface it is the rest of the exterior. Other
    groups are ignored on interior facets.

    Args:
        points: Node coordinates in R, shape (nodes, d).
        corners: Vertices of the cells, shape (cells, d + 1).
        alone: Which facets of the cells are exterior, shape (cells, d + 1).
        facets: Vertices of the file's facets, shape (facets, d).
        groups: Physical group of the file's facets, 0 for none, shape (facets,).
        names: Names of the groups by dimension and number.
        path: The file, for messages.

    Returns:
        Tags of the cells' facets, 0 for none, shape (cells, d + 1).

    Raises:
        MeshError: If a group's facets are not where its name says, or there is no surface.
    """
    dimension = points.shape[1]
    known = _FACET_NAMES[dimension]
    sides = facets_of(corners)
    keys = facet_keys(sides, len(points) + 1)
    tags = np.zeros(alone.shape, dtype=np.int32)
    for group in np.unique(groups[groups != 0]).tolist():
        name = names.get((dimension - 1, group), str(group))
        tag = known.get(name.lower(), group if (dimension - 1, group) not in names else 0)
        claimed = facet_keys(facets[groups == group], len(points) + 1)
        members = np.isin(keys, claimed)
        stray = int((~np.isin(claimed, keys[alone])).sum())
        if tag in known.values() and stray:
            raise MeshError(
                f"{path}: {stray} of {len(claimed)} facets of group {name!r} are not on the exterior."
            )
        if tag not in known.values() and (members & alone).any():
            raise MeshError(
                f"{path}: exterior facets are in a group {name!r}; the known names are {', '.join(known)}."
            )
        if tag in SYMMETRY:
            _check_plane(points[sides[members]], SYMMETRY.index(tag), name, path)
        if tag in known.values():
            tags[members & alone] = tag
    free = alone & (tags == 0)
    if dimension == 2:
        axis = free & (points[sides, 0] == 0).all(axis=-1)
        tags[axis] = SYMMETRY[0]
        free &= ~axis
    if not (tags == SURFACE).any():
        tags[free] = SURFACE
    if not (tags == SURFACE).any():
        raise MeshError(f"{path}: all exterior facets are symmetry planes, none is left for the surface.")
    return tags


def _check_plane(corners: Floats, axis: int, name: str, path: Path) -> None:
    spread = float(np.ptp(corners[..., axis]))
    if spread > _PLANE:
        raise MeshError(
            f"{path}: the facets of group {name!r} are not in one plane across axis {'xyz'[axis]} (they "
            f"spread over {spread:.3g} R), so they are no symmetry plane."
        )
