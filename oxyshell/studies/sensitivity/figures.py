"""Figures of a sensitivity analysis: a tornado, and the indices."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.drawing.style import SMALL, TINY, letter, new_figure, save, text_width, tidy
from oxyshell.drawing.text import LONGEST, capital, shown
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.presentation.numbers import printed_unit
from oxyshell.studies.engine.tables import Column
from oxyshell.studies.engine.words import different, in_words
from oxyshell.studies.sensitivity.reactions import Analysis, Reaction, Reactions

_WIDE = 5.0
"""Width in inches from which names have long lines."""
_GAP, _ROUNDS = 0.1, 60
"""Inches beside a text at the end of a bar, and steps in which an axis makes room for it."""
_LOW, _HIGH = "#0072b2", "#d55e00"


def draw(analysis: Analysis, folder: Path, suffix: str, width: float = TWO_COLUMNS) -> None:
    """Draw a sensitivity analysis into a folder.

    Raises:
        OutputError: If the disk refuses.
    """
    draw_tornado(analysis, folder / f"tornado{suffix}", width)
    if analysis.samples:
        draw_indices(analysis, folder / f"indices{suffix}", width)


def draw_tornado(analysis: Analysis, path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw, for each result, where each parameter takes it alone: from one end of its range to the other.

    Raises:
        OutputError: If the disk refuses.
    """
    with _panels(analysis, path, 0.3, width) as panels:
        for axes, result in panels:
            places = np.arange(len(result.parameters))
            ends: list[tuple[float, float]] = []
            for end, colour, at in (("low", _LOW, "at_low"), ("high", _HIGH, "at_high")):
                numbers = np.array([getattr(one, at) for one in result.parameters])
                label = f"{end} end"
                axes.barh(places, numbers - result.base, 0.6, left=result.base, color=colour, label=label)
                for place, number, one in zip(places, numbers, result.parameters, strict=True):
                    rightwards = number > result.base or (number == result.base and end == "high")
                    text = axes.annotate(
                        shown(_printed(getattr(one, end))), (number, place), (4 if rightwards else -4, 0),
                        textcoords="offset points", ha="left" if rightwards else "right", va="center",
                        fontsize=TINY,
                    )  # fmt: skip
                    ends.append((number, text_width(text.get_text(), TINY) * (1 if rightwards else -1)))
            label = Column(result.quantity, result.unit, ()).label
            names = _finish(axes, result.parameters, result.base, label, width)
            axes.set_xlim(_with_room(ends, width - names - 0.35))


def draw_indices(analysis: Analysis, path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw first-order and total indices with their confidence intervals, a panel for each result.

    Raises:
        OutputError: If the disk refuses.
    """
    kinds = (("alone (first order)", _LOW, "first", -0.19), ("with all others (total)", _HIGH, "total", 0.19))
    with _panels(analysis, path, 0.34, width) as panels:
        for axes, result in panels:
            ordered = sorted(result.parameters, key=lambda one: -one.index.total)
            for label, colour, kind, shift in kinds:
                numbers = [getattr(one.index, kind) for one in ordered]
                widths = [getattr(one.index, f"{kind}_half_width") for one in ordered]
                axes.barh(
                    np.arange(len(ordered)) + shift, numbers, 0.36, xerr=widths, color=colour, label=label,
                    error_kw={"elinewidth": 1.0, "capsize": 2.5, "ecolor": "0.2"},
                )  # fmt: skip
            name = in_words(result.quantity)
            _finish(axes, ordered, 0.0, f"Sobol' index of {name}, with 95 % interval", width)


@contextlib.contextmanager
def _panels(
    analysis: Analysis, path: Path, row: float, width: float
) -> Iterator[Iterator[tuple[Any, Reactions]]]:
    """A figure with a panel for each result, which is saved with one legend; `row` in inches."""
    count = len(analysis.reactions)
    figure = new_figure(width, (0.6 + row * len(analysis.reactions[0].parameters)) * count + 0.3)
    panels = np.ravel(figure.subplots(count, 1, squeeze=False))
    yield zip(panels, analysis.reactions, strict=True)
    handles, texts = panels[0].get_legend_handles_labels()
    letter(list(panels))
    figure.legend(handles, texts, loc="outside upper right", ncols=2, fontsize=SMALL, frameon=False)
    save(figure, path)


def _finish(axes: Any, rows: Sequence[Reaction], base: float, label: str, width: float) -> float:
    """Name the rows from top to bottom, and draw a line at the base; the width of the names in inches."""
    axes.axvline(base, color="0.2", linewidth=0.8)
    wide = width > _WIDE
    names = [
        shown(capital(name), width=48 if wide else 18) for name in different([one.parameter for one in rows])
    ]
    axes.set_yticks(np.arange(len(rows)), names, fontsize=SMALL)
    axes.invert_yaxis()
    tidy(axes, shown(label, 2 * LONGEST, width=72 if wide else 32), grid="x")
    return max(text_width(name, SMALL) for name in names)


def _with_room(ends: Sequence[tuple[float, float]], room: float) -> tuple[float, float]:
    """Limits of an axis of so many inches that leave room for texts at the ends of bars.

    Args:
        ends: Where each bar ends, and the width of its text in inches, negative to the left of the end.
        room: Length of the axis, inches.
    """
    at, texts = np.array(ends).T
    outer = texts + np.sign(texts) * _GAP
    # At most three quarters for the texts: bars have to be seen.
    share = min(1.0, 0.75 * room / max(outer.max() - outer.min(), _GAP))
    scale = 0.0
    for _ in range(_ROUNDS):
        low, high = np.min(at + share * outer * scale), np.max(at + share * outer * scale)
        scale = (max(high, at.max()) - min(low, at.min())) / room
    low, high = float(min(low, at.min())), float(max(high, at.max()))
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def _printed(text: str) -> str:
    """A number with its unit as a file has it, the unit in its printed form; other texts as they are."""
    number, _, unit = text.partition(" ")
    try:
        float(number)
    except ValueError:
        return text
    return " ".join(part for part in (number, printed_unit(unit)) if part)
