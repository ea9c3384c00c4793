"""Symmetry planes of an imported body: sides that are cuts through the particle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Booleans, Floats, Integers, Tags
from oxyshell.meshes.placement import PLANE
from oxyshell.meshes.tags import SYMMETRY


@dataclass(frozen=True, eq=False)
class Exterior:
    """The sides of a body's cells.

    Attributes:
        points: Node coordinates in R, shape (nodes, d); of a half section (r, z).
        sides: Nodes of every cell's facets, curved ones' mid-edge nodes too, shape (cells, d + 1, nodes).
        is_exterior: Mask of the exterior ones, shape (cells, d + 1).
        axes: Names of the file's coordinates.
        radius: R in the file's units.
        path: The file, for messages.
    """

    points: Floats
    sides: Integers
    is_exterior: Booleans
    axes: tuple[str, ...]
    radius: float
    path: Path

    @property
    def mirrors(self) -> list[int]:
        """Directions in which a plane may mirror the body: of a half section z, for r = 0 is an axis."""
        dimension = self.points.shape[1]
        return [1] if dimension == 2 else list(range(dimension))

    def at(self, axis: int, value: float) -> Booleans:
        """Exterior facets in the plane where a coordinate has a value, in R."""
        near = np.abs(self.points[:, axis] - value) <= PLANE
        return np.asarray(self.is_exterior & near[self.sides].all(axis=-1))

    def ends(self, axis: int) -> tuple[float, float]:
        """Least and greatest coordinate along an axis, in R."""
        along = self.points[:, axis]
        return float(along.min()), float(along.max())

    def cut(self, axis: int) -> Booleans:
        """Exterior facets in the plane through the origin across an axis, if the body ends there."""
        low, high = self.ends(axis)
        one_sided = low >= -PLANE or high <= PLANE
        return self.at(axis, 0.0) if one_sided else np.zeros_like(self.is_exterior)

    def plane(self, axis: int, value: float = 0.0) -> str:
        """A plane's name in the file's coordinates and units."""
        return f"{self.axes[axis]} = {value * self.radius:.6g}"

    def planes(self, axes: list[int]) -> str:
        """Planes through the origin, as a list in words."""
        names = [self.plane(axis) for axis in axes]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@dataclass(frozen=True, eq=False)
class Sides:
    """Tags of the facets, shape (cells, d + 1), 0 for none, and remarks on them."""

    tags: Tags
    remarks: tuple[str, ...]


def with_axis(exterior: Exterior, tags: Tags) -> Tags:
    """A half section's tags, with the facets on the axis that are in no group.

    Raises:
        MeshError: If none is on the axis, or one there is in the group of something else.
    """
    found = tags.copy()
    on_axis = exterior.at(0, 0.0)
    if not on_axis.any():
        low, high = exterior.ends(0)
        name = exterior.axes[0]
        raise MeshError(
            f"{exterior.path} is plane, hence a half section {name} = r ≥ 0 of a body of revolution, but no "
            f"side of it lies on the axis {name} = 0 (it extends from {low * exterior.radius:.6g} to "
            f"{high * exterior.radius:.6g}). Move the mesh so that the axis of revolution is {name} = 0."
        )
    if (grouped := on_axis & (tags != 0) & (tags != SYMMETRY[0])).any():
        raise MeshError(
            f"{exterior.path}: {int(grouped.sum())} facets on the axis {exterior.plane(0)} are in a group of "
            "the surface or of a plane. The axis is inside the particle; take them out of the group."
        )
    found[on_axis] = SYMMETRY[0]
    return found


def with_cut_planes(exterior: Exterior, tags: Tags, multiplicity: float) -> Sides:
    """The tags with the cuts that are in no group.

    Flat sides in a coordinate plane through the origin of a body that is entirely on one side of it are cuts
    if copies of the mesh make the particle; n planes of symmetry make 2ⁿ copies.

    Args:
        exterior: The body's sides.
        tags: Tags by groups, which keep precedence, shape (cells, d + 1).
        multiplicity: Number of copies of the mesh that make the particle.

    Raises:
        MeshError: If the multiplicity is above 1 and not that of the planes.
    """
    given = [axis for axis in exterior.mirrors if (tags == SYMMETRY[axis]).any()]
    cuts = {axis: exterior.cut(axis) & (tags == 0) for axis in exterior.mirrors}
    found = [axis for axis in exterior.mirrors if cuts[axis].any()]
    if multiplicity == 1:
        return Sides(tags, _single(exterior, tags, given))
    planes = sorted({*given, *found})
    if 2 ** len(planes) != multiplicity:
        raise MeshError(_contradiction(exterior, planes, multiplicity))
    if not found:
        return Sides(tags, ())
    marked = tags.copy()
    for axis in found:
        marked[cuts[axis]] = SYMMETRY[axis]
    counts = ", ".join(f"{int(cuts[axis].sum())} in the plane {exterior.plane(axis)}" for axis in found)
    remark = (
        f"Facets without a group count as symmetry planes, since multiplicity is {multiplicity:g}: {counts}."
    )
    return Sides(marked, (remark,))


def _single(exterior: Exterior, tags: Tags, given: list[int]) -> tuple[str, ...]:
    """Remarks on a body that is not multiplied, but looks like a part of a particle."""
    flat = [axis for axis in exterior.mirrors if axis not in given and exterior.cut(axis).any()]
    remarks = []
    if given:
        copies = 2 ** len(given)
        remarks.append(
            f"The mesh has the symmetry plane{'s' * (len(given) > 1)} {exterior.planes(given)}, which would "
            f"make {copies} copies, but multiplicity is 1: amounts are those of the mesh alone. If the "
            f"particle is {copies} times the mesh, set multiplicity: {copies}."
        )
    if flat:
        count = sum(int(exterior.cut(axis).sum()) for axis in flat)
        planes = "symmetry planes" if len(flat) > 1 else "a symmetry plane"
        remarks.append(
            f"The mesh ends at {exterior.planes(flat)}, and the {count} facets there do not count as "
            f"{planes}, since multiplicity is 1. If they are cuts through the particle, set multiplicity: "
            f"{2 ** (len(given) + len(flat))}."
        )
    return tuple(remarks)


def _contradiction(exterior: Exterior, planes: list[int], multiplicity: float) -> str:
    has = exterior.planes(planes) if planes else "none"
    most = len(exterior.mirrors)
    possible = ", ".join(str(2**n) for n in range(most + 1))
    details = [
        detail
        for axis in exterior.mirrors
        if axis not in planes
        for detail in (_why_not(exterior, axis),)
        if detail
    ]
    return (
        f"{exterior.path}: multiplicity is {multiplicity:g}, but the symmetry planes of the mesh are {has}, "
        f"which make {2 ** len(planes)} {'copies' if planes else 'copy'}. "
        + " ".join(details)
        + f"{' ' * bool(details)}Cut planes have to be coordinate planes through the origin, with the mesh "
        f"on one side; n of them make the multiplicity 2ⁿ ({possible}). Place the mesh so that its cuts meet "
        f"in the origin; if it is as it should be, set multiplicity: {2 ** len(planes)}."
    )


def _why_not(exterior: Exterior, axis: int) -> str:
    """The reason why a direction has no symmetry plane; empty where there is none to give."""
    low, high = exterior.ends(axis)
    name, scale = exterior.axes[axis], exterior.radius
    if exterior.cut(axis).any():
        plane = exterior.plane(axis)
        return f"The facets in the plane {plane} are in the group of the surface; take them out of it."
    flat = [value for value in (low, high) if exterior.at(axis, value).any()]
    if flat and (low > PLANE or high < -PLANE):
        near = min(flat, key=abs)
        return f"Its flat side {exterior.plane(axis, near)} does not pass through the origin."
    return f"Along {name} it extends from {low * scale:.6g} to {high * scale:.6g}, without a cut at 0."
