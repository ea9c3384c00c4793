"""Common parts of all figures: canvas, sizes, colours, and writing to a file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib as matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from oxyshell.drawing.text import find_letters
from oxyshell.outputs import disk

SMALL = 8.0
NORMAL = 9.0
_SYSTEM_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's colours, told apart with any colour vision."""


def system_colours(count: int) -> list[str]:
    """One colour per system; after six they begin again."""
    return [_SYSTEM_COLOURS[index % len(_SYSTEM_COLOURS)] for index in range(count)]


def legend_columns(labels: Sequence[str], width: float) -> int:
    """Number of legend entries that fit beside each other in a width in inches."""
    longest = max((len(label) for label in labels), default=0)
    return max(1, min(len(labels), int(width / (0.075 * longest + 0.6))))


def line_widths(count: int) -> list[float]:
    """One line width per system, each thinner than the one before: lines that coincide are all seen."""
    widest, narrowest = min(1.4 * 1.65 ** (count - 1), 6.0), 1.4
    return [widest * (narrowest / widest) ** (index / max(count - 1, 1)) for index in range(count)]


def new_figure(width: float, height: float, between: float = 0.04) -> Figure:
    """Make an empty figure; width, height and half the space between panels in inches."""
    figure = Figure(figsize=(width, height), dpi=160, layout=ConstrainedLayoutEngine(w_pad=between))
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a PNG, making its folder if needed.

    Raises:
        OutputError: If the disk refuses.
    """
    find_letters(figure)
    image = io.BytesIO()
    figure.savefig(image, format="png")
    with disk.errors_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_bytes(path, image.getvalue())


def short(value: float) -> str:
    """Write a number beside what it belongs to, in two or three digits."""
    size = abs(value)
    if 1000.0 <= size < 1e5:
        text = f"{value:.0f}"
    elif 0.01 <= size < 1000.0:
        text = f"{value:#.3g}".rstrip(".")
    elif 1e-4 <= size < 0.01:
        text = f"{value:#.2g}"
    else:
        text = f"{value:.2g}".replace("e+0", "e").replace("e-0", "e-")
    return text.replace("-", "−")


def tidy(axes: Axes) -> None:
    """Give line plots the same modest look."""
    axes.tick_params(labelsize=SMALL)
    axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
