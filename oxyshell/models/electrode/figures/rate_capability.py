"""Capacity of discharges at different currents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import NullLocator

from oxyshell.drawing.style import (
    SMALL,
    legend_above,
    legend_columns,
    new_figure,
    save,
    short,
    system_colours,
    system_styles,
    tidy,
)
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.electrode.figures.loops import Loop, loops_of
from oxyshell.models.electrode.observables import SPECIFIC_CURRENT

_FEWEST = 2
_DIGITS = 3
"""Currents that are the same in so many digits are one rate."""
_OF_PROTOCOL = frozenset({"name", "about", "protocol", "limits", "output", "numerics"})
"""Sections that may differ between runs of one system."""
_APART = 0.12
"""Least distance between two labelled rates, in decades."""
_LINE = 0.14
"""Least distance between two numbers above each other, inches."""
_WHOLE = 10.0
"""Capacities from which on no decimals are written, mA h/g."""


@dataclass(frozen=True, eq=False)
class RateSeries:
    """Discharge capacities of one system.

    Attributes:
        label: Name of the system.
        capacities: Capacity in mA h/g by the current in mA/g.
        one_c: Current of 1 C in mA/g; None where the scenario gives none.
    """

    label: str
    capacities: Mapping[float, float]
    one_c: float | None


def rate_series(runs: Sequence[LabelledRun]) -> list[RateSeries]:
    """The discharge capacities of systems at all currents; runs that differ in their protocol are one system.

    The capacity at a current is the charge put back in the first discharge of a loop, a discharge at constant
    current; of several loops with the same current, their median.

    Args:
        runs: Runs with an electrode.
    """
    groups: list[list[LabelledRun]] = []
    for run in runs:
        same = next((group for group in groups if _sections(group[0]) == _sections(run)), None)
        if same is None:
            groups.append([run])
        else:
            same.append(run)
    found = (_series(group) for group in groups)
    return [series for series in found if series.capacities]


def has_rates(series: Sequence[RateSeries]) -> bool:
    """Whether any system was discharged at several currents."""
    return any(len(one.capacities) >= _FEWEST for one in series)


def rate_capability_figure(series: Sequence[RateSeries], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw discharge capacity against current, in C where all systems say what that is, in mA/g otherwise.

    Args:
        series: One or more systems.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not has_rates(series):
        raise OutputError("A figure of the rate capability needs discharges at several currents.")
    in_c = all(one.one_c is not None for one in series)
    names = [shown(one.label) for one in series] if len(series) > 1 else []
    rows = -(-len(names) // legend_columns(names, width - 0.2, SMALL))
    panel = 0.28 * width + 0.9
    figure = new_figure(width, panel + 0.5 + 0.16 * rows)
    axes = figure.subplots()
    axes.set_xscale("log")
    points: list[tuple[float, float, str]] = []
    looks = list(zip(series, system_colours(len(series)), system_styles(len(series)), strict=True))
    for one, colour, style in looks:
        units = one.one_c if in_c and one.one_c is not None else 1.0
        rates = [current / units for current in sorted(one.capacities)]
        capacities = [one.capacities[current] for current in sorted(one.capacities)]
        axes.plot(rates, capacities, color=colour, linestyle=style, marker="o", markersize=5.0)
        points += [(rate, capacity, colour) for rate, capacity in zip(rates, capacities, strict=True)]
    _label(axes, points, _LINE / panel)
    axes.set_ylim(bottom=0.0)
    axes.margins(x=0.08)
    axes.set_ylim(top=1.12 * max(capacity for _, capacity, _ in points))
    tidy(axes, f"Discharge current ({'C' if in_c else 'mA/g'})", "Discharge capacity (mA h/g)")
    if names:
        handles = [
            Line2D([], [], color=colour, linestyle=style, marker="o", markersize=4.0, label=name)
            for name, (_, colour, style) in zip(names, looks, strict=True)
        ]
        legend_above(figure, handles, width)
    save(figure, path)


def _label(axes: Axes, points: Sequence[tuple[float, float, str]], line: float) -> None:
    """Write the capacities beside their points, and the rates along the axis.

    Of the points at one rate, the highest has its number above it and the lowest below it; where the lines
    end, others have it to the right as far as there is room.

    Args:
        axes: Where.
        points: Rate, capacity and colour.
        line: Height of a number as a share of the panel's height.
    """
    room, last = line * max(capacity for _, capacity, _ in points), max(rate for rate, _, _ in points)
    ticks: list[float] = []
    for rate in sorted({rate for rate, _, _ in points}):
        if not ticks or np.log10(rate / ticks[-1]) > _APART:
            ticks.append(rate)
        here = sorted((capacity, colour) for other, capacity, colour in points if other == rate)
        written = -np.inf
        for index, point in enumerate(here):
            capacity, _ = point
            if index == len(here) - 1:
                _write(axes, rate, point, (0.0, 6.0))
            elif index == 0 and capacity > 1.5 * room:
                _write(axes, rate, point, (0.0, -6.0))
            elif (index == 0 or rate == last) and capacity - written > room:
                _write(axes, rate, point, (7.0, 0.0))
                written = capacity
    axes.set_xticks(ticks, [f"{float(f'{tick:.3g}'):g}" for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())


def _write(axes: Axes, rate: float, point: tuple[float, str], offset: tuple[float, float]) -> None:
    """Write a capacity in its colour, at an offset in points from its point."""
    capacity, colour = point
    right, up = offset
    axes.annotate(
        f"{capacity:.0f}" if capacity >= _WHOLE else short(capacity),
        (rate, capacity),
        xytext=offset,
        textcoords="offset points",
        color=colour,
        fontsize=SMALL,
        ha="left" if right else "center",
        va="center" if not up else "bottom" if up > 0 else "top",
        path_effects=[withStroke(linewidth=2.0, foreground="white")],
    )


def _sections(run: LabelledRun) -> dict[str, object]:
    return {key: value for key, value in run.scenario.entries().items() if key not in _OF_PROTOCOL}


def _series(runs: Sequence[LabelledRun]) -> RateSeries:
    found: dict[float, list[float]] = defaultdict(list)
    for run in runs:
        for loop in loops_of(run.result):
            if point := _discharge(loop):
                current, capacity = point
                found[float(f"{current:.{_DIGITS}g}")].append(capacity)
    cell = runs[0].scenario.cell
    return RateSeries(
        label=_common([run.label for run in runs]),
        capacities={current: float(np.median(values)) for current, values in found.items()},
        one_c=None if cell is None else cell.one_c.value,
    )


def _discharge(loop: Loop) -> tuple[float, float] | None:
    """Current in mA/g and capacity in mA h/g of the first discharge; None without one."""
    branch = next((one for one in loop.branches if one.verb == "discharge" and one.discharged > 0), None)
    if branch is None:
        return None
    return abs(float(branch.history[SPECIFIC_CURRENT][0])), branch.discharged


def _common(labels: Sequence[str]) -> str:
    """The parts between commas that all labels have; the first label if there are none."""
    first, *others = ([part.strip() for part in label.split(",")] for label in labels)
    kept = [part for part in first if all(part in other for other in others)]
    return ", ".join(kept) or labels[0]
