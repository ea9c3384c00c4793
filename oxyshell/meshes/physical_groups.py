"""Regions and surface of an imported mesh from its physical groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Booleans, Integers, Tags
from oxyshell.meshes.mesh_file import MeshFile
from oxyshell.meshes.placement import PLANE
from oxyshell.meshes.simplex import facet_keys, facets_of
from oxyshell.meshes.symmetry import Exterior
from oxyshell.meshes.tags import BULK, LAYER, REGIONS, SURFACE, SYMMETRY

# Tags of facets by the name of their group; in a half section (x, y) = (r, z), and both words are known.
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
# Names that groups without one have by their number.
_UNNAMED = {0: "bulk", BULK: "bulk", LAYER: "layer"}


@dataclass(frozen=True, eq=False)
class CellGroups:
    """The one group of every cell that makes its region, 0 for none, and remarks on it."""

    groups: Integers
    remarks: tuple[str, ...]


def groups_of_cells(file: MeshFile) -> CellGroups:
    """One group for each cell.

    Of several groups "bulk" or "layer" counts, otherwise the one with the fewest cells.

    Raises:
        MeshError: If cells are in the bulk and in the layer.
    """
    cells = file.cells
    members = {group: cells.of_group(group) for group in cells.groups}
    names = {group: _region_name(group, file.names, file.dimension) for group in members}
    ranked = sorted(members, key=lambda group: (names[group] not in REGIONS, len(members[group]), group))
    owners = np.zeros(len(cells.nodes), dtype=np.int64)
    for group in reversed(ranked):
        owners[members[group]] = group
    several = np.bincount(cells.claims[:, 0], minlength=len(owners)) > 1
    if not several.any():
        return CellGroups(owners, ())
    known = [group for group in ranked if names[group] in REGIONS]
    both = [np.isin(np.arange(len(owners)), members[group]) for group in known]
    twice = int((np.sum(both, axis=0) > 1).sum())
    if len({names[group] for group in known}) > 1 and twice:
        raise MeshError(
            f"{file.path}: {twice} cells are in the physical groups of the bulk and of the layer. Leave each "
            "cell in one of them."
        )
    shared = [group for group in ranked if several[members[group]].any()]
    chosen = sorted({names[group] for group in np.unique(owners[several]).tolist()})
    remark = (
        f"{int(several.sum())} cells of the mesh are in several physical groups "
        f"({', '.join(names[group] for group in shared)}); the region that counts is {' or '.join(chosen)}."
    )
    return CellGroups(owners, (remark,))


def _region_name(group: int, names: Mapping[tuple[int, int], str], dimension: int) -> str:
    name = names.get((dimension, group), _UNNAMED.get(group, f"region {group}"))
    return name.lower() if name.lower() in REGIONS else name


def region_tags(
    groups: Integers, names: Mapping[tuple[int, int], str], dimension: int
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
    found, inverse = np.unique(groups, return_inverse=True)
    tags = [
        regions.setdefault(_region_name(group, names, dimension), len(regions) + 1)
        for group in found.tolist()
    ]
    return regions, np.array(tags, dtype=np.int32)[inverse]


def group_tags(file: MeshFile, exterior: Exterior, corners: Integers, facets: Integers) -> Tags:
    """Tags of the exterior facets by their groups.

    Groups count by name; without a name the numbers are those of `oxyshell.meshes.tags`. Other groups are
    ignored on interior facets, and beside a known group of the same facet.

    Args:
        file: Names, and groups of the facets.
        exterior: The sides of the cells.
        corners: Vertices of the cells, shape (cells, d + 1).
        facets: Vertices of the file's facets, shape (facets, d).

    Returns:
        Tags of the cells' facets, 0 for none, shape (cells, d + 1).

    Raises:
        MeshError: If a group's facets are not where its name says, or an exterior facet's groups are unknown
            or contradict each other.
    """
    dimension, path = file.dimension, file.path
    known = _FACET_NAMES[dimension]
    count = len(exterior.points) + 1
    keys = facet_keys(facets_of(corners), count)
    tags = np.zeros(exterior.is_exterior.shape, dtype=np.int32)
    unknown: dict[str, Booleans] = {}
    for group in file.facets.groups:
        name = file.names.get((dimension - 1, group), str(group))
        tag = known.get(name.lower(), group if (dimension - 1, group) not in file.names else 0)
        claimed = facet_keys(facets[file.facets.of_group(group)], count)
        members = np.isin(keys, claimed)
        if tag not in known.values():
            unknown[name] = members & exterior.is_exterior
            continue
        stray = int((~np.isin(claimed, keys[exterior.is_exterior])).sum())
        if stray:
            raise MeshError(
                f"{path}: {stray} of {len(claimed)} facets of group {name!r} are not on the exterior."
            )
        if tag in SYMMETRY:
            _check_plane(exterior, members, SYMMETRY.index(tag), name, path)
        before = tags[members]
        if ((before != 0) & (before != tag)).any():
            raise MeshError(
                f"{path}: {int(((before != 0) & (before != tag)).sum())} facets of group {name!r} are in "
                "another group of the surface or of a symmetry plane too. Leave each facet in one of them."
            )
        tags[members] = tag
    for name, members in unknown.items():
        if (members & (tags == 0)).any():
            # Where the file names its groups, numbers would only confuse.
            named = any(key[0] == dimension - 1 for key in file.names)
            expected = f"names are {', '.join(known)}" if named else f"numbers are {_numbers(known)}"
            raise MeshError(f"{path}: exterior facets are in a group {name!r}; the known {expected}.")
    return tags


def _numbers(known: Mapping[str, int]) -> str:
    """The numbers of groups without a name, each with the names that mean the same."""
    names = {tag: [name for name, one in known.items() if one == tag] for tag in known.values()}
    return ", ".join(f"{tag} ({' or '.join(names[tag])})" for tag in sorted(names))


def with_surface(exterior: Exterior, tags: Tags) -> Tags:
    """The tags, with all that is left of the exterior as the surface if no group is.

    Raises:
        MeshError: If nothing is left.
    """
    found = tags.copy()
    if not (tags == SURFACE).any():
        found[exterior.is_exterior & (tags == 0)] = SURFACE
    if not (found == SURFACE).any():
        raise MeshError(
            f"{exterior.path}: all exterior facets are symmetry planes, none is left for the surface."
        )
    return found


def _check_plane(exterior: Exterior, members: Booleans, axis: int, name: str, path: Path) -> None:
    along = exterior.points[exterior.sides[members]][..., axis]
    across = exterior.axes[axis]
    if float(np.ptp(along)) > PLANE:
        raise MeshError(
            f"{path}: the facets of group {name!r} are not in one plane across axis {across} (they "
            f"spread over {np.ptp(along):.3g} R), so they are no symmetry plane."
        )
    if float(np.abs(along).max()) > PLANE:
        raise MeshError(
            f"{path}: the facets of group {name!r} lie in the plane "
            f"{exterior.plane(axis, float(along.mean()))}, which does not pass through the origin, the "
            "particle's centre. Move the mesh so that its cuts meet in the origin."
        )
