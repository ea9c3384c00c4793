"""Sections of the particle of a radial run, for ParaView: a half disc, a disc or a slab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from oxyshell.models.base.observable import SectionArrays
from oxyshell.outputs.fields import BODIES, write_index
from oxyshell.outputs.records import Array, FieldSnapshot, Profile
from oxyshell.outputs.result import Profiles
from oxyshell.outputs.vtu import write_vtu

type Regions = npt.NDArray[np.int32]

_ANGLE = np.deg2rad(7.5)
# Of the profile's points, from one end of an element to the other.
_EVERY = 4


class Sweep(Protocol):
    """A motion that takes the radial line through the particle's section in the plane of a drawing, x–y."""

    def positions(self, radius: Array) -> Array:
        """Positions of a radius, shape (points, sweep, 2), in the unit of the radius (points,)."""

    def outwards(self, radius: Array) -> Array:
        """Unit vectors away from the centre, shape (points, sweep, 3)."""


@dataclass(frozen=True)
class Turn:
    """The line turned about the centre, from the y axis on.

    Attributes:
        angle: How far, in radians.
    """

    angle: float

    def positions(self, radius: Array) -> Array:
        positions: Array = radius[:, None, None] * self.outwards(radius)[:, :, :2]
        return positions

    def outwards(self, radius: Array) -> Array:
        angles = np.linspace(0.0, self.angle, round(self.angle / _ANGLE) + 1)
        directions = np.stack([np.sin(angles), np.cos(angles), np.zeros_like(angles)], axis=-1)
        return np.broadcast_to(directions, (len(radius), *directions.shape))


@dataclass(frozen=True)
class Shift:
    """The line shifted across itself, on one side of a mid-plane."""

    side: float

    def positions(self, radius: Array) -> Array:
        height = float(np.max(radius)) * np.array([-0.5, 0.5])
        across = np.broadcast_to(self.side * radius[:, None], (len(radius), len(height)))
        return np.stack([across, np.broadcast_to(height, across.shape)], axis=-1)

    def outwards(self, radius: Array) -> Array:
        return np.broadcast_to(np.array([self.side, 0.0, 0.0]), (len(radius), 2, 3))


def write_bodies(
    folder: Path,
    profiles: Profiles,
    fields: Sequence[FieldSnapshot],
    sweeps: Sequence[Sweep],
    arrays: SectionArrays,
) -> None:
    """Write a section of the particle for every output time: `fields/particle_….vtu` and `particle.pvd`.

    Args:
        folder: The run folder.
        profiles: The profiles of a radial run.
        fields: Its fields at the same times, which say of what region each element is.
        sweeps: Motions that make the section from the radial line.
        arrays: The arrays of the profiles that become fields.

    Raises:
        OutputError: If the disk refuses.
    """
    regions = [region_of_points(one) for one in fields[:1]]
    for number, profile in enumerate(profiles.single()):
        write_vtu(folder / BODIES.file(number), body(profile, regions[0], sweeps, arrays))
    write_index(folder, BODIES, [float(time) for time in profiles.times])


def region_of_points(line: FieldSnapshot) -> Regions:
    """The number of each point's region, shape (points,), from the fields of a radial line.

    Points belong to one element each, and are those of the profiles in the same order.
    """
    regions = np.zeros(len(line.points), dtype=np.int32)
    regions[line.cells["line"]] = line.cell_data["region"][:, None]
    return regions


def body(profile: Profile, regions: Regions, sweeps: Sequence[Sweep], arrays: SectionArrays) -> FieldSnapshot:
    """A section of the particle with the fields of a radial profile, in single precision.

    Vectors are along the radius; a uniform displacement along a cylinder or a plate is not in a profile.
    Tensors are full ones along x, y, z, row by row.

    Args:
        profile: From the centre outwards, element by element, as a radial run has it.
        regions: The number of the region of each of its points, shape (points,).
        sweeps: Motions that make the section from the radial line.
        arrays: The arrays of the profile that become fields.
    """
    kept = _kept(profile.radius_m)
    radius = profile.radius_m[kept]
    parts = [_part(profile, kept, sweep, arrays) for sweep in sweeps]
    cells, of_cells = [], []
    first = 0
    for positions, _ in parts:
        cells.append(first + _quadrilaterals(radius, positions.shape[1]))
        of_cells.append(np.repeat(regions[kept][_starts(radius)], positions.shape[1] - 1))
        first += positions.shape[0] * positions.shape[1]
    data: dict[str, Any] = {
        name: np.concatenate([values[name] for _, values in parts]).astype(np.float32) for name in parts[0][1]
    }
    flat = np.concatenate([positions.reshape(-1, 2) for positions, _ in parts])
    return FieldSnapshot(
        time_s=profile.time_s,
        points=np.column_stack([flat, np.zeros(len(flat))]),
        cells={"quad": np.concatenate(cells)},
        point_data=data,
        cell_data={"region": np.concatenate(of_cells)},
    )


def _part(
    profile: Profile, kept: npt.NDArray[np.intp], sweep: Sweep, arrays: SectionArrays
) -> tuple[Array, dict[str, Array]]:
    """Positions (points, sweep, 2) and values of one sweep of the line."""
    radius = profile.radius_m[kept]
    positions, outwards = sweep.positions(radius), sweep.outwards(radius)
    count = positions.shape[1]
    along = {name: values[kept] for name, values in profile.values.items()}
    values: dict[str, Any] = {name: np.repeat(along[name], count) for name in arrays.scalars}
    for name in arrays.vectors:
        values[name] = (along[name][:, None, None] * outwards).reshape(-1, 3)
    for name, (radial, hoop, mean) in arrays.tensors.items():
        values[name] = _tensors(along[radial], along[hoop], along[mean], outwards).reshape(-1, 9)
    return positions, values


def _tensors(radial: Array, hoop: Array, mean: Array, outwards: Array) -> Array:
    """Tensors at every position, shape (points, sweep, 3, 3), from components and a third of the trace."""
    # What is left of the trace lies out of the drawing's plane; in a sphere it is the hoop component again.
    out_of_plane = 3.0 * mean - radial - hoop
    across = np.stack([-outwards[..., 1], outwards[..., 0], outwards[..., 2]], axis=-1)
    normal = np.array([0.0, 0.0, 1.0])
    parts = (
        size[:, None, None, None] * direction[..., :, None] * direction[..., None, :]
        for size, direction in ((radial, outwards), (hoop, across), (out_of_plane, normal + 0 * outwards))
    )
    return np.asarray(sum(parts))


def _kept(radius: Array) -> npt.NDArray[np.intp]:
    """Every fourth point of each element, and its last; elements meet in two points at one radius."""
    ends = np.flatnonzero(np.diff(radius) <= 0.0) + 1
    elements = np.split(np.arange(len(radius)), ends)
    return np.concatenate([np.unique([*element[::_EVERY], element[-1]]) for element in elements])


def _quadrilaterals(radius: Array, count: int) -> npt.NDArray[np.int64]:
    """Cells between neighbouring radii and positions, shape (cells, 4); none between elements."""
    corner = (_starts(radius)[:, None] * count + np.arange(count - 1)).reshape(-1, 1)
    cells: npt.NDArray[np.int64] = corner + np.array([0, count, count + 1, 1], dtype=np.int64)
    return cells


def _starts(radius: Array) -> npt.NDArray[np.intp]:
    """The points after which a cell begins: all but the last of each element."""
    return np.flatnonzero(np.diff(radius) > 0.0)
