"""Oxygen in cuts through the particle and in its coating, in the manner of Fig. 6c of seed 003."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_hex
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D

from oxyshell.drawing.bodies import SPHERE, Body, Look, by_radius, chosen
from oxyshell.drawing.scales import duration, time_unit
from oxyshell.drawing.style import (
    SMALL,
    TINY,
    key_above,
    letter,
    line_widths,
    new_figure,
    save,
    system_colours,
    tidy,
)
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.outputs.records import Array
from oxyshell.outputs.result import Profiles

# Both maps change evenly to the eye: the CIELAB distance between neighbours varies by 20 % and 19 %. Their
# colours stay at least 30 away from each other's; "magma" and "cividis" come as near to "viridis" as 7 and 4.
_LATTICE_COLOURS, _SHELL_COLOURS = "viridis", "YlOrBr"
_FILLING = Normalize(0.0, 1.0)
_OXYGEN = "oxygen_mol_m3"
_BARS, _LINES = 0.65, 2.2
"""Heights in inches of the colour bars with their labels, and of a row of panels of lines."""
_WIDE, _LARGEST = 5.0, 1.4
"""Width in inches from which the two panels stand beside each other, and size of the largest cut."""
_LABEL_WIDTH, _LEGEND_WIDTH = 22, 36
"""Characters of a line of text that fit along a disc and over a panel."""


@dataclass(frozen=True, eq=False)
class LabelledOxygen:
    """The oxygen of one system.

    Attributes:
        label: Name of the system.
        profiles: Its radial profiles, with `oxygen_mol_m3`.
        history: One array (steps,) per history column, by column name, those of oxygen among them.
        coverage: Share of the surface that a sink covers: 0 without one, 1 for a closed coating, else
            islands.
        body: How it is cut open.
    """

    label: str
    profiles: Profiles
    history: Mapping[str, Array]
    coverage: float
    body: Body = SPHERE

    @property
    def oxygen(self) -> Array:
        """Mobile O2 in the lattice in mol/m³, shape (times, points)."""
        return self.profiles["oxygen_mol_m3"]

    def filling(self) -> Array:
        """Filling of the sink at the output times, between the time steps by linear interpolation."""
        return np.interp(self.profiles.times, self.history["time_s"], self.history["sink_filling"])


def oxygen_figure(systems: Sequence[LabelledOxygen], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw where the oxygen is: in cuts through the lattice, in the coating, over the radius and over time.

    All cuts are on one colour scale that begins at zero; the ring around a cut is the sink, coloured by its
    filling, in as many pieces as cover its share of the circumference.

    Args:
        systems: One or more systems, each with one output time or more.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, a run has no oxygen, or the disk refuses.
    """
    if not systems or any(len(system.profiles.times) == 0 for system in systems):
        raise OutputError("An oxygen figure needs at least one system, and an output time in each.")
    for system in systems:
        if _OXYGEN not in system.profiles or "sink_filling" not in system.history:
            raise OutputError(f"{system.label} was run without oxygen; there is none to draw.")
    most = max(3, min(6, int((width - 0.4) / 1.05)))
    highest = max(
        float(np.max(system.body.values(system.profiles, state, _OXYGEN)))
        for system in systems
        for state in chosen(system.profiles, most)
    )
    norm = Normalize(0.0, highest if highest > 0.0 else 1.0)
    states = max(len(chosen(system.profiles, most)) for system in systems)
    discs = (min((width - 0.4) / states, _LARGEST) + 0.3) * len(systems)
    wide = width >= _WIDE
    lines = _LINES if wide else 2 * _LINES
    heights = [discs, _BARS, lines + 0.14 * len(systems)]
    figure = new_figure(width, sum(heights), between=0.06)
    above, bars, below = np.ravel(figure.subfigures(3, 1, height_ratios=heights, squeeze=False))
    letter([_draw_discs(above, systems, norm, most), *_draw_lines(below, systems, norm, wide)])
    _draw_bars(bars, systems, norm)
    save(figure, path)


def _draw_discs(figure: FigureBase, systems: Sequence[LabelledOxygen], norm: Normalize, most: int) -> Axes:
    """Draw the cuts; the first one."""
    states = max(len(chosen(system.profiles, most)) for system in systems)
    panels = figure.subplots(len(systems), states, squeeze=False)
    for row, system in zip(panels, systems, strict=True):
        filling = system.filling()
        drawn = chosen(system.profiles, most)
        look = Look(_OXYGEN, 1.0, _LATTICE_COLOURS, norm)
        for axes, state in zip(row, drawn, strict=False):
            system.body.draw(axes, system.profiles, state, look)
            colour = to_hex(mpl.colormaps[_SHELL_COLOURS](_FILLING(filling[state])))
            system.body.draw_sink(axes, system.profiles, state, system.coverage, colour)
            axes.set_title(_time(system.profiles.times[state]), fontsize=TINY, pad=2)
        label = shown(system.label, width=_LABEL_WIDTH)
        row[0].set_ylabel(label, fontsize=SMALL, fontweight="bold")
        for unused in row[len(drawn) :]:
            unused.remove()
    first: Axes = panels[0, 0]
    return first


def _draw_bars(figure: FigureBase, systems: Sequence[LabelledOxygen], norm: Normalize) -> None:
    scales = {"Mobile O₂ in the lattice\n(mol/m³)": ScalarMappable(norm, _LATTICE_COLOURS)}
    if any(system.coverage > 0.0 for system in systems):
        scales[f"Filling of the {_sink_name(systems)}\n(thickness not to scale)"] = ScalarMappable(
            _FILLING, _SHELL_COLOURS
        )
    panels = np.ravel(figure.subplots(1, len(scales), squeeze=False))
    for axes, (label, scale) in zip(panels, scales.items(), strict=True):
        bar = figure.colorbar(scale, cax=axes, orientation="horizontal")
        bar.set_label(label, fontsize=SMALL)
        bar.ax.tick_params(labelsize=SMALL)


def _sink_name(systems: Sequence[LabelledOxygen]) -> str:
    """Names of the sinks by their coverage: coating, islands, or both."""
    kinds = {
        "coating" if system.coverage >= 1.0 else "islands" for system in systems if system.coverage > 0.0
    }
    return " and ".join(sorted(kinds))


def _draw_lines(
    figure: FigureBase, systems: Sequence[LabelledOxygen], norm: Normalize, wide: bool
) -> list[Axes]:
    panels = list(np.ravel(figure.subplots(*((1, 2) if wide else (2, 1)))))
    along_radius, over_time = panels
    shares = [Line2D([], [], color="0.3", label="in the lattice")]
    if any(system.coverage > 0.0 for system in systems):
        shares.append(Line2D([], [], color="0.3", linestyle="--", label="captured"))
    colours, widths = system_colours(len(systems)), line_widths(len(systems))
    size, unit = time_unit(max(float(system.history["time_s"][-1]) for system in systems))
    for system, colour, width in zip(systems, colours, widths, strict=True):
        radius, values = by_radius(system.profiles, system.oxygen[-1])
        last = shown(f", {_time(system.profiles.times[-1])}")
        label = f"{shown(system.label, width=_LEGEND_WIDTH)}{last}"
        along_radius.plot(radius / radius[-1], values, color=colour, linewidth=width, label=label)
        time = system.history["time_s"] / size
        over_time.plot(time, system.history["oxygen_retention"], color=colour, linewidth=width)
        if system.coverage > 0.0:
            captured = _captured_share(system.history)
            over_time.plot(time, captured, color=colour, linewidth=width, linestyle="--")
    along_radius.set(xlim=(0.0, 1.0), ylim=(0.0, 1.05 * (norm.vmax or 1.0)))
    over_time.set_ylim(-0.02, 1.05)
    key_above(over_time, shares)
    key_above(along_radius, along_radius.get_lines(), 1)
    tidy(along_radius, "r/R", "Mobile O₂ (mol/m³)")
    tidy(over_time, f"Time ({unit})", "Share of all O₂")
    return panels


def _captured_share(history: Mapping[str, Array]) -> Array:
    """O2 held by the sink over all O2 there is; not a number before there is any."""
    captured = history["oxygen_captured_mol"]
    everything = history["oxygen_in_lattice_mol"] + captured + history["oxygen_released_mol"]
    return np.divide(captured, everything, out=np.full_like(captured, np.nan), where=everything > 0.0)


def _time(seconds: float) -> str:
    return f"t = {duration(float(seconds))}"
