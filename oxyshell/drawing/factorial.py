"""Figure of two factors: every combination of their levels, one panel per quantity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from oxyshell.drawing.style import (
    beside,
    grouped_bars,
    legend_above,
    letter,
    new_figure,
    save,
    short,
    system_colours,
    tidy,
)
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS

# Of a panel's largest value.
_INVISIBLE = 1e-4


@dataclass(frozen=True)
class FactorialCell:
    """One combination of a factorial study.

    Attributes:
        levels: Level of each of the two factors, by the name of the factor.
        values: The numbers found, by quantity.
    """

    levels: Mapping[str, str]
    values: Mapping[str, float]


@dataclass(frozen=True)
class _Table:
    """The cells in order: the first factor goes along x, the second makes the series."""

    along: str
    series: str
    values: Mapping[tuple[str, str], Mapping[str, float]]

    @property
    def along_levels(self) -> list[str]:
        return list(dict.fromkeys(level for level, _ in self.values))

    @property
    def series_levels(self) -> list[str]:
        return list(dict.fromkeys(level for _, level in self.values))


def factorial_figure(
    cells: Sequence[FactorialCell], quantities: Mapping[str, str], path: Path, width: float = TWO_COLUMNS
) -> None:
    """Draw a factorial study of two factors as grouped bars with their values, one panel per quantity.

    Args:
        cells: Every combination of the levels of both factors, once each. The factor that the first cell
            names first goes along x, the other one makes the series; levels keep the order of the cells.
        quantities: Label with unit of each quantity to draw, by its name in `FactorialCell.values`.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, a combination is missing, doubled or without one of the
            quantities, or the disk refuses.
    """
    table = _tabulated(cells, quantities)
    across = beside(len(quantities), width, min(max(0.36 * len(table.values) + 0.5, 2.2), width))
    down = math.ceil(len(quantities) / across)
    figure = new_figure(width, 2.3 * down + 0.45, between=0.06)
    panels = np.ravel(figure.subplots(down, across, squeeze=False))
    for axes, (quantity, label) in zip(panels, quantities.items(), strict=False):
        _draw_bars(axes, table, quantity, label)
    for unused in panels[len(quantities) :]:
        unused.remove()
    handles, _ = panels[0].get_legend_handles_labels()
    letter(list(panels[: len(quantities)]))
    legend_above(figure, handles, width, shown(table.series))
    save(figure, path)


def _tabulated(cells: Sequence[FactorialCell], quantities: Mapping[str, str]) -> _Table:
    if not cells or not quantities:
        raise OutputError("A factorial figure needs at least one cell and one quantity.")
    factors = list(cells[0].levels)
    if len(factors) != 2 or any(cell.levels.keys() != cells[0].levels.keys() for cell in cells):
        raise OutputError(
            "A factorial figure needs the same two factors in every cell; found "
            + "; ".join(dict.fromkeys(", ".join(cell.levels) for cell in cells))
            + "."
        )
    along, series = factors
    combinations = [(cell.levels[along], cell.levels[series]) for cell in cells]
    table = _Table(
        along,
        series,
        {combination: cell.values for combination, cell in zip(combinations, cells, strict=True)},
    )
    wanted = [(first, second) for second in table.series_levels for first in table.along_levels]
    if sorted(combinations) != sorted(wanted):
        raise OutputError(
            f"A factorial figure needs every combination of {along} and {series} once; "
            f"expected {len(wanted)}, found {len(combinations)}, {len(table.values)} of them different."
        )
    for combination, values in table.values.items():
        if missing := [quantity for quantity in quantities if quantity not in values]:
            raise OutputError(f"The cell {', '.join(combination)} has no {', '.join(missing)}.")
    return table


def _draw_bars(axes: Axes, table: _Table, quantity: str, label: str) -> None:
    levels = table.along_levels
    series = {name: [table.values[level, name][quantity] for level in levels] for name in table.series_levels}
    largest = max(abs(values[quantity]) for values in table.values.values())
    grouped_bars(axes, series, system_colours(len(series)), lambda value: _bar_text(value, largest))
    axes.axhline(0.0, color="0.3", linewidth=0.6)
    axes.set_xticks(range(len(levels)), [shown(level, 40, 14) for level in levels])
    tidy(axes, shown(table.along, width=36), shown(label, width=36), grid="y")


def _bar_text(value: float, largest: float) -> str:
    """A value as its bar's label; what no bar could show beside the largest is told as nearly nothing."""
    return "≈ 0" if 0 < abs(value) < _INVISIBLE * largest else short(value)
