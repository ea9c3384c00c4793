"""Capacity, efficiency and mean voltages against the number of the cycle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from oxyshell.drawing.style import SMALL, legend_above, new_figure, save, system_colours, tidy
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.models.electrode.figures.loops import Loop
from oxyshell.models.electrode.figures.traces import LabelledLoops

_FEWEST = 2
_MOST_MARKED = 40
"""Cycles up to which each has a marker."""
_HEIGHT = 2.1
_WIDTH = 6.6


@dataclass(frozen=True)
class _Series:
    """A number of every cycle.

    Attributes:
        name: In the legend of its panel.
        of: The number.
        filled: Whether it is a full line with filled markers, or a broken one with open markers.
    """

    name: str
    of: Callable[[Loop], float]
    filled: bool


_PANELS = {
    "Capacity\n(mA h g⁻¹)": (
        _Series("charge", lambda loop: loop.charged, filled=False),
        _Series("discharge", lambda loop: loop.discharged, filled=True),
    ),
    "Efficiency (%)": (
        _Series("charge (Coulomb)", lambda loop: 100 * loop.discharged / loop.charged, filled=True),
        _Series("energy", lambda loop: 100 * loop.energy(-1) / loop.energy(1), filled=False),
    ),
    "Mean voltage (V)": (
        _Series("charge", lambda loop: loop.energy(1) / loop.charged, filled=False),
        _Series("discharge", lambda loop: loop.energy(-1) / loop.discharged, filled=True),
    ),
}


def cycles_of(loops: Sequence[Loop]) -> dict[int, Loop]:
    """The closed loops by number: cycles of the protocol, or loops counted from 1 where it has none."""
    closed = [loop for loop in loops if loop.closed]
    numbered = {loop.cycle: loop for loop in closed if loop.cycle}
    return numbered or dict(enumerate(closed, start=1))


def has_cycles(loops: Sequence[Loop]) -> bool:
    """Whether there are several cycles."""
    return len(cycles_of(loops)) >= _FEWEST


def cycles_figure(systems: Sequence[LabelledLoops], path: Path) -> None:
    """Draw capacity, efficiencies and mean voltages of every cycle.

    Args:
        systems: One or more systems, each with several cycles.
        path: The PNG.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems or not all(has_cycles(system.loops) for system in systems):
        raise OutputError("A figure of cycles needs at least one system, and several cycles of each.")
    figure = new_figure(_WIDTH, _HEIGHT * len(_PANELS) + 0.7)
    panels: list[Axes] = list(figure.subplots(len(_PANELS), 1, sharex=True))
    colours = system_colours(len(systems))
    for axes, (label, series) in zip(panels, _PANELS.items(), strict=True):
        for system, colour in zip(systems, colours, strict=True):
            for one in series:
                _draw(axes, cycles_of(system.loops), one, colour)
        _name(axes, series)
        tidy(axes, y=label)
        axes.margins(y=0.08)
        axes.ticklabel_format(axis="y", useOffset=False)
    panels[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    tidy(panels[-1], "Cycle")
    figure.align_ylabels(panels)
    if len(systems) > 1:
        named = zip(systems, colours, strict=True)
        handles = [Line2D([], [], color=colour, label=shown(system.label)) for system, colour in named]
        legend_above(figure, handles, _WIDTH)
    save(figure, path)


def _draw(axes: Axes, cycles: dict[int, Loop], series: _Series, colour: str) -> None:
    values = np.array([series.of(loop) for loop in cycles.values()])
    axes.plot(
        list(cycles), values, color=colour, linewidth=1.2, markersize=4.0,
        linestyle="-" if series.filled else "--",
        marker="o" if len(cycles) <= _MOST_MARKED else "",
        markerfacecolor=colour if series.filled else "white",
    )  # fmt: skip


def _name(axes: Axes, series: Sequence[_Series]) -> None:
    handles = [
        Line2D(
            [], [], color="0.3", linewidth=1.2, linestyle="-" if one.filled else "--", marker="o",
            markersize=4.0, markerfacecolor="0.3" if one.filled else "white", label=one.name,
        )
        for one in series
    ]  # fmt: skip
    axes.legend(
        handles=handles, fontsize=SMALL, frameon=False, loc="lower left", bbox_to_anchor=(-0.01, 0.97),
        ncols=len(handles), borderpad=0.1,
    )  # fmt: skip
