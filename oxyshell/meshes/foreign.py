"""Reading a mesh that another program wrote, and refusing what cannot be computed on."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from oxyshell.errors import MeshError
from oxyshell.meshes.distribution import MeshArrays
from oxyshell.meshes.foreign_tags import facet_tags, region_tags
from oxyshell.meshes.simplex import VTK_TO_DOLFINX, cells_at_facets, jacobian_determinants

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Dimension and degree of the cells that meshio may return.
_SIMPLICES = {
    "vertex": (0, 0),
    "line": (1, 1),
    "line3": (1, 2),
    "triangle": (2, 1),
    "triangle6": (2, 2),
    "tetra": (3, 1),
    "tetra10": (3, 2),
}
_PHYSICAL = "gmsh:physical"

# Coordinates closer than this, in R, are one point.
_COINCIDENT = 1e-9


@dataclass(frozen=True, eq=False)
class ForeignMesh:
    """A mesh from a file, checked, in units of R.

    Attributes:
        arrays: The mesh.
        regions: Cell tags by the region's name.
    """

    arrays: MeshArrays
    regions: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class _Block:
    """All elements of one dimension: nodes, shape (elements, nodes), physical groups, shape (elements,)."""

    nodes: Integers
    groups: Integers
    degree: int


def read(path: Path, radius: float) -> ForeignMesh:
    """Read a mesh of simplices through meshio.

    Args:
        path: The file, in any format that meshio knows.
        radius: R in the file's units of length.

    Raises:
        MeshError: If the file cannot be read or its mesh cannot be used; the message says what was found.
    """
    raw = _load(path)
    dimension = _dimension(raw, path)
    cells = _block(raw, dimension, path)
    facets = _block(raw, dimension - 1, path)
    if len(facets.nodes) and facets.degree != cells.degree:
        raise MeshError(
            f"{path}: the cells are of order {cells.degree} and the facets of order {facets.degree}. Write "
            "elements of all dimensions with one order."
        )
    used, renumbered = np.unique(cells.nodes, return_inverse=True)
    nodes = renumbered.reshape(cells.nodes.shape)
    points = _coordinates(np.asarray(raw.points, dtype=np.float64)[used], dimension, radius, path)
    if cells.degree == 2:
        nodes = nodes[:, VTK_TO_DOLFINX[dimension]]
    corners = nodes[:, : dimension + 1]
    _check_cells(points, nodes, cells.degree, radius, path)
    shared = cells_at_facets(corners)
    if shared.max() > 2:
        raise MeshError(
            f"{path}: {int((shared > 2).sum() / 3)} facets belong to more than two cells; re-mesh."
        )

    names = {(int(dim), int(tag)): name for name, (tag, dim) in _field_data(raw).items()}
    _check_names(names, cells, facets, dimension, path)
    regions, cell_tags = region_tags(cells.groups, names, dimension)
    # A facet with a point that no cell uses gets the number of no point, and is then found on no cell.
    lookup = np.full(len(raw.points), len(used), dtype=np.int64)
    lookup[used] = np.arange(len(used))
    return ForeignMesh(
        MeshArrays(
            points=points,
            cells=nodes,
            cell_tags=cell_tags,
            facet_tags=facet_tags(
                points, corners, shared == 1, lookup[facets.nodes[:, :dimension]], facets.groups, names, path
            ),
            degree=cells.degree,
        ),
        regions,
    )


def _load(path: Path) -> Any:
    # meshio takes a fifth of a second to import, and only imported meshes need it.
    import meshio

    if not path.is_file():
        raise MeshError(f"There is no mesh file {path.absolute()}.")
    chatter = io.StringIO()
    try:
        # For a suffix of several formats meshio prints why each one but the last did not fit.
        with contextlib.redirect_stdout(chatter), contextlib.redirect_stderr(chatter):
            return meshio.read(path)
    except (Exception, SystemExit) as error:  # its readers raise anything, and it exits if none fits
        reason = " ".join(f"{error} {chatter.getvalue()}".split())
        raise MeshError(f"meshio cannot read {path}: {reason}. Write it as .msh (gmsh) or .vtu.") from error


def _dimension(raw: Any, path: Path) -> int:
    found = {block.type: len(block.data) for block in raw.cells if len(block.data)}
    listing = ", ".join(f"{count} {kind}" for kind, count in found.items()) or "nothing"
    unknown = sorted(set(found) - set(_SIMPLICES))
    if unknown:
        raise MeshError(
            f"{path} holds {listing}; {', '.join(unknown)} cannot be used. Mesh with triangles or "
            "tetrahedra of first or second order."
        )
    dimension = max((_SIMPLICES[kind][0] for kind in found), default=0)
    if dimension < 2:
        raise MeshError(
            f"{path} has no volume cells (found {listing}); it needs tetrahedra, or triangles of a half "
            "section (r, z). With gmsh, put the volume into a physical group too, or save all elements."
        )
    if dimension == 2 and np.ptp(raw.points[:, 2:]) > 0:
        raise MeshError(
            f"{path} has no volume cells (found {listing}): its triangles leave the plane z = 0, so they "
            "are the surface of a solid. Mesh the volume too."
        )
    return dimension


def _block(raw: Any, dimension: int, path: Path) -> _Block:
    width = {degree: kind for kind, (dim, degree) in _SIMPLICES.items() if dim == dimension}
    groups = raw.cell_data.get(_PHYSICAL, [np.zeros(len(block.data)) for block in raw.cells])
    chosen = [
        (block.type, block.data, group)
        for block, group in zip(raw.cells, groups, strict=True)
        if block.type in width.values() and len(block.data)
    ]
    kinds = sorted({kind for kind, _, _ in chosen})
    if len(kinds) > 1:
        raise MeshError(f"{path} mixes {' and '.join(kinds)}. Write all elements with one order.")
    if not kinds:
        return _Block(np.empty((0, dimension + 1), dtype=np.int64), np.empty(0, dtype=np.int64), degree=0)
    return _Block(
        np.concatenate([data for _, data, _ in chosen]).astype(np.int64),
        np.concatenate([group for _, _, group in chosen]).astype(np.int64),
        degree=_SIMPLICES[kinds[0]][1],
    )


def _coordinates(raw: Floats, dimension: int, radius: float, path: Path) -> Floats:
    if not radius > 0:
        raise MeshError(f"The particle's radius in the units of {path} has to be positive, not {radius}.")
    points = raw[:, :dimension] / radius
    farthest = float(np.linalg.norm(points, axis=1).max())
    if not 0.1 <= farthest <= 10:
        raise MeshError(
            f"{path}: the farthest point is at {farthest:.3g} R from the origin. Give the radius in the "
            f"file's units (it was {radius:g}), and centre the particle at the origin."
        )
    points[np.abs(points) < _COINCIDENT] = 0.0
    distinct = np.unique(np.round(points / _COINCIDENT), axis=0)
    if len(distinct) < len(points):
        raise MeshError(
            f"{path}: {len(points) - len(distinct)} points lie on others, so the mesh is cracked open. "
            "Merge duplicate nodes (gmsh: Coherence Mesh, or fragment the volumes before meshing)."
        )
    if dimension == 2 and points[:, 0].min() < 0:
        raise MeshError(
            f"{path} is plane, hence a half section x = r ≥ 0, y = z of a body of revolution, but it reaches "
            f"x = {points[:, 0].min() * radius:g}. Keep one side of the axis."
        )
    return points


def _check_cells(points: Floats, nodes: Integers, degree: int, radius: float, path: Path) -> None:
    determinants = jacobian_determinants(points, nodes, degree)
    wrong = np.flatnonzero(~(determinants > 0).all(axis=1))
    if len(wrong):
        place = points[nodes[wrong[0]]].mean(axis=0) * radius
        raise MeshError(
            f"{path}: {len(wrong)} of {len(nodes)} cells are inverted, flat or folded, the first near "
            f"{np.array2string(place, precision=4)}. Improve the mesh (gmsh: optimise high-order elements); "
            "if all cells are, their nodes are numbered the other way round."
        )


def _field_data(raw: Any) -> dict[str, tuple[int, int]]:
    return {name: (value[0], value[1]) for name, value in raw.field_data.items() if len(value) == 2}


def _check_names(
    names: dict[tuple[int, int], str], cells: _Block, facets: _Block, dimension: int, path: Path
) -> None:
    present = {(dimension, int(tag)) for tag in np.unique(cells.groups)}
    present |= {(dimension - 1, int(tag)) for tag in np.unique(facets.groups)}
    empty = [name for key, name in names.items() if key[0] >= dimension - 1 and key not in present]
    if empty:
        raise MeshError(
            f"{path}: the physical groups {', '.join(map(repr, empty))} name no elements. Remove them or "
            "assign elements to them."
        )
