"""Names of lines at their right ends, in place of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

_LINE, _APART = 1.2, 0.35
"""Height of a line of a label, and the gap between labels of several lines, over that of their letters."""


class EndLabel(Annotation):
    """The name of a line, to the right of its panel at the height of the line's end."""


def label_ends(axes: Axes, lines: Sequence[Line2D], size: float) -> None:
    """Write the label of each line beside the panel where the line ends, in its colour.

    `spread` moves them apart once the panel has its place.

    Args:
        axes: The panel; its limits are set.
        lines: Lines with a label each.
        size: Height of the letters in points.
    """
    for line in lines:
        label = EndLabel(
            str(line.get_label()), (1.0, _end(line)), (4.0, 0.0), xycoords=("axes fraction", "data"),
            textcoords="offset points", ha="left", va="center", fontsize=size,
            color=line.get_color(), annotation_clip=False,
        )  # fmt: skip
        axes.add_artist(label)
        label.set_clip_on(False)


def spread(figure: Figure) -> None:
    """Move the labels at the ends of the lines of each panel apart, as little as it takes."""
    found: dict[Axes, list[EndLabel]] = {}
    for label in figure.findobj(EndLabel):
        assert isinstance(label, EndLabel)
        assert isinstance(label.axes, Axes)
        found.setdefault(label.axes, []).append(label)
    for axes, labels in found.items():
        _spread(axes, labels, figure.dpi)


def _spread(axes: Axes, labels: Sequence[EndLabel], dots: float) -> None:
    box = axes.get_window_extent()
    heights = [axes.transData.transform((0.0, label.xy[1]))[1] for label in labels]
    wanted = np.clip(heights, box.y0, box.y1)
    order = np.argsort(wanted, kind="stable")
    lines = [labels[index].get_text().count("\n") + 1 for index in order]
    sizes = [
        (_LINE * count + _APART * (count > 1)) * labels[index].get_fontsize() * dots / 72.0
        for count, index in zip(lines, order, strict=True)
    ]
    # From the bottom up, and back from the top where that went too far.
    places = [float(wanted[index]) for index in order]
    for lower, upper in pairwise(range(len(places))):
        places[upper] = max(places[upper], places[lower] + 0.5 * (sizes[lower] + sizes[upper]))
    top = box.y1
    for index in reversed(range(len(places))):
        places[index] = min(places[index], top)
        if index:
            top = places[index] - 0.5 * (sizes[index] + sizes[index - 1])
    for place, index in zip(places, order, strict=True):
        labels[index].xyann = (4.0, (place - heights[index]) * 72.0 / dots)


def _end(line: Line2D) -> float:
    """The last number of a line."""
    values = np.asarray(line.get_ydata(), dtype=float)
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if len(finite) else 0.0
