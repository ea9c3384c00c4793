"""Oxygen that leaves the particle, as differential electrochemical mass spectrometry (DEMS) sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from oxyshell.drawing.history import HistoryAxis, LabelledHistory, along, coloured, names
from oxyshell.drawing.style import (
    NORMAL,
    SMALL,
    beside,
    grouped_bars,
    legend_above,
    letter,
    line_widths,
    new_figure,
    save,
    short,
    system_colours,
    tidy,
)
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.outputs.records import Array

_RATE = "oxygen_release_umol_g_min"
_START = 0.01
"""The share of the time in which a rate may go off the scale: at an open surface it begins at infinity."""
_UNIT = "µmol/(g min)"
_NOTHING = 1e-9
"""A rate in that unit that is round-off: a thousandth of what is measured takes a thousand years."""


@dataclass(frozen=True)
class PublishedShares:
    """Published shares of peroxide in the O 1s spectrum (XPS): context for a computed release, not fitted.

    Attributes:
        voltages: Voltages against Li in V.
        by_system: Shares in %, one per voltage, by the name of the system.
        source: Who published them, in a few words.

    Raises:
        OutputError: If a system has not as many shares as there are voltages.
    """

    voltages: Sequence[float] = ()
    by_system: Mapping[str, Sequence[float]] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        for system, shares in self.by_system.items():
            if len(shares) != len(self.voltages):
                raise OutputError(
                    f"{system} has {len(shares)} published shares for {len(self.voltages)} voltages; "
                    "give one per voltage."
                )


_TITLE_WIDTH = 34
NOTHING_PUBLISHED = PublishedShares()


def release_figure(
    systems: Sequence[LabelledHistory],
    path: Path,
    published: PublishedShares = NOTHING_PUBLISHED,
    width: float = TWO_COLUMNS,
) -> None:
    """Draw the rate at which O2 leaves against time and, where ions are extracted, against those.

    Args:
        systems: One or more systems with oxygen, one colour each.
        path: The file.
        published: Shares of peroxide to draw beside; by default no panel.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, a run has no oxygen, or the disk refuses.
    """
    if not systems:
        raise OutputError("A figure of the oxygen released needs at least one system.")
    for system in systems:
        if _RATE not in system.history:
            raise OutputError(f"{system.label} was run without oxygen; there is no release to draw.")
    colours = dict(zip((system.label for system in systems), system_colours(len(systems)), strict=True))
    panels: list[Callable[[Axes], None]] = [
        partial(_draw_rates, systems=systems, axis=axis) for axis in along(systems)
    ]
    if published.by_system:
        panels.append(lambda axes: _draw_shares(axes, published, colours))
    across = beside(len(panels), width)
    down = -(-len(panels) // across)
    figure = new_figure(width, 2.3 * down + 0.4, between=0.08)
    places = np.ravel(figure.subplots(down, across, squeeze=False))
    for axes, draw in zip(places, panels, strict=False):
        draw(axes)
    for unused in places[len(panels) :]:
        unused.remove()
    letter(list(places[: len(panels)]))
    legend_above(figure, names(systems), width)
    save(figure, path)


def _draw_rates(axes: Axes, systems: Sequence[LabelledHistory], axis: HistoryAxis) -> None:
    widths = dict(zip(map(id, systems), line_widths(len(systems)), strict=True))
    for system, rows, colour in coloured(systems):
        axes.plot(
            system.history[axis.column][rows] / axis.unit,
            system.history[_RATE][rows],
            color=colour,
            linewidth=widths[id(system)],
        )
    highest = max(np.max(system.history[_RATE]) for system in systems)
    after_start = max(np.max(_after_start(system.history)) for system in systems)
    top = after_start if after_start > _NOTHING else 1.0
    axes.set_ylim(-0.02 * top, 1.08 * top)
    if highest <= _NOTHING:
        axes.text(0.5, 0.5, "no O₂ leaves", transform=axes.transAxes, ha="center", fontsize=NORMAL)
    elif highest > 1.08 * top:
        axes.set_title(f"begins off the scale, at {short(highest)} {_UNIT}", fontsize=SMALL, loc="left")
    tidy(axes, axis.label, f"O₂ release rate ({_UNIT})")


def _after_start(history: Mapping[str, Array]) -> Array:
    time, rate = history["time_s"], history[_RATE]
    kept: Array = rate[time >= _START * time[-1]]
    return kept


def _draw_shares(axes: Axes, published: PublishedShares, colours: Mapping[str, str]) -> None:
    """Draw published shares as bars; a system that was computed too keeps its colour."""
    others = iter(system_colours(len(colours) + len(published.by_system))[len(colours) :])
    own = [colours[system] if system in colours else next(others) for system in published.by_system]
    grouped_bars(axes, published.by_system, own, "{:.1f}".format)
    axes.set_xticks(range(len(published.voltages)), [f"{voltage:g}" for voltage in published.voltages])
    title = ", ".join(filter(None, ("published", published.source)))
    axes.set_title(shown(title, 4 * _TITLE_WIDTH, _TITLE_WIDTH), fontsize=SMALL, loc="left")
    axes.legend(fontsize=SMALL, frameon=False, loc="upper left")
    tidy(axes, "Voltage against Li (V)", "Peroxide share of O 1s, XPS (%)", grid="y")
