"""Lines of a quantity over the depth below the surface, of several systems at several times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D

from oxyshell.drawing.bodies import chosen
from oxyshell.drawing.profiles import LabelledProfiles, curve, goes_back
from oxyshell.drawing.scales import duration, length_unit
from oxyshell.drawing.style import SMALL, legend_above, paler, system_colours, tidy
from oxyshell.drawing.text import shown
from oxyshell.outputs.records import Array
from oxyshell.presentation.numbers import directed

_LEGEND_WIDTH = 34
"""Letters of a line of text that fit over a panel."""


@dataclass(frozen=True, eq=False)
class ScaledProfiles:
    """A quantity of one system in the unit in which it is drawn.

    Attributes:
        system: The system.
        values: Its numbers, shape (times, points).
    """

    system: LabelledProfiles
    values: Array


def draw_lines(
    figure: FigureBase,
    profiles: Sequence[ScaledProfiles],
    label: str,
    window: float,
    width: float,
    stacked: bool,
) -> list[Axes]:
    """Draw lines over the whole depth and, where there is a layer, over the outermost part of it.

    Args:
        figure: The part of a figure that they fill.
        profiles: One quantity of each system.
        label: Its name and unit.
        window: Depth of that part, in m; 0 without a layer.
        width: Width in inches.
        stacked: Whether the two panels stand below each other, otherwise beside each other.

    Returns:
        The panels.
    """
    deepest = max(float(np.max(one.system.profiles.depth_m)) for one in profiles)
    depths = [deepest, window] if window else [deepest]
    shape = (len(depths), 1) if stacked else (1, len(depths))
    panels = list(np.ravel(figure.subplots(*shape, squeeze=False, sharey=not stacked)))
    for axes, depth in zip(panels, depths, strict=True):
        size, unit = length_unit(depth)
        for index, (one, colour) in enumerate(zip(profiles, system_colours(len(profiles)), strict=True)):
            _draw(axes, one, colour, depth, bool(index))
        axes.set_xlim(0.0, depth / size)
        tidy(axes, f"Depth below the surface ({unit})" if width / shape[1] > 2.2 else f"Depth ({unit})")
    systems = [one.system for one in profiles]
    mean = "\nmean over depth bands" if any(system.body.averaged for system in systems) else ""
    for axes in panels if stacked else panels[:1]:
        tidy(axes, y=f"{label}{mean}")
    if window:
        _mark_layers(panels[1], systems, window)
    legend_above(figure, _names(systems), width)
    return panels


def _draw(axes: Axes, one: ScaledProfiles, colour: str, deepest: float, thin: bool) -> None:
    size, _ = length_unit(deepest)
    system, states = one.system, chosen(one.system.profiles)
    # The later a state, the stronger its line; the last is the one in the legend.
    for state, shade in zip(states, paler(colour, len(states)), strict=True):
        depth, values = curve(system, one.values[state], deepest)
        if system.scattered:
            axes.plot(depth / size, values, ".", color=shade, markersize=2.0)
            continue
        axes.plot(
            depth / size, values, color=shade, linestyle="--" if goes_back(system.profiles, state) else "-",
            linewidth=(1.2 if thin else 1.8) if state == states[-1] else 0.8,
            label=_last_state(system) if state == states[-1] else None,
        )  # fmt: skip


def _names(systems: Sequence[LabelledProfiles]) -> list[Line2D]:
    """The entries of the legend: the last state of each system, and what is dashed."""
    names = [
        Line2D([], [], color=colour, linewidth=1.8, label=_last_state(system))
        for system, colour in zip(systems, system_colours(len(systems)), strict=True)
    ]
    if any(goes_back(system.profiles, state) for system in systems for state in chosen(system.profiles)):
        names.append(
            Line2D([], [], color="0.3", linestyle="--", linewidth=0.8, label="dashed: ions go back in")
        )
    return names


def _last_state(system: LabelledProfiles) -> str:
    profiles = system.profiles
    time, extracted = duration(float(profiles.times[-1])), directed(float(profiles.extracted[-1]), 2)
    earlier = ", earlier paler" if len(profiles.times) > 1 else ""
    return f"{shown(system.label, width=_LEGEND_WIDTH)}:\n{time}, {extracted}{earlier}"


def _mark_layers(axes: Axes, systems: Sequence[LabelledProfiles], window: float) -> None:
    size, _ = length_unit(window)
    for depth in {edge.depth_m for system in systems for edge in system.edges}:
        axes.axvline(depth / size, color="0.4", linewidth=0.8, linestyle=":")
    several = any(len(system.edges) > 1 for system in systems)
    axes.set_title(
        "dotted: ends of layers" if several else "dotted: end of the layer", fontsize=SMALL, loc="left"
    )
