"""Bodies cut open: a disc, a slab, or a section through the computed fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Circle, Rectangle, Wedge
from matplotlib.tri import Triangulation

from oxyshell.drawing.scales import length, length_unit
from oxyshell.drawing.sections import Section, section
from oxyshell.outputs.records import Array, FieldSnapshot
from oxyshell.outputs.result import Profiles

PIXELS = 400
"""Pixels of a disc along its diameter, and of a strip along its length."""
MOST_STATES = 6
RING_INSIDE, RING_OUTSIDE = 1.05, 1.17
"""Where a sink is drawn around a body, over the body's size: to scale it would be invisible."""
_SLAB_HEIGHT = 0.62
"""Half the drawn height of a slab over half its thickness; it has no height of its own."""
_MOST_ISLANDS, _SMALLEST_ISLAND = 24, 3.0 / 360.0


def chosen(profiles: Profiles, most: int = MOST_STATES) -> list[int]:
    """The output times that are drawn: all, or an even choice of `most` with the first and the last."""
    count = len(profiles.times)
    return sorted({round(index) for index in np.linspace(0, count - 1, min(count, most))})


def by_radius(profiles: Profiles, values: Array) -> tuple[Array, Array]:
    """The radius in nm from the centre outwards, and the values (points,) in that order."""
    order = np.argsort(profiles.radius_m, kind="stable")
    return profiles.radius_m[order] * 1e9, values[order]


@dataclass(frozen=True)
class Look:
    """Colour scale of a quantity.

    Attributes:
        column: Name of the quantity in profiles and fields.
        factor: What its values are multiplied with.
        colours: Name of the colour map.
        norm: The scale of the colours.
    """

    column: str
    factor: float
    colours: str
    norm: Normalize


class Body(Protocol):
    """A particle that can be cut open along a plane through its centre."""

    @property
    def averaged(self) -> bool:
        """Whether a radial profile is a mean over all points of one depth."""

    def values(self, profiles: Profiles, state: int, column: str) -> Array:
        """All values in the cut at an output time, of any shape."""

    def draw(self, axes: Axes, profiles: Profiles, state: int, look: Look) -> ScalarMappable:
        """Draw the cut at an output time; the axes lose their ticks and their frame."""

    def draw_sink(self, axes: Axes, profiles: Profiles, state: int, coverage: float, colour: str) -> None:
        """Draw a sink around the cut, in equal pieces that cover its share of the circumference."""

    def caption(self, profiles: Profiles) -> str:
        """The visible section and its size."""


def islands(coverage: float) -> int:
    """In how many pieces a sink is drawn: none, one closed ring, or islands wide enough to be seen."""
    if coverage <= 0.0 or coverage >= 1.0:
        return int(coverage > 0.0)
    return max(1, min(_MOST_ISLANDS, int(coverage / _SMALLEST_ISLAND)))


def _pieces(coverage: float) -> list[tuple[float, float]]:
    """Where the pieces of a sink begin and end, in shares of the circumference from the top."""
    count = islands(coverage)
    width = coverage / max(count, 1)
    return [(place / count - width / 2, place / count + width / 2) for place in range(count)]


@dataclass(frozen=True)
class _Radial:
    """Base of the bodies that are drawn from a radial profile."""

    averaged: bool = field(default=False, init=False)

    def values(self, profiles: Profiles, state: int, column: str) -> Array:
        values: Array = profiles[column][state]
        return values


@dataclass(frozen=True)
class Round(_Radial):
    """A sphere, or a cylinder or a round plate cut across its axis.

    Attributes:
        name: What its diameter is one of.
    """

    name: str = "sphere"
    averaged: bool = field(default=False, kw_only=True)

    def draw(self, axes: Axes, profiles: Profiles, state: int, look: Look) -> ScalarMappable:
        radius, values = by_radius(profiles, profiles[look.column][state] * look.factor)
        outer = radius[-1]
        line = np.linspace(-outer, outer, PIXELS)
        # Beyond the surface the surface value goes on, and the circle cuts it off with a smooth edge. Within
        # the innermost radius is a cavity.
        distance = np.hypot(line[:, None], line[None, :])
        image = np.where(distance < radius[0], np.nan, np.interp(distance, radius, values))
        drawn = axes.imshow(image, cmap=look.colours, norm=look.norm, extent=(-outer, outer, -outer, outer))
        drawn.set_clip_path(Circle((0, 0), outer, transform=axes.transData))
        axes.add_patch(Circle((0, 0), outer, fill=False, linewidth=0.5, color="0.3", clip_on=False))
        _bare(axes)
        return drawn

    def draw_sink(self, axes: Axes, profiles: Profiles, state: int, coverage: float, colour: str) -> None:
        radius = float(np.max(profiles.radius_m)) * 1e9
        for start, end in _pieces(coverage):
            place, width = RING_OUTSIDE * radius, (RING_OUTSIDE - RING_INSIDE) * radius
            angles = (90.0 + 360.0 * start, 90.0 + 360.0 * end)
            axes.add_patch(Wedge((0.0, 0.0), place, *angles, width=width, fc=colour, ec="0.3", linewidth=0.5))
        reach = 1.02 * RING_OUTSIDE * radius
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach))

    def caption(self, profiles: Profiles) -> str:
        return f"{self.name}, diameter {length(2.0 * float(np.max(profiles.radius_m)))}"


SPHERE = Round()


@dataclass(frozen=True)
class Slab(_Radial):
    """A plate, from surface to surface."""

    def draw(self, axes: Axes, profiles: Profiles, state: int, look: Look) -> ScalarMappable:
        radius, values = by_radius(profiles, profiles[look.column][state] * look.factor)
        outer, height = radius[-1], _SLAB_HEIGHT * radius[-1]
        line = np.interp(np.abs(np.linspace(-outer, outer, PIXELS)), radius, values)
        drawn = axes.imshow(
            line[None, :], cmap=look.colours, norm=look.norm, extent=(-outer, outer, -height, height)
        )
        # The surfaces are edges; above and below the plate goes on.
        for side in (-outer, outer):
            axes.plot([side, side], [-height, height], linewidth=0.8, color="0.3", clip_on=False)
        _bare(axes)
        return drawn

    def draw_sink(self, axes: Axes, profiles: Profiles, state: int, coverage: float, colour: str) -> None:
        outer = float(np.max(profiles.radius_m)) * 1e9
        height, width = _SLAB_HEIGHT * outer, (RING_OUTSIDE - RING_INSIDE) * outer
        count = islands(coverage)
        for side in (RING_INSIDE * outer, -RING_OUTSIDE * outer):
            for place in range(count):
                low = -height + 2 * height * (place + 0.5 - coverage / 2) / count
                size = 2 * height * coverage / count
                axes.add_patch(Rectangle((side, low), width, size, fc=colour, ec="0.3", linewidth=0.5))
        reach = 1.02 * RING_OUTSIDE * outer
        axes.set(xlim=(-reach, reach), ylim=(-1.1 * height, 1.1 * height))

    def caption(self, profiles: Profiles) -> str:
        return f"plate, thickness {length(2.0 * float(np.max(profiles.radius_m)))}"


@dataclass(frozen=True)
class Solid:
    """A body whose fields are cut along the plane that holds its z axis, or across that axis.

    Attributes:
        fields: The field snapshots, one for each output time.
        across: Whether it is cut across the z axis.
    """

    fields: Sequence[FieldSnapshot]
    across: bool = False
    averaged: bool = field(default=True, init=False)
    _sections: dict[int, Section] = field(default_factory=dict, init=False, repr=False, compare=False)

    def section(self, state: int) -> Section:
        """The cut at an output time."""
        if state not in self._sections:
            self._sections[state] = section(self.fields[state], normal=2 if self.across else 1)
        return self._sections[state]

    def values(self, profiles: Profiles, state: int, column: str) -> Array:
        return self.section(state).values[column]

    def draw(self, axes: Axes, profiles: Profiles, state: int, look: Look) -> ScalarMappable:
        cut = self.section(state)
        across, along = cut.points.T * 1e9
        drawn: ScalarMappable = axes.tripcolor(
            Triangulation(across, along, cut.triangles),
            cut.values[look.column] * look.factor,
            shading="gouraud",
            cmap=look.colours,
            norm=look.norm,
            rasterized=True,  # thousands of shaded triangles fill hundreds of megabytes of SVG
        )
        axes.add_collection(LineCollection([*_segments(cut)], linewidths=0.5, colors="0.3"))
        axes.set_aspect("equal")
        _bare(axes)
        return drawn

    def draw_sink(self, axes: Axes, profiles: Profiles, state: int, coverage: float, colour: str) -> None:
        cut = self.section(state)
        outline = _segments(cut)
        middle = outline.mean(axis=1)
        share = np.mod(np.arctan2(-middle[:, 0], middle[:, 1]) / (2 * np.pi), 1.0)
        held = np.zeros(len(outline), dtype=bool)
        for start, end in _pieces(coverage):
            held |= np.mod(share - start, 1.0) <= end - start
        scale = 0.5 * (RING_INSIDE + RING_OUTSIDE)
        axes.add_collection(LineCollection([*outline[held] * scale], linewidths=5.0, colors="0.3"))
        axes.add_collection(LineCollection([*outline[held] * scale], linewidths=4.0, colors=[colour]))
        reach = 1.02 * RING_OUTSIDE * np.abs(outline).max()
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach))

    def caption(self, profiles: Profiles) -> str:
        width, height = np.ptp(self.section(0).points, axis=0)
        size, unit = length_unit(max(width, height))
        plane = "cut across z" if self.across else "cut along z (upwards)"
        return f"{plane}, {width / size:.3g} × {height / size:.3g} {unit}"


def _segments(cut: Section) -> Array:
    segments: Array = cut.points[cut.outline] * 1e9
    return segments


def _bare(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
