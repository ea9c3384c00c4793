"""Plane sections through field snapshots, completed at the symmetry planes of parts of bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oxyshell.errors import OutputError
from oxyshell.outputs.records import Array, FieldSnapshot

type Indices = npt.NDArray[np.int64]

# Of the body's size: how near a plane of symmetry is met, and how far inside a body it is cut beside one.
_NEAR = 1e-6
_INSIDE = 1e-4
# A quadratic triangle as four linear ones.
_FOUR = np.array([[0, 3, 5], [3, 1, 4], [5, 4, 2], [3, 4, 5]])


@dataclass(frozen=True, eq=False)
class Section:
    """A plane through the centre of a body.

    Attributes:
        points: Positions in m, in the two directions of the plane, shape (n, 2).
        triangles: Corners, shape (m, 3); a point belongs to one cell, so that values may jump.
        values: Scalars by name, shape (n,).
        outline: Ends of the edges along the surface, shape (k, 2).
    """

    points: Array
    triangles: Indices
    values: Mapping[str, Array]
    outline: Indices


def section(snapshot: FieldSnapshot, normal: int = 1) -> Section:
    """Cut a two- or three-dimensional body along its x–z plane, or a solid along another.

    Args:
        snapshot: The fields.
        normal: Direction across the plane through a solid, 0 to 2.

    Raises:
        OutputError: If the snapshot is of another kind of cells.
    """
    scalars: Mapping[str, Array] = {
        name: values for name, values in snapshot.point_data.items() if np.ndim(values) == 1
    }
    if set(snapshot.cells) == {"triangle6"}:
        triangles = snapshot.cells["triangle6"][:, _FOUR].reshape(-1, 3)
        points = snapshot.points[:, :2]
    elif set(snapshot.cells) == {"tetra10"}:
        points, triangles, scalars = _slice(snapshot, scalars, normal)
    else:
        raise OutputError(f"No section is known through cells of the kind {', '.join(snapshot.cells)}.")
    for axis in (0, 1):
        points, triangles, scalars = _mirrored(points, triangles, scalars, axis)
    return Section(points, triangles, scalars, _outline(points, triangles))


def _slice(
    snapshot: FieldSnapshot, scalars: Mapping[str, Array], normal: int
) -> tuple[Array, Indices, Mapping[str, Array]]:
    import pyvista
    from vtkmodules.util.vtkConstants import VTK_QUADRATIC_TETRA

    size = float(np.max(np.ptp(snapshot.points, axis=0)))
    low, high = snapshot.points[:, normal].min() / size, snapshot.points[:, normal].max() / size
    plane = min(max(0.0, low + _INSIDE), high - _INSIDE)
    across = np.eye(3)[normal]
    cells = snapshot.cells["tetra10"]
    regions = np.asarray(snapshot.cell_data.get("region", np.zeros(len(cells))))
    cuts = []
    # One by one: VTK makes one point of those that coincide, and fields may jump where regions meet.
    for region in np.unique(regions):
        # In units of the body's size: VTK merges points that are nearer than single precision sees.
        grid = pyvista.UnstructuredGrid(
            {VTK_QUADRATIC_TETRA: cells[regions == region]}, snapshot.points / size
        )
        for name, values in scalars.items():
            grid.point_data[name] = values
        cuts.append(grid.slice(normal=across, origin=plane * across).triangulate())
    points = np.concatenate([np.asarray(cut.points, dtype=float) for cut in cuts])
    first = np.cumsum([0, *(len(cut.points) for cut in cuts)])
    triangles = np.concatenate(
        [
            np.asarray(cut.regular_faces, dtype=np.int64).reshape(-1, 3) + begin
            for cut, begin in zip(cuts, first, strict=False)
        ]
    )
    values_of = {
        name: np.concatenate([np.asarray(cut.point_data[name], dtype=float) for cut in cuts])
        for name in scalars
    }
    return np.delete(points, normal, axis=1) * size, triangles, values_of


def _mirrored(
    points: Array, triangles: Indices, scalars: Mapping[str, Array], axis: int
) -> tuple[Array, Indices, Mapping[str, Array]]:
    """A section completed at a coordinate axis, if it lies on one side of it."""
    if points[:, axis].min() < -_NEAR * np.max(np.abs(points)):
        return points, triangles, scalars
    other = points * np.where(np.arange(2) == axis, -1.0, 1.0)
    return (
        np.concatenate([points, other]),
        np.concatenate([triangles, triangles + len(points)]),
        {name: np.concatenate([values, values]) for name, values in scalars.items()},
    )


def _outline(points: Array, triangles: Indices) -> Indices:
    """The edges that belong to one triangle only, once points that coincide count as one."""
    rounded = np.round(points / np.max(np.abs(points)) / _NEAR).astype(np.int64)
    _, first, same = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    corners = same.reshape(-1)[triangles]
    edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    found, count = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0, return_counts=True)
    outline: Indices = first[found[count == 1]]
    return outline
