"""What all figures share: the canvas, sizes, colours, and how a figure becomes a file."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from oxyshell.outputs import disk

SMALL = 8.0
NORMAL = 9.0
SYSTEM_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's colours, told apart with any colour vision."""


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
    image = io.BytesIO()
    figure.savefig(image, format="png")
    with disk.errors_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_bytes(path, image.getvalue())


def tidy(axes: Axes) -> None:
    """Give line plots the same modest look."""
    axes.tick_params(labelsize=SMALL)
    axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
