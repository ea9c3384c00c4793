"""The elements of a mesh file and their physical groups, as far as any format has them."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes import msh4
from oxyshell.meshes.arrays import Floats, Integers

# Dimension and degree of the elements that can be used.
_SIMPLICES = {
    "vertex": (0, 0),
    "line": (1, 1),
    "line3": (1, 2),
    "triangle": (2, 1),
    "triangle6": (2, 2),
    "tetra": (3, 1),
    "tetra10": (3, 2),
}


@dataclass(frozen=True, eq=False)
class Elements:
    """All elements of one dimension, each once.

    Attributes:
        nodes: Shape (elements, nodes per element), in VTK's order.
        claims: An element and a physical group that it is in, shape (claims, 2); elements may be in none or
            in several.
        degree: 1 or 2, and 0 if there are no elements.
    """

    nodes: Integers
    claims: Integers
    degree: int

    def of_group(self, group: int) -> Integers:
        """The elements in a group."""
        return np.asarray(self.claims[self.claims[:, 1] == group, 0])

    @property
    def groups(self) -> list[int]:
        """The numbers of the groups, ascending."""
        return [int(group) for group in np.unique(self.claims[:, 1])]


@dataclass(frozen=True, eq=False)
class MeshFile:
    """A mesh file's content.

    Attributes:
        path: The file, for messages.
        points: Coordinates, shape (points, 3), in the file's units.
        dimension: 2 or 3.
        cells: Elements of that dimension.
        facets: Elements of one dimension less.
        names: Names of the physical groups by dimension and number.
    """

    path: Path
    points: Floats
    dimension: int
    cells: Elements
    facets: Elements
    names: Mapping[tuple[int, int], str]


def load(path: Path) -> MeshFile:
    """Read a file in any format that meshio knows.

    Raises:
        MeshError: If it cannot be read, or holds no triangles or tetrahedra alone.
    """
    if not path.is_file():
        raise MeshError(f"There is no mesh file {path.absolute()}.")
    raw, groups = _read(path)
    dimension = _dimension(raw, path)
    cells = _elements(raw, groups, dimension, path)
    facets = _elements(raw, groups, dimension - 1, path)
    if len(facets.nodes) and facets.degree != cells.degree:
        raise MeshError(
            f"{path}: the cells are of order {cells.degree} and the facets of order {facets.degree}. Write "
            "elements of all dimensions with one order."
        )
    names = {(int(v[1]), int(v[0])): name for name, v in raw.field_data.items() if len(v) == 2}
    points = np.asarray(raw.points, dtype=np.float64)
    points = np.pad(points, ((0, 0), (0, 3 - points.shape[1])))
    return MeshFile(path, points, dimension, cells, facets, names)


def _read(path: Path) -> tuple[Any, msh4.GroupsOfEntities]:
    content = path.read_bytes() if path.suffix == ".msh" else b""
    if not msh4.is_msh4(content):
        return _by_meshio(path, path), {}
    try:
        parts = msh4.split(content)
    except msh4.UnreadableError as error:
        raise MeshError(f"{path} cannot be read: {error}.") from None
    # meshio reads binary data from files only.
    with tempfile.TemporaryDirectory() as folder:
        rest = Path(folder) / path.name
        rest.write_bytes(parts.content)
        return _by_meshio(rest, path), parts.groups


def _by_meshio(file: Path, path: Path) -> Any:
    # meshio takes a fifth of a second to import, and only imported meshes need it.
    import meshio

    chatter = io.StringIO()
    try:
        # For a suffix of several formats meshio prints why each one but the last did not fit.
        with contextlib.redirect_stdout(chatter), contextlib.redirect_stderr(chatter):
            return meshio.read(file)
    except (Exception, SystemExit) as error:  # its readers raise anything, and it exits if none fits
        reason = " ".join(f"{error} {chatter.getvalue()}".split()).replace(str(file), str(path))
        raise MeshError(
            f"meshio cannot read {path}: {reason}. Write it as "
            "MSH 4.1 (gmsh, without parametric coordinates) or as .vtu."
        ) from error


def _dimension(raw: Any, path: Path) -> int:
    found: dict[str, int] = {}
    for block in raw.cells:
        if len(block.data):
            found[block.type] = found.get(block.type, 0) + len(block.data)
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
    return dimension


def _elements(raw: Any, groups: msh4.GroupsOfEntities, dimension: int, path: Path) -> Elements:
    kinds = [kind for kind, (dim, _) in _SIMPLICES.items() if dim == dimension]
    chosen = [i for i, block in enumerate(raw.cells) if block.type in kinds and len(block.data)]
    present = sorted({raw.cells[i].type for i in chosen})
    if len(present) > 1:
        raise MeshError(f"{path} mixes {' and '.join(present)}. Write all elements with one order.")
    if not present:
        none = np.empty((0, dimension + 1), dtype=np.int64)
        return Elements(none, np.empty((0, 2), dtype=np.int64), degree=0)
    claims: list[Integers] = []
    start = 0
    for i in chosen:
        of_block = _claims(raw, groups, dimension, i)
        of_block[:, 0] += start
        claims.append(of_block)
        start += len(raw.cells[i].data)
    nodes = np.concatenate([raw.cells[i].data for i in chosen]).astype(np.int64)
    return _once(nodes, np.concatenate(claims), _SIMPLICES[present[0]][1])


def _claims(raw: Any, groups: msh4.GroupsOfEntities, dimension: int, block: int) -> Integers:
    """Elements of a block, counted from 0, and their groups."""
    elements = np.arange(len(raw.cells[block].data))
    if groups:
        entity = int(raw.cell_data["gmsh:geometrical"][block][0])
        found = np.array(groups.get((dimension, entity), ()), dtype=np.int64)
        return np.column_stack([np.tile(elements, len(found)), np.repeat(found, len(elements))])
    if "gmsh:physical" not in raw.cell_data:
        return np.empty((0, 2), dtype=np.int64)
    physical = np.asarray(raw.cell_data["gmsh:physical"][block]).astype(np.int64)
    return np.asarray(np.column_stack([elements, physical])[physical != 0])


def _once(nodes: Integers, claims: Integers, degree: int) -> Elements:
    """Elements that a file repeats, once for each of their groups, as one (so does MSH 2.2)."""
    _, first, inverse = np.unique(np.sort(nodes, axis=1), axis=0, return_index=True, return_inverse=True)
    if len(first) == len(nodes):
        return Elements(nodes, claims, degree)
    merged = np.column_stack([inverse.reshape(-1)[claims[:, 0]], claims[:, 1]])
    return Elements(nodes[first], np.unique(merged, axis=0), degree)
