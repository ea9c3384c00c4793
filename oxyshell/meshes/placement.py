"""Placement of an imported mesh: its plane, its scale, the axis of a half section, its middle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats, Integers

# Coordinates closer than this, in R, are one point.
_COINCIDENT = 1e-9
PLANE = 1e-6
"""Deviation from a plane, in R, that the rounding in a file may cause."""
_OFF_CENTRE = 0.1  # of half the extent


@dataclass(frozen=True, eq=False)
class Placed:
    """A mesh's points as the particle's.

    Attributes:
        points: Shape (points, dimension), in R; of a half section (r, z).
        axes: Names of the file's coordinates that they are.
        remarks: Sentences for a reader of the results.
    """

    points: Floats
    axes: tuple[str, ...]
    remarks: tuple[str, ...]


def place(raw: Floats, dimension: int, radius: float, path: Path, length_unit: str = "m") -> Placed:
    """The points of a solid, or of a plane mesh as a half section.

    A plane mesh may lie in any plane parallel to two axes: with x–y, (r, z) = (x, y); with x–z, (x, z); with
    y–z, (y, z).

    Args:
        raw: Shape (points, 3), in the file's units.
        dimension: 2 or 3.
        radius: R in the file's units.
        path: The file, for messages.
        length_unit: The file's unit of length, for messages.

    Raises:
        MeshError: If the triangles are in no such plane, R does not fit the mesh, or points lie on others.
    """
    if not radius > 0:
        raise MeshError(f"The particle's radius in the units of {path} has to be positive, not {radius}.")
    kept = _plane(raw, path) if dimension == 2 else (0, 1, 2)
    axes = tuple("xyz"[axis] for axis in kept)
    points = raw[:, kept] / radius
    farthest = float(np.linalg.norm(points, axis=1).max())
    if not 0.1 <= farthest <= 10:
        raise MeshError(
            f"{path}: check length_unit. With length_unit: {length_unit}, the farthest point of the mesh is "
            f"{farthest * radius:.3g} {length_unit} from the origin, and the radius that was given is "
            f"{radius:.3g} {length_unit}. If the unit is right, give the particle's radius, and centre the "
            "particle at the origin."
        )
    points[np.abs(points) < _COINCIDENT] = 0.0
    distinct = np.unique(np.round(points / _COINCIDENT), axis=0)
    if len(distinct) < len(points):
        raise MeshError(
            f"{path}: {len(points) - len(distinct)} points lie on others, so the mesh is cracked open. "
            "Merge duplicate nodes (gmsh: Coherence Mesh, or fragment the volumes before meshing)."
        )
    remarks: tuple[str, ...] = ()
    if axes in {("x", "z"), ("y", "z")}:
        remarks = (f"The mesh lies in the plane {axes[0]}–{axes[1]}: {axes[0]} counts as r, z as the axis.",)
    if dimension == 2:
        _on_one_side(points, axes[0], radius, path)
    return Placed(points, axes, remarks)


def _plane(raw: Floats, path: Path) -> tuple[int, int]:
    spread = np.ptp(raw, axis=0)
    flat = np.flatnonzero(spread <= PLANE * spread.max())
    if len(flat) != 1:
        raise MeshError(
            f"{path} has no volume cells: its triangles are in no plane parallel to two of the axes (they "
            f"extend over {spread[0]:.4g} × {spread[1]:.4g} × {spread[2]:.4g}). If they are a half section "
            "of a body of revolution, turn it into the plane x–y, with x = r. If they are the surface of a "
            "solid: Mesh the volume too."
        )
    first, second = (axis for axis in range(3) if axis != flat[0])
    return first, second


def _on_one_side(points: Floats, name: str, radius: float, path: Path) -> None:
    """Bring r within rounding of the axis onto it, and refuse what lies beyond."""
    r = points[:, 0]
    r[np.abs(r) < PLANE] = 0.0
    if r.min() < 0:
        raise MeshError(
            f"{path} is plane, hence a half section {name} = r ≥ 0 of a body of revolution, but it reaches "
            f"{name} = {r.min() * radius:g}. Keep one side of the axis, that of positive {name}; if the axis "
            f"lies along {name}, exchange the coordinates."
        )


def off_centre(points: Floats, corners: Integers, free: list[int], axes: tuple[str, ...]) -> tuple[str, ...]:
    """A remark if the middle of a body is not at the origin.

    Args:
        points: Shape (points, d), in R.
        corners: Vertices of the cells, shape (cells, d + 1).
        free: Directions in which the body is not cut through the origin.
        axes: Names of the coordinates.
    """
    cells = points[corners]
    middles = cells.mean(axis=1)
    volumes = np.abs(np.linalg.det(cells[:, 1:] - cells[:, :1]))
    if points.shape[1] == 2:
        volumes = volumes * middles[:, 0]
    centre = volumes @ middles / volumes.sum()
    half = 0.5 * np.ptp(points, axis=0)
    off = [axis for axis in free if abs(centre[axis]) > _OFF_CENTRE * half[axis]]
    if not off:
        return ()
    where = ", ".join(f"{axes[axis]} = {centre[axis]:.3g} R" for axis in off)
    remark = (
        f"The middle of the mesh's volume lies at {where}, not at the origin, from which radius, radial and "
        "hoop directions are measured."
    )
    return (remark,)
