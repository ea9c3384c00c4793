"""Figures of quantities that a reader asked for: panels of labelled lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.figure import Figure

from oxyshell.drawing.line_names import name_lines
from oxyshell.drawing.sequence import ordered_colours
from oxyshell.drawing.style import (
    SMALL,
    beside,
    lay_out,
    letter,
    new_figure,
    system_colours,
    tidy,
)
from oxyshell.outputs.records import Array

_HEIGHT, _NARROWEST = 2.4, 2.9
"""Height of a panel and least width of one, inches."""
_DASHES: tuple[Literal["-", "--"], ...] = ("-", "--")


@dataclass(frozen=True, eq=False)
class AskedLine:
    """A line of a panel.

    Attributes:
        label: Name of the line; empty where it needs none.
        x: Abscissae, shape (points,).
        y: Values, shape (points,); not a number where the line is interrupted.
        back: Whether the line is dashed.
    """

    label: str
    x: Array
    y: Array
    back: bool = False


@dataclass(frozen=True, eq=False)
class AskedPanel:
    """One quantity.

    Attributes:
        x: Label of the abscissa with its unit.
        y: Label of the values with their unit.
        lines: Lines in their order; at least one.
        marks: Abscissae of dotted lines.
        about: Words above the panel.
        points: Whether the values are drawn as points, not as lines.
    """

    x: str
    y: str
    lines: Sequence[AskedLine]
    marks: Sequence[float] = ()
    about: str = ""
    points: bool = False


def asked_figure(panels: Sequence[AskedPanel], width: float) -> Figure:
    """Draw panels beside each other as far as a width in inches has room, and below each other otherwise."""
    across = beside(len(panels), width, _NARROWEST)
    down = -(-len(panels) // across)
    figure = new_figure(width, _HEIGHT * down + 0.1, between=0.08)
    places = np.ravel(figure.subplots(down, across, squeeze=False))
    for axes, panel in zip(places, panels, strict=False):
        count = len(panel.lines)
        colours = ordered_colours(count) if count > 1 else system_colours(1)
        lines = []
        for line, colour in zip(panel.lines, colours, strict=True):
            look = {"linestyle": "", "marker": ".", "markersize": 3.0} if panel.points else {}
            style = {"linestyle": _DASHES[line.back], "linewidth": 1.3, **look}
            lines += axes.plot(line.x, line.y, color=colour, label=line.label, **style)
        for mark in panel.marks:
            axes.axvline(mark, color="0.4", linewidth=0.8, linestyle=":", zorder=0)
        axes.margins(x=0.0)
        tidy(axes, panel.x, panel.y)
        axes.set_title(panel.about, fontsize=SMALL, loc="left")
        named = [line for line in lines if not str(line.get_label()).startswith("_")]
        name_lines(axes, named, width / across)
    for unused in places[len(panels) :]:
        unused.remove()
    letter(list(places[: len(panels)]))
    lay_out(figure)
    return figure
