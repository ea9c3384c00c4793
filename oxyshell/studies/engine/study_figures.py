"""Pictures of a study: a quantity over a parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.drawing.style import NORMAL, SMALL, matplotlib, new_figure, tidy
from oxyshell.drawing.text import find_letters, shown
from oxyshell.errors import InputError
from oxyshell.studies.engine.tables import Column

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_LINES = 9
_DECADES = 20.0
"""Ratio of the largest to the smallest number above which an axis is logarithmic."""


def figure(horizontal: Column, vertical: Column, parameters: Sequence[Column]) -> Figure:
    """A quantity over a parameter, one line for each combination of the other parameters.

    Raises:
        InputError: If there are no numbers to draw.
    """
    if not drawable(horizontal, vertical):
        raise InputError(
            f"'{vertical.name}' over '{horizontal.name}' has no numbers to draw; "
            "the study says why its points have none"
        )
    if horizontal.numeric:
        drawn = new_figure(6.4, 4.0)
        _lines(drawn, parameters, horizontal, vertical)
    else:
        drawn = new_figure(6.4, 1.0 + 0.28 * len(set(horizontal.values)))
        _rows(drawn, horizontal, vertical)
    find_letters(drawn)
    return drawn


def drawable(horizontal: Column, vertical: Column) -> bool:
    """Whether any point has a number to draw, and one of the other column's where that has numbers."""
    places = horizontal.numbers if horizontal.numeric else [0.0] * len(horizontal.values)
    pairs = zip(places, vertical.numbers, strict=True)
    return vertical.numeric and any(math.isfinite(at) and math.isfinite(value) for at, value in pairs)


def _lines(drawn: Figure, parameters: Sequence[Column], horizontal: Column, vertical: Column) -> None:
    """One line for each combination of the other parameters, or points where there are too many."""
    axes = drawn.add_subplot()
    others = [column for column in parameters if column.name != horizontal.name]
    lines: dict[tuple[float | str, ...], list[tuple[float, float]]] = {}
    for index, pair in enumerate(zip(horizontal.numbers, vertical.numbers, strict=True)):
        if all(math.isfinite(number) for number in pair):
            lines.setdefault(tuple(column.values[index] for column in others), []).append(pair)
    if len(lines) <= _MOST_LINES and all(len(line) > 1 for line in lines.values()):
        colours = matplotlib.colormaps["viridis"]
        for position, (values, line) in enumerate(lines.items()):
            told = ", ".join(_value(column, value) for column, value in zip(others, values, strict=True))
            colour = colours(0.85 * position / max(len(lines) - 1, 1))
            axes.plot(*zip(*sorted(line), strict=True), "o-", color=colour, markersize=4, label=shown(told))
        if others:
            title = ", ".join(one.label for one in others)
            axes.legend(fontsize=SMALL, frameon=False, title=shown(title), title_fontsize=SMALL)
    else:
        _scatter(drawn, axes, others, horizontal, vertical)
    if _spread(horizontal.numbers):
        axes.set_xscale("log")
    axes.set_xlabel(shown(horizontal.label), fontsize=NORMAL)
    axes.set_ylabel(shown(vertical.label), fontsize=NORMAL)
    tidy(axes)


def _scatter(
    drawn: Figure, axes: Any, others: Sequence[Column], horizontal: Column, vertical: Column
) -> None:
    """Points, coloured by that other parameter that has most values."""
    x, y = horizontal.numbers, vertical.numbers
    numeric = [column for column in others if column.numeric and len(set(column.values)) > 1]
    by = max(numeric, key=lambda column: len(set(column.values)), default=None)
    if by is None:
        axes.plot(x, y, "o", color="#0072b2", markersize=4)
        return
    colours = by.numbers
    norm = matplotlib.colors.LogNorm() if _spread(colours) else matplotlib.colors.Normalize()
    points = axes.scatter(x, y, c=colours, s=14, cmap="viridis", norm=norm)
    bar = drawn.colorbar(points, ax=axes)
    bar.set_label(shown(by.label), fontsize=NORMAL)
    bar.ax.tick_params(labelsize=SMALL)


def _rows(drawn: Figure, horizontal: Column, vertical: Column) -> None:
    """A row for each text."""
    axes = drawn.add_subplot()
    names = list(dict.fromkeys(str(value) for value in horizontal.values))
    rows = [names.index(str(value)) for value in horizontal.values]
    numbers = vertical.numbers
    axes.plot(numbers, rows, "o", color="#0072b2", markersize=5)
    for number, row in zip(numbers, rows, strict=True):
        if math.isfinite(number):
            beside, text = (6.0, 0.0), f"{number:.4g}"
            axes.annotate(
                text, (number, row), beside, textcoords="offset points", va="center", fontsize=SMALL
            )
    axes.set_yticks(range(len(names)), [shown(name) for name in names], fontsize=SMALL)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel(shown(vertical.label), fontsize=NORMAL)
    tidy(axes)


def _value(column: Column, value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:g}" if column.unit in ("1", "") else f"{value:g} {column.unit}"


def _spread(numbers: Sequence[float]) -> bool:
    """Whether numbers are better told apart on a logarithmic axis."""
    finite = [number for number in numbers if math.isfinite(number)]
    return bool(finite) and min(finite) > 0 and max(finite) / min(finite) > _DECADES
