"""Losses against the number of the cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from oxyshell.drawing.style import legend_above, new_figure, save, system_colours, system_markers, tidy
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.outputs.records import Array

_MARKER, _MOST_LARGE = 3.0, 80
"""Size of the markers, and simulated cycles up to which they have it."""
_HEIGHT = 1.9
_WIDTH = 6.6
_PANELS = {
    "retention": ("Retention\nby the laws (%)", 100.0),
    "layer_thickness_nm": ("Layer (nm)", 1.0),
    "relative_area": ("Surface over\nthat as made", 1.0),
    "voltage_fade_mV": ("Voltage fade\n(mV)", 1.0),
    "redox_share": ("Redox of\noxygen left (%)", 100.0),
}
"""Label and factor of each column that may be drawn."""


@dataclass(frozen=True, eq=False)
class LabelledLosses:
    """The losses of one system.

    Attributes:
        label: Name of the system.
        columns: Columns of the table of cycles, which has the simulated ones.
    """

    label: str
    columns: Mapping[str, Array]

    @property
    def several(self) -> bool:
        """Whether there is more than one cycle."""
        return len(self.columns.get("cycle", ())) > 1


def losses_figure(systems: Sequence[LabelledLosses], path: Path) -> None:
    """Draw retention, layer, area, voltage fade and redox, those that change, at every simulated cycle.

    Args:
        systems: One or more systems, each with several cycles.
        path: The PNG.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems or not all(system.several for system in systems):
        raise OutputError("A figure of losses needs at least one system, and several cycles of each.")
    panels = [
        name
        for name in _PANELS
        if name == "retention" or any(np.ptp(system.columns[name]) > 0 for system in systems)
    ]
    figure = new_figure(_WIDTH, _HEIGHT * len(panels) + 0.8)
    axes: list[Axes] = list(figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0])
    looks = list(zip(systems, system_colours(len(systems)), system_markers(len(systems)), strict=True))
    for one, name in zip(axes, panels, strict=True):
        label, factor = _PANELS[name]
        for system, colour, marker in looks:
            cycles, values = system.columns["cycle"], factor * system.columns[name]
            size = _MARKER if len(cycles) <= _MOST_LARGE else _MARKER / 2
            one.plot(cycles, values, color=colour, linewidth=1.0, marker=marker, markersize=size)
        tidy(one, y=label)
        one.margins(y=0.08)
        one.ticklabel_format(axis="y", useOffset=False)
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    tidy(axes[-1], "Cycle")
    figure.align_ylabels(axes)
    handles = [
        Line2D([], [], color=colour, marker=marker, markersize=_MARKER, label=shown(system.label))
        for system, colour, marker in looks
    ]
    legend_above(figure, handles, _WIDTH, "Markers: simulated cycles. Lines: only a guide between them.")
    save(figure, path)
