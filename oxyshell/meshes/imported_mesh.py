"""Read and check a mesh that another program wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats, Integers
from oxyshell.meshes.distribution import MeshArrays
from oxyshell.meshes.mesh_file import MeshFile, load
from oxyshell.meshes.physical_groups import group_tags, groups_of_cells, region_tags, with_surface
from oxyshell.meshes.placement import off_centre, place
from oxyshell.meshes.simplex import (
    VTK_TO_DOLFINX,
    cells_at_facets,
    geometry_element,
    jacobian_determinants,
    mirrored,
)
from oxyshell.meshes.symmetry import Exterior, Sides, with_axis, with_cut_planes
from oxyshell.meshes.tags import SYMMETRY


@dataclass(frozen=True, eq=False)
class ImportedMesh:
    """A mesh from a file, checked, in units of R.

    Attributes:
        arrays: The mesh.
        regions: Cell tags by the region's name.
        remarks: Sentences for a reader of the results.
    """

    arrays: MeshArrays
    regions: Mapping[str, int]
    remarks: tuple[str, ...] = ()

    def without_cells(self) -> ImportedMesh:
        """The same without cells, which is the share of the ranks other than 0."""
        arrays = self.arrays
        return replace(self, arrays=MeshArrays.empty(arrays.points.shape[1], arrays.degree))


def read(path: Path, radius: float, multiplicity: float = 1.0, length_unit: str = "m") -> ImportedMesh:
    """Read a mesh of simplices through meshio.

    Args:
        path: The file, in any format that meshio knows.
        radius: R in the file's units of length.
        multiplicity: Number of copies of the mesh that make the particle.
        length_unit: The file's unit of length, for messages.

    Raises:
        MeshError: If the file cannot be read or its mesh cannot be used; the message says what was found.
    """
    file = load(path)
    dimension, degree = file.dimension, file.cells.degree
    used, renumbered = np.unique(file.cells.nodes, return_inverse=True)
    nodes = renumbered.reshape(file.cells.nodes.shape)
    placed = place(file.points[used], dimension, radius, path, length_unit)
    if degree == 2:
        nodes = nodes[:, VTK_TO_DOLFINX[dimension]]
    nodes = _turned(placed.points, nodes, degree, radius, path)
    corners = nodes[:, : dimension + 1]
    shared = cells_at_facets(corners)
    if shared.max() > 2:
        raise MeshError(
            f"{path}: {int((shared > 2).sum() / 3)} facets belong to more than two cells; re-mesh."
        )
    _check_names(file)
    closure = np.array(geometry_element(dimension, degree).entity_closure_dofs[dimension - 1])
    exterior = Exterior(placed.points, nodes[:, closure], shared == 1, placed.axes, radius, path)
    sides = _sides(file, exterior, corners, used, multiplicity)
    owners = groups_of_cells(file)
    regions, cell_tags = region_tags(owners.groups, file.names, dimension)
    free = [axis for axis in exterior.mirrors if not _is_cut(exterior, sides, axis)]
    return ImportedMesh(
        MeshArrays(
            points=placed.points, cells=nodes, cell_tags=cell_tags, facet_tags=sides.tags, degree=degree
        ),
        regions,
        (
            *placed.remarks,
            *owners.remarks,
            *sides.remarks,
            *off_centre(placed.points, corners, free, placed.axes),
        ),
    )


def _is_cut(exterior: Exterior, sides: Sides, axis: int) -> bool:
    return bool((sides.tags == SYMMETRY[axis]).any() or exterior.cut(axis).any())


def _sides(
    file: MeshFile, exterior: Exterior, corners: Integers, used: Integers, multiplicity: float
) -> Sides:
    # A facet with a point that no cell uses gets the number of no point, and is then found on no cell.
    lookup = np.full(len(file.points), len(used), dtype=np.int64)
    lookup[used] = np.arange(len(used))
    facets = lookup[file.facets.nodes[:, : file.dimension]]
    tags = group_tags(file, exterior, corners, facets)
    if file.dimension == 2:
        tags = with_axis(exterior, tags)
    sides = with_cut_planes(exterior, tags, multiplicity)
    return Sides(with_surface(exterior, sides.tags), sides.remarks)


def _turned(points: Floats, nodes: Integers, degree: int, radius: float, path: Path) -> Integers:
    """The cells, those that are numbered the other way round with two vertices exchanged."""
    determinants = jacobian_determinants(points, nodes, degree)
    negative = (determinants < 0).all(axis=1)
    wrong = np.flatnonzero(~((determinants > 0).all(axis=1) | negative))
    if len(wrong):
        middle = points[nodes[wrong[0]]].mean(axis=0) * radius
        raise MeshError(
            f"{path}: {len(wrong)} of {len(nodes)} cells are inverted, flat or folded, the first near "
            f"{np.array2string(middle, precision=4)}. Improve the mesh (gmsh: optimise high-order elements)."
        )
    turned = nodes.copy()
    turned[negative] = mirrored(nodes[negative], points.shape[1])
    return turned


def _check_names(file: MeshFile) -> None:
    present = {(file.dimension, group) for group in file.cells.groups}
    present |= {(file.dimension - 1, group) for group in file.facets.groups}
    empty = [name for key, name in file.names.items() if key[0] >= file.dimension - 1 and key not in present]
    if empty:
        raise MeshError(
            f"{file.path}: the physical groups {', '.join(map(repr, empty))} name no elements. Remove them "
            "or assign elements to them; if all elements were saved, use MSH format 4.1, for gmsh writes no "
            "groups then in format 2.2."
        )
