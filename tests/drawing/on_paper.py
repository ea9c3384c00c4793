"""Faults of a figure that a reader of a printed page would see."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

LEAST = 6.0
"""Size of the smallest letters, points."""
# Boxes hold the room above and below small letters, too: points that may be shared.
_TOLERANCE = 1.5


def faults(figure: Figure) -> Iterator[str]:
    """Letters that are too small, texts beyond the edge, texts on each other, and panels without letters."""
    figure.draw_without_rendering()
    boxes = [(text, _box(text, figure)) for text in _texts(figure)]
    near = _TOLERANCE * figure.dpi / 72.0
    canvas = figure.bbox
    for text, box in boxes:
        if float(text.get_fontsize()) < LEAST:
            yield f"letters of {text.get_fontsize()} points: {text.get_text()!r}"
        if box.x0 < -near or box.y0 < -near or box.x1 > canvas.x1 + near or box.y1 > canvas.y1 + near:
            yield f"beyond the edge: {text.get_text()!r}"
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        if min(across, down) > near:
            yield f"on each other: {one.get_text()!r}, {other.get_text()!r}"
    letters = [text.get_text() for text, _ in boxes if text.get_gid() == "panel letter"]
    expected = [f"({letter})" for letter in "abcdefghijklmnop"[: len(letters)]]
    if letters != expected:
        yield f"letters of panels: {letters}"
    if not letters and len(_panels(figure)) > 1:
        yield "panels without letters"


def _panels(figure: Figure) -> list[Axes]:
    """Axes with labels on both of their axes."""
    return [one for one in figure.axes if one.axison and one.get_xlabel() and one.get_ylabel()]


def _texts(figure: Figure) -> list[Text]:
    hidden = set()
    for axes in figure.findobj(Axes):
        assert isinstance(axes, Axes)
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            room = 1e-9 * (high - low)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - room <= tick.get_loc() <= high + room:
                    hidden |= {tick.label1, tick.label2}
            if not axes.axison:
                hidden |= {axis.label, *(tick.label1 for tick in axis.get_major_ticks())}
    found = figure.findobj(Text)
    return [one for one in found if isinstance(one, Text) and _is_seen(one) and one not in hidden]


def _is_seen(text: Text) -> bool:
    return bool(text.get_text().strip()) and text.get_visible()


def _box(text: Text, figure: Figure) -> Bbox:
    return text.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
