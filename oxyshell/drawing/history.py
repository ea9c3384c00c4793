"""Figure of the peak stresses and the surface against time and against extracted ions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from oxyshell.drawing.scales import duration, time_unit, unchanged
from oxyshell.drawing.style import (
    NORMAL,
    key_above,
    legend_above,
    letter,
    line_widths,
    new_figure,
    paler,
    save,
    system_colours,
    tidy,
)
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.outputs.records import Array

_MOST_NAMED = 6
_HEIGHT, _TOLD = 1.6, 0.35
"""Height in inches of a row of panels, and of one in words."""
_WIDE = 5.0
"""Width of a figure in inches from which the label of an axis has one line."""
_NO_STRESS_MPA = 1e-3
"""Stress below the last printed digit, MPa."""


@dataclass(frozen=True)
class StepEnd:
    """The end of a step of the protocol.

    Attributes:
        label: What the step is, such as "charge".
        time_s: When it ended.
    """

    label: str
    time_s: float


@dataclass(frozen=True, eq=False)
class LabelledHistory:
    """The history of one system.

    Attributes:
        label: Name of the system.
        history: One array (steps,) per history column, by column name.
        ion: Symbol of the ion, for labels.
        steps: The steps of the protocol, in order; without any, all is one.
    """

    label: str
    history: Mapping[str, Array]
    ion: str = "Li"
    steps: tuple[StepEnd, ...] = ()

    def branches(self) -> Iterator[slice]:
        """The rows of each step of the protocol, each from the end of the one before; empty ones left out."""
        time = self.history["time_s"]
        if not self.steps:
            yield slice(0, len(time))
            return
        first = 0
        for step in self.steps[:-1]:
            last = int(np.searchsorted(time, step.time_s * (1 + 1e-12), side="right")) - 1
            yield slice(first, max(last, first) + 1)
            first = max(last, first)
        yield slice(first, len(time))


type _LineStyle = Literal["-", "--"]


@dataclass(frozen=True)
class _Panel:
    """A panel: its axis label, name and line style of each column in it, and a change that is none."""

    label: str
    columns: Mapping[str, tuple[str, _LineStyle]]
    negligible: float = 0.0
    drawn_with: str = ""

    def still(self, systems: Sequence[LabelledHistory]) -> bool:
        """Whether there is nothing to see in any system."""
        watched = [self.drawn_with] if self.drawn_with else list(self.columns)
        return all(
            unchanged(system.history[column][:, None], self.negligible)
            for system in systems
            for column in watched
        )


_PANELS = (
    _Panel(
        "Peak stress (MPa)",
        {
            "first_principal_peak_MPa": ("first principal", "-"),
            "von_mises_peak_MPa": ("von Mises", "--"),
        },
        _NO_STRESS_MPA,
    ),
    _Panel(
        "Depth of the peak (nm)",
        {
            "first_principal_depth_nm": ("first principal", "-"),
            "von_mises_depth_nm": ("von Mises", "--"),
        },
        _NO_STRESS_MPA,
        drawn_with="von_mises_peak_MPa",
    ),
    _Panel("Occupancy θ", {"surface_occupancy": ("surface", "-"), "mean_occupancy": ("mean", "--")}),
)


@dataclass(frozen=True)
class HistoryAxis:
    """Abscissa of a history.

    Attributes:
        column: The column of the history.
        unit: What its values are divided by.
        label: Label of the axis, with the unit.
    """

    column: str
    unit: float
    label: str


def history_figure(systems: Sequence[LabelledHistory], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw peak stresses, their depths and occupancies against time and, where they move, ions extracted.

    One system has a colour for each step of its protocol; several have one each, lighter in earlier steps.
    What does not change is told in words.

    Args:
        systems: The systems.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems:
        raise OutputError("A history figure needs at least one system.")
    if all(panel.still(systems) for panel in _PANELS):
        save(_nothing_moves(systems, width), path)
        return
    rows = along(systems)
    moving = [panel for panel in _PANELS if not panel.still(systems)]
    still = [panel for panel in _PANELS if panel.still(systems)]
    heights = [_HEIGHT] * len(moving) + [_TOLD] * len(still)
    figure = new_figure(width, sum(heights) + 0.35, between=0.06)
    grid = figure.add_gridspec(len(heights), len(rows), height_ratios=heights)
    drawn = []
    for row, panel in enumerate(moving):
        first: Axes | None = None
        for column, axis in enumerate(rows):
            axes = figure.add_subplot(grid[row, column], sharey=first)
            drawn.append(axes)
            _draw(axes, panel, systems, axis, row == len(moving) - 1, first is None)
            if width < _WIDE:
                axes.set_xlabel(axes.get_xlabel().replace(" per ", "\nper "))
            if column == 0:
                _mark_steps(axes, systems, axis)
            first = first or axes
    for row, panel in enumerate(still, start=len(moving)):
        _tell(figure.add_subplot(grid[row, :]), panel, systems)
    figure.align_ylabels(drawn)
    letter(drawn)
    legend_above(figure, names(systems), width)
    save(figure, path)


def _nothing_moves(systems: Sequence[LabelledHistory], width: float) -> Figure:
    figure = new_figure(width, _TOLD * len(_PANELS))
    for axes, panel in zip(figure.subplots(len(_PANELS), 1), _PANELS, strict=True):
        _tell(axes, panel, systems)
    return figure


def along(systems: Sequence[LabelledHistory]) -> list[HistoryAxis]:
    """The abscissae: time, and extracted ions if there are any."""
    size, unit = time_unit(max(float(system.history["time_s"][-1]) for system in systems))
    rows = [HistoryAxis("time_s", size, f"Time ({unit})")]
    if any(np.ptp(system.history["extracted_per_formula"]) > 1e-6 for system in systems):
        ions = "/".join(dict.fromkeys(system.ion for system in systems))
        rows.append(HistoryAxis("extracted_per_formula", 1.0, f"{shown(ions)} extracted per formula unit"))
    return rows


def coloured(systems: Sequence[LabelledHistory]) -> Iterator[tuple[LabelledHistory, slice, str]]:
    """Each branch of each system with its colour."""
    base = system_colours(len(systems))
    for system, own in zip(systems, base, strict=True):
        branches = list(system.branches())
        colours = step_colours(len(branches)) if len(systems) == 1 else paler(own, len(branches))
        for rows, colour in zip(branches, colours, strict=True):
            yield system, rows, colour


def step_colours(count: int) -> list[str]:
    """One colour per step of a protocol; of many, from dark to bright."""
    if count <= _MOST_NAMED:
        return system_colours(count)
    from matplotlib import colormaps

    return [to_hex(colormaps["viridis"](0.9 * step / (count - 1))) for step in range(count)]


def _draw(
    axes: Axes, panel: _Panel, systems: Sequence[LabelledHistory], axis: HistoryAxis, last: bool, first: bool
) -> None:
    # Lines that coincide are all seen.
    widths = dict(zip(map(id, systems), line_widths(len(systems)), strict=True))
    for system, rows, colour in coloured(systems):
        for column, (_, style) in panel.columns.items():
            axes.plot(
                system.history[axis.column][rows] / axis.unit,
                _where_it_means_something(system.history, column)[rows],
                color=colour,
                linestyle=style,
                linewidth=widths[id(system)],
            )
    styles = [
        Line2D([], [], color="0.3", linestyle=style, label=name) for name, style in panel.columns.values()
    ]
    if first:
        key_above(axes, styles)
    tidy(axes, axis.label if last else "", panel.label if first else "")
    axes.tick_params(labelbottom=last, labelleft=first)


def _tell(axes: Axes, panel: _Panel, systems: Sequence[LabelledHistory]) -> None:
    """Say of a panel that nothing in it changed."""
    longest = duration(max(float(system.history["time_s"][-1]) for system in systems))
    if panel.drawn_with:
        text = "no stress, so no peak"
    else:
        first = [system.history[column][0] for system in systems for column in panel.columns]
        ends = [0.0 if abs(value) <= panel.negligible else value for value in (min(first), max(first))]
        told = " to ".join(dict.fromkeys(f"{value:.4g}" for value in ends))
        text = f"{told}, unchanged from 0 to {longest}"
    axes.text(0.5, 0.5, f"{panel.label}: {text}", ha="center", va="center", fontsize=NORMAL)
    axes.set_axis_off()


def _mark_steps(axes: Axes, systems: Sequence[LabelledHistory], axis: HistoryAxis) -> None:
    """A line at the end of every step that another one follows."""
    ends = {step.time_s for system in systems for step in system.steps[:-1]}
    for end in ends if len(ends) <= 4 * _MOST_NAMED else ():
        axes.axvline(end / axis.unit, color="0.6", linewidth=0.6, linestyle=":", zorder=0)


def names(systems: Sequence[LabelledHistory]) -> list[Line2D]:
    """The legend of a figure: systems, or the steps of a single one."""
    if len(systems) == 1 and len(systems[0].steps) > 1:
        return _steps(systems[0])
    names = [
        Line2D([], [], color=colour, label=shown(system.label))
        for system, colour in zip(systems, system_colours(len(systems)), strict=True)
    ]
    if len(systems) > 1 and any(len(system.steps) > 1 for system in systems):
        names.append(Line2D([], [], color="0.75", label="earlier steps paler"))
    return names


def _steps(system: LabelledHistory) -> list[Line2D]:
    labels = [f"step {index}: {shown(step.label)}" for index, step in enumerate(system.steps, start=1)]
    handles = [
        Line2D([], [], color=colour, label=label)
        for colour, label in zip(step_colours(len(labels)), labels, strict=True)
    ]
    return handles if len(handles) <= _MOST_NAMED else [handles[0], handles[len(handles) // 2], handles[-1]]


def _where_it_means_something(history: Mapping[str, Array], column: str) -> Array:
    """A column; of a depth, only where the peak is at least a hundredth of what it becomes."""
    if not column.endswith("_depth_nm"):
        return history[column]
    peak = history[column.replace("_depth_nm", "_peak_MPa")]
    return np.where(peak >= 0.01 * np.max(peak, initial=0.0), history[column], np.nan)
