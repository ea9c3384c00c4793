"""Things in an order, such as cycles: their colours, and a bar that names them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize, to_hex
from matplotlib.figure import Figure

from oxyshell.drawing.style import NORMAL, SMALL
from oxyshell.drawing.text import shown

_BRIGHTEST = 0.82
"""Where viridis ends: what follows is too pale for lines and letters on white."""


def ordered_colours(count: int) -> list[str]:
    """So many colours from dark to bright, at even distances to the eye (viridis)."""
    return [to_hex(colormaps["viridis"](_BRIGHTEST * index / max(count - 1, 1))) for index in range(count)]


def bar_of_names(
    figure: Figure, panels: Sequence[Axes], colours: Sequence[str], names: Sequence[str], title: str
) -> None:
    """Put a bar beside panels that has a field for each colour, with its name.

    Args:
        figure: The figure.
        panels: The panels.
        colours: The colours, from the bottom to the top.
        names: As many names.
        title: Heading of the bar.
    """
    count = len(colours)
    scale = ScalarMappable(Normalize(0.0, count), ListedColormap(list(colours)))
    bar = figure.colorbar(scale, ax=list(panels), shrink=0.8, aspect=4.0 * count, pad=0.02)
    bar.set_ticks([index + 0.5 for index in range(count)], labels=[shown(name) for name in names])
    bar.ax.tick_params(labelsize=SMALL, length=0)
    bar.ax.set_title(title, fontsize=NORMAL, loc="left")
