"""Voltage against the charge taken out, with the stress and the oxygen that has left below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from oxyshell.drawing.style import key_above, letter, new_figure, save, tidy
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.electrode.figures.traces import LabelledLoops, Trace, traces_of
from oxyshell.models.electrode.observables import CAPACITY, VOLTAGE

CHARGE_AXIS = "Charge taken out since the start (mA h/g)"
_BROAD, _PALE = 4.2, 0.3


@dataclass(frozen=True)
class _Panel:
    """A panel below the voltage.

    Attributes:
        label: Of its axis.
        columns: Columns of the history in it with their names; the first one is a line, others are broad and
            pale behind it.
        negligible: A size that is nothing, in the unit of the columns.
        height: In inches.
    """

    label: str
    columns: dict[str, str]
    negligible: float
    height: float

    def seen(self, lines: Sequence[Trace]) -> bool:
        """Whether any line has something in it."""
        return any(
            np.max(np.abs(line.course(column)), initial=0.0) > self.negligible
            for line in lines
            for column in self.columns
            if line.has(column)
        )


_NO_STRESS_MPA = 1e-3
_HOOP, _PRINCIPAL = "surface_hoop_MPa", "first_principal_peak_MPa"
_OXYGEN = _Panel("O₂ that has left\n(µmol/g)", {"oxygen_released_umol_g": "O₂"}, 1e-9, 1.2)
_OF_ONE = (
    _Panel(
        "Stress (MPa)",
        {_HOOP: "hoop, at the surface", _PRINCIPAL: "largest first principal"},
        _NO_STRESS_MPA,
        1.5,
    ),
    _OXYGEN,
)
_OF_SEVERAL = (
    _Panel("Hoop stress at the\nsurface (MPa)", {_HOOP: ""}, _NO_STRESS_MPA, 1.3),
    _Panel("Largest first principal\nstress (MPa)", {_PRINCIPAL: ""}, _NO_STRESS_MPA, 1.3),
    _OXYGEN,
)


def voltage_figure(systems: Sequence[LabelledLoops], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw V, and below it on the same axis the stresses and the O2 that has left, where there is any.

    Args:
        systems: One or more systems.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems:
        raise OutputError("A figure of the voltage needs at least one system.")
    traces = traces_of(systems)
    below = [panel for panel in (_OF_ONE if len(systems) == 1 else _OF_SEVERAL) if panel.seen(traces.lines)]
    heights = [2.3, *(panel.height for panel in below)]
    figure = new_figure(width, sum(heights) + 0.6)
    rows = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)
    panels: list[Axes] = list(rows[:, 0])
    for line in traces.lines:
        line.draw(panels[0], line.course(CAPACITY), line.course(VOLTAGE))
    tidy(panels[0], y="Voltage (V)")
    for axes, panel in zip(panels[1:], below, strict=True):
        _draw(axes, panel, traces.lines)
    tidy(panels[-1], CHARGE_AXIS)
    figure.align_ylabels(panels)
    letter(panels)
    traces.label(figure, panels, width)
    save(figure, path)


def _draw(axes: Axes, panel: _Panel, lines: Sequence[Trace]) -> None:
    first, *others = panel.columns
    for line in lines:
        if not line.has(first):
            continue
        charge = line.course(CAPACITY)
        for column in others:
            axes.plot(
                charge, line.course(column), color=line.colour, linewidth=_BROAD, alpha=_PALE, zorder=1.5
            )
        line.draw(axes, charge, line.course(first))
    if others:
        _name(axes, panel)
    tidy(axes, y=panel.label)


def _name(axes: Axes, panel: _Panel) -> None:
    """Say which line is which column."""
    first, *others = panel.columns.values()
    handles = [
        Line2D([], [], color="0.3", linewidth=1.4, label=first),
        *(Line2D([], [], color="0.3", linewidth=_BROAD, alpha=_PALE, label=name) for name in others),
    ]
    key_above(axes, handles)
