"""Profiles of a system as figures draw them: along the depth, and interrupted where fields jump."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oxyshell.drawing.bodies import PIXELS, SPHERE, Body
from oxyshell.outputs.records import Array
from oxyshell.outputs.result import Profiles

_ON = 1e-6
"""Points whose distance from an edge is less than this share of the deepest depth lie on it."""


@dataclass(frozen=True)
class Edge:
    """The inner edge of a layer.

    Attributes:
        depth_m: Its depth below the surface in m.
        jumps: Whether hosts meet there, so that fields jump.
    """

    depth_m: float
    jumps: bool = False


@dataclass(frozen=True, eq=False)
class LabelledProfiles:
    """The profiles of one system, with what a reader needs to know them by.

    Attributes:
        label: Name of the system.
        profiles: Its radial profiles.
        molar_volume_m3_mol: Volume per formula unit V_m in m³/mol; x = c V_m is the content per formula unit.
            None where it is not the same everywhere: the occupancy is drawn then.
        ion: Symbol of the ion, for labels.
        body: How it is cut open.
        edges: The inner edges of its layers; none without a layer.
        scattered: Whether regions may lie side by side, so that there is no one value at a depth: its means
            over each region are points then, not a line.
    """

    label: str
    profiles: Profiles
    molar_volume_m3_mol: float | None
    ion: str = "Li"
    body: Body = SPHERE
    edges: tuple[Edge, ...] = ()
    scattered: bool = False

    @property
    def layer_m(self) -> float:
        """Thickness of all layers together in m, 0 without one."""
        return max((edge.depth_m for edge in self.edges), default=0.0)


def goes_back(profiles: Profiles, state: int) -> bool:
    """Whether ions have gone in since the output time before."""
    return state > 0 and bool(profiles.extracted[state] < profiles.extracted[state - 1] - 1e-6)


def over_depth(profiles: Profiles, values: Array, deepest: float) -> tuple[Array, Array]:
    """Depths in m from the surface to a deepest one, and the values there."""
    known, along = _inwards(profiles, values)
    depth = np.linspace(0.0, min(deepest, known[-1]), PIXELS)
    return depth, np.interp(depth, known, along)


def _inwards(profiles: Profiles, values: Array) -> tuple[Array, Array]:
    """Depths in m of the points of a profile, from the surface on, and the values there."""
    # Where elements meet, the outer one's point is the second in a profile and comes first here.
    inwards = np.argsort(profiles.depth_m[::-1], kind="stable")
    return profiles.depth_m[::-1][inwards], values[::-1][inwards]


def inwards(system: LabelledProfiles, *values: Array) -> tuple[Array, ...]:
    """Depths in m from the surface on, and values at them; interrupted by a NaN where fields jump."""
    along = [_inwards(system.profiles, one)[1] for one in values]
    known = _inwards(system.profiles, system.profiles.depth_m)[0]
    gaps = [_beyond(known, edge.depth_m) for edge in system.edges if edge.jumps]
    return tuple(np.insert(one, gaps, np.nan) for one in (known, *along))


def _beyond(known: Array, edge: float) -> int:
    """Index of the first point on the inner side of an edge, of two points on it that of the second."""
    on = np.flatnonzero(np.abs(known - edge) < _ON * known[-1])
    return int(on[len(on) // 2]) if len(on) else int(np.searchsorted(known, edge))


def curve(system: LabelledProfiles, values: Array, deepest: float) -> tuple[Array, Array]:
    """The same as `over_depth`, interrupted by a NaN where values jump."""
    depth, drawn = over_depth(system.profiles, values, deepest)
    known, along = _inwards(system.profiles, values)
    near = _ON * known[-1]
    jumps = [edge.depth_m for edge in system.edges if edge.jumps and edge.depth_m < depth[-1]]
    gaps = []
    for edge in jumps:
        inner = _beyond(known, edge)
        gaps.append([max(inner - 1, 0), inner])
    for outer, inner in gaps:
        away = (depth < known[outer] - near) | (depth > known[inner] + near)
        depth, drawn = depth[away], drawn[away]
    at = np.repeat([np.searchsorted(depth, known[inner]) for _, inner in gaps], 3).astype(int)
    between: list[Array] = [
        np.ravel([[one[outer], np.nan, one[inner]] for outer, inner in gaps]) for one in (known, along)
    ]
    return np.insert(depth, at, between[0]), np.insert(drawn, at, between[1])
