"""Pictures of a study: a quantity over a parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from oxyshell.drawing.line_names import name_lines
from oxyshell.drawing.sequence import ordered_colours
from oxyshell.drawing.style import (
    NORMAL,
    SMALL,
    lay_out,
    matplotlib,
    new_figure,
    system_colours,
    text_width,
    tidy,
)
from oxyshell.drawing.text import capital, shown
from oxyshell.errors import InputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.presentation.numbers import with_unit
from oxyshell.studies.engine.tables import Column, labels
from oxyshell.studies.engine.words import in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

_MOST_LINES = 9
_DECADES = 20.0
"""Ratio of the largest to the smallest number above which an axis is logarithmic."""
_PLAIN = (1e-3, 1e4)
"""Between these, numbers along a logarithmic axis are written without powers of ten."""
_LONGEST, _LETTER = 100, 0.066
"""Letters of a label along an axis, and the width of one, inches."""


def figure(
    horizontal: Column, vertical: Column, parameters: Sequence[Column], width: float = TWO_COLUMNS
) -> Figure:
    """A quantity over a parameter, one line for each combination of the other parameters.

    Args:
        horizontal: The parameter.
        vertical: The quantity.
        parameters: All parameters.
        width: Width in inches.

    Raises:
        InputError: If there are no numbers to draw.
    """
    if not drawable(horizontal, vertical):
        raise InputError(
            f"'{vertical.name}' over '{horizontal.name}' has no numbers to draw; "
            "the study says why its points have none"
        )
    others = [column for column in parameters if column.name != horizontal.name]
    columns = [horizontal, vertical, *others]
    words = dict(zip((one.name for one in columns), labels(columns), strict=True))
    if horizontal.numeric:
        drawn = new_figure(width, max(2.5, min(0.46 * width, 3.2)))
        _lines(drawn, others, horizontal, vertical, words)
    else:
        drawn = new_figure(width, 0.7 + 0.24 * len(set(horizontal.values)))
        _rows(drawn, horizontal, vertical, words)
    lay_out(drawn)
    return drawn


def drawable(horizontal: Column, vertical: Column) -> bool:
    """Whether any point has a number to draw, and one of the other column's where that has numbers."""
    places = horizontal.numbers if horizontal.numeric else [0.0] * len(horizontal.values)
    pairs = zip(places, vertical.numbers, strict=True)
    return vertical.numeric and any(math.isfinite(at) and math.isfinite(value) for at, value in pairs)


def _lines(
    drawn: Figure, others: Sequence[Column], horizontal: Column, vertical: Column, words: dict[str, str]
) -> None:
    """One line for each combination of the other parameters, or points where there are too many."""
    axes = drawn.add_subplot()
    axes.ticklabel_format(useMathText=True)
    lines: dict[tuple[float | str, ...], list[tuple[float, float]]] = {}
    for index, pair in enumerate(zip(horizontal.numbers, vertical.numbers, strict=True)):
        if all(math.isfinite(number) for number in pair):
            lines.setdefault(tuple(column.values[index] for column in others), []).append(pair)
    width = drawn.get_figwidth()
    if _spread(horizontal.numbers):
        axes.set_xscale("log")
        _decades(axes.xaxis, horizontal.numbers)
    height = drawn.get_figheight() - 0.4
    tidy(axes, _wrapped(words[horizontal.name], width - 0.8), _wrapped(words[vertical.name], height))
    if len(lines) <= _MOST_LINES and all(len(line) > 1 for line in lines.values()):
        # Alike in all lines, a parameter tells none of them apart.
        told = [at for at in range(len(others)) if len({values[at] for values in lines}) > 1]
        colours = ordered_colours(len(lines)) if told else system_colours(1)
        artists = []
        for colour, (values, line) in zip(colours, lines.items(), strict=True):
            label = shown(", ".join(_value(others[at], values[at]) for at in told)) if told else "_"
            across, up = zip(*sorted(line), strict=True)
            artists += axes.plot(across, up, "o-", color=colour, markersize=3.5, linewidth=1.3, label=label)
        if told:
            about = f"Lines: {', '.join(in_words(others[at].name) for at in told)}"
            name_lines(axes, artists, width, _wrapped(about, width - 1.0))
    else:
        _scatter(drawn, axes, others, horizontal, vertical, words)


def _scatter(
    drawn: Figure,
    axes: Axes,
    others: Sequence[Column],
    horizontal: Column,
    vertical: Column,
    words: dict[str, str],
) -> None:
    """Points, coloured by that other parameter that has most values."""
    x, y = horizontal.numbers, vertical.numbers
    numeric = [column for column in others if column.numeric and len(set(column.values)) > 1]
    by = max(numeric, key=lambda column: len(set(column.values)), default=None)
    if by is None:
        axes.plot(x, y, "o", color=system_colours(1)[0], markersize=3.5)
        return
    colours = by.numbers
    apart = _spread(colours)
    norm = matplotlib.colors.LogNorm() if apart else matplotlib.colors.Normalize()
    points = axes.scatter(x, y, c=colours, s=14, cmap="viridis", norm=norm)
    bar = drawn.colorbar(points, ax=axes)
    bar.set_label(_wrapped(words[by.name], drawn.get_figheight() - 0.4), fontsize=NORMAL)
    bar.ax.tick_params(which="both", labelsize=SMALL)
    if apart:
        _decades(bar.ax.yaxis, colours)
    bar.ax.yaxis.get_offset_text().set_fontsize(SMALL)


def _decades(axis: Axis, numbers: Sequence[float]) -> None:
    """Label a logarithmic axis at 1, 2, 5, 10 and so on, where its numbers need no powers of ten."""
    finite = [number for number in numbers if math.isfinite(number)]
    if _PLAIN[0] <= min(finite) and max(finite) <= _PLAIN[1]:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:g}"))
        axis.set_minor_formatter(NullFormatter())


def _rows(drawn: Figure, horizontal: Column, vertical: Column, words: dict[str, str]) -> None:
    """A row for each text."""
    axes = drawn.add_subplot()
    names = list(dict.fromkeys(str(value) for value in horizontal.values))
    rows = [names.index(str(value)) for value in horizontal.values]
    numbers = vertical.numbers
    axes.plot(numbers, rows, "o", color=system_colours(1)[0], markersize=4)
    for number, row in zip(numbers, rows, strict=True):
        if math.isfinite(number):
            beside, text = (6.0, 0.0), f"{number:.4g}"
            axes.annotate(
                text, (number, row), beside, textcoords="offset points", va="center", fontsize=SMALL
            )
    width = drawn.get_figwidth()
    ticks = [shown(name, width=max(12, int(0.45 * width / _LETTER))) for name in names]
    axes.set_yticks(range(len(names)), ticks, fontsize=SMALL)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    room = width - max(text_width(tick, SMALL) for tick in ticks) - 0.3
    tidy(axes, _wrapped(words[vertical.name], room))


def _value(column: Column, value: float | str) -> str:
    return value if isinstance(value, str) else with_unit(value, column.unit)


def _wrapped(label: str, room: float) -> str:
    """A label that takes so many inches at most in a line."""
    return shown(capital(label), _LONGEST, width=max(12, int(room / _LETTER)))


def _spread(numbers: Sequence[float]) -> bool:
    """Whether numbers are better told apart on a logarithmic axis."""
    finite = [number for number in numbers if math.isfinite(number)]
    return bool(finite) and min(finite) > 0 and max(finite) / min(finite) > _DECADES
