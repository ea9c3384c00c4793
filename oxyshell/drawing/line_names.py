"""Names of the lines of a panel: at their ends, or above the panel."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from oxyshell.drawing.end_labels import label_ends
from oxyshell.drawing.style import SMALL, key_above, text_width

_MOST_NAMED = 8
_ROOM = 0.27
"""Share of a panel's width that names at the ends of lines may take."""


def name_lines(axes: Axes, lines: Sequence[Line2D], width: float, about: str = "") -> None:
    """Name lines at their ends where there is room, and above the panel otherwise.

    Args:
        axes: The panel; its limits are set.
        lines: Lines with a label each.
        width: Width of the panel with its labels, inches.
        about: Words above the names, or above the panel.
    """
    if not lines:
        return
    longest = max(text_width(str(line.get_label()), SMALL) for line in lines)
    if longest <= _ROOM * width and len(lines) <= _MOST_NAMED:
        label_ends(axes, lines, SMALL)
        if about:
            axes.set_title(about, fontsize=SMALL, loc="left")
    else:
        key_above(axes, lines, max(1, int((width - 0.4) / (longest + 0.45))), about)
