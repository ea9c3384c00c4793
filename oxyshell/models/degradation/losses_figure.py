"""Losses against the number of the cycle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.lines import Line2D

from oxyshell.drawing.cycle_panels import CyclePanels, LabelledCycles
from oxyshell.drawing.style import legend_above, save
from oxyshell.drawing.text import shown
from oxyshell.figure_format import TWO_COLUMNS

_MARKER, _MOST_LARGE = 3.0, 80
"""Size of the markers, and simulated cycles up to which they have it."""
_HEIGHT = 1.4
_PANELS = {
    "retention": ("Retention\nby the laws (%)", 100.0),
    "layer_thickness_nm": ("Layer (nm)", 1.0),
    "relative_area": ("Surface over\nthat as made", 1.0),
    "voltage_fade_mV": ("Voltage fade\n(mV)", 1.0),
    "redox_share": ("Redox of\noxygen left (%)", 100.0),
}
"""Label and factor of each column that may be drawn."""


def losses_figure(systems: Sequence[LabelledCycles], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw retention, layer, area, voltage fade and redox, those that change, at every simulated cycle.

    Args:
        systems: One or more systems, each with several cycles.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    drawn = [
        name
        for name in _PANELS
        if name == "retention"
        or any(np.ptp(system.columns[name]) > 0 for system in systems if system.several)
    ]
    size = (width, _HEIGHT * len(drawn) + 0.7)
    panels = CyclePanels.of(systems, "losses", [_PANELS[name][0] for name in drawn], size)
    for one, name in zip(panels.axes, drawn, strict=True):
        _, factor = _PANELS[name]
        for system, colour, marker in panels.looks:
            cycles, values = system.columns["cycle"], factor * system.columns[name]
            large = _MARKER if len(cycles) <= _MOST_LARGE else _MARKER / 2
            one.plot(cycles, values, color=colour, linewidth=1.0, marker=marker, markersize=large)
    panels.close()
    handles = [
        Line2D([], [], color=colour, marker=marker, markersize=_MARKER, label=shown(system.label))
        for system, colour, marker in panels.looks
    ]
    legend_above(panels.figure, handles, width, "Markers: simulated cycles; lines only guide the eye.")
    save(panels.figure, path)
