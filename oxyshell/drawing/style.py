"""Common parts of all figures: canvas, sizes, colours, and writing to a file."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import matplotlib as matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure, FigureBase, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.textpath import text_to_path

from oxyshell.drawing.end_labels import spread
from oxyshell.drawing.text import capital, find_letters, shown
from oxyshell.outputs import disk

TINY, SMALL, NORMAL = 6.0, 7.0, 8.0
"""Sizes of letters in points; a journal takes none below the first."""
_DOTS_PER_INCH = 300
_LETTER = "panel letter"
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    # Less than the usual 6 takes half the time, for files that are 5 % larger.
    "png": {"pil_kwargs": {"compress_level": 4}},
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None}},
}
"""Options of saving in each format."""
_ROUND_OFF = 1e-12
_PLACES = 9
"""Decimals of a place in a figure, as a share of its size."""
_LIGHTEST = 0.6
"""Fraction of white in the palest shade of a colour."""
_SYSTEM_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's colours, told apart with any colour vision."""


class PrintFigure(Figure):
    """A figure whose PDF and PostScript files embed TrueType fonts, also where a script saves it."""

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure; see Matplotlib for the arguments."""
        # As TrueType: journals refuse Matplotlib's default, Type 3.
        with matplotlib.rc_context({"pdf.fonttype": 42, "ps.fonttype": 42}):
            super().savefig(fname, **options)


def system_colours(count: int) -> list[str]:
    """One colour per system; after six they begin again."""
    return [_SYSTEM_COLOURS[index % len(_SYSTEM_COLOURS)] for index in range(count)]


def system_styles(count: int) -> list[Literal["-", "--", ":"]]:
    """One line style per system: systems of the same colour differ in it, up to eighteen of them."""
    styles: tuple[Literal["-", "--", ":"], ...] = ("-", "--", ":")
    return [styles[index // len(_SYSTEM_COLOURS) % len(styles)] for index in range(count)]


def system_markers(count: int) -> list[str]:
    """One marker per system: systems of the same colour differ in it, up to twenty-four of them."""
    return ["osD^"[index // len(_SYSTEM_COLOURS) % 4] for index in range(count)]


def paler(colour: str, count: int) -> list[str]:
    """Shades of a colour for things in an order: the last as it is, the ones before paler."""
    strong = np.array(to_rgb(colour))
    share = [_LIGHTEST * (count - 1 - index) / max(count - 1, 1) for index in range(count)]
    return [to_hex(tuple(strong + pale * (1.0 - strong))) for pale in share]


def legend_columns(labels: Sequence[str], width: float, size: float = NORMAL) -> int:
    """Number of legend entries that fit beside each other in a width in inches, in letters of a size."""
    longest = max((text_width(label, size) for label in labels), default=0.0)
    # A legend's handle, and the gaps beside it, take five letters' height.
    return max(1, min(len(labels), int(width / (longest + 5.0 * size / 72.0))))


def text_width(text: str, size: float) -> float:
    """Width of the longest line of a text in inches, in letters of a size in points."""
    lines = text.split("\n")
    shapes = [text_to_path.get_text_width_height_descent(line, _font(), ismath=False) for line in lines]
    width: float = max(shape[0] for shape in shapes)
    return width * size / (_font().get_size_in_points() * 72.0)


@lru_cache(maxsize=1)
def _font() -> FontProperties:
    return FontProperties(size=10.0)


def line_widths(count: int) -> list[float]:
    """One line width per system, each thinner than the one before: lines that coincide are all seen."""
    widest, narrowest = min(1.4 * 1.65 ** (count - 1), 6.0), 1.4
    return [widest * (narrowest / widest) ** (index / max(count - 1, 1)) for index in range(count)]


def new_figure(width: float, height: float, between: float = 0.04) -> Figure:
    """Make an empty figure; width, height and half the space between panels in inches."""
    layout = ConstrainedLayoutEngine(w_pad=between, h_pad=0.04)
    figure = PrintFigure(figsize=(width, height), dpi=_DOTS_PER_INCH, layout=layout)
    FigureCanvasAgg(figure)
    return figure


def beside(count: int, width: float, least: float = 2.2) -> int:
    """Number of panels that stand beside each other in a width, each at least so many inches wide.

    Rows are filled evenly: four panels where three have room are two rows of two.
    """
    most = max(1, min(count, int(width / least + 1e-9)))
    rows = -(-count // most)
    return -(-count // rows)


def letter(panels: Sequence[Axes]) -> None:
    """Mark panels with (a), (b) and so on beside their upper left corner; a single one has no letter."""
    if len(panels) < 2:
        return
    for index, axes in enumerate(panels):
        axes.annotate(
            f"({chr(ord('a') + index)})", (0.0, 1.0), (-3.0, 3.0), xycoords="axes fraction",
            textcoords="offset points", ha="right", va="bottom", fontsize=NORMAL, fontweight="bold",
            gid=_LETTER, annotation_clip=False,
        )  # fmt: skip


def save(figure: Figure, path: Path) -> None:
    """Write a figure in the format that the ending of its file says, making its folder if needed.

    Raises:
        OutputError: If the disk refuses.
    """
    image, name = io.BytesIO(), path.suffix.removeprefix(".")
    # The same figure is the same file: without the time of drawing and without random names inside.
    with matplotlib.rc_context({"svg.hashsalt": path.stem}):
        lay_out(figure)
        figure.savefig(image, format=name, **_OPTIONS.get(name, {}))
    with disk.errors_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_bytes(path, image.getvalue())


def lay_out(figure: Figure) -> None:
    """Place all parts, once: as it saves, Matplotlib would go through the whole figure a second time."""
    find_letters(figure)
    engine = figure.get_layout_engine()
    if engine is not None:
        if figure.axes:
            engine.execute(figure)
            _round_off(figure)
        figure.set_layout_engine(None)
    spread(figure)


def _round_off(figure: Figure | SubFigure) -> None:
    """Round the places of all parts: the solver of the layout has round-off that differs from run to run."""
    for part in figure.subfigs:
        part.bbox_relative.set_points(np.round(part.bbox_relative.get_points(), _PLACES))
        _round_off(part)
    for axes in figure.axes:
        left, bottom, width, height = np.round(axes.get_position(original=True).bounds, _PLACES)
        axes.set_position((left, bottom, width, height), which="original")


def short(value: float) -> str:
    """Write a number beside what it belongs to, in two or three digits; 0 where it is round-off."""
    size = abs(value)
    if size < _ROUND_OFF:
        text = "0"
    elif 1000.0 <= size < 1e5:
        text = f"{value:.0f}"
    elif 0.01 <= size < 1000.0:
        text = f"{value:#.3g}".rstrip(".")
    elif 1e-4 <= size < 0.01:
        text = f"{value:#.2g}"
    else:
        text = f"{value:.2g}".replace("e+0", "e").replace("e-0", "e-")
    return text.replace("-", "−")


def grouped_bars(
    axes: Axes, series: Mapping[str, Sequence[float]], colours: Sequence[str], text: Callable[[float], str]
) -> None:
    """Draw numbers as bars that stand in groups, with the numbers above them.

    Args:
        axes: Where; ticks and labels of the groups are not drawn.
        series: One number for each group, by the name of the series, which a legend can show.
        colours: One for each series.
        text: The number above a bar.
    """
    width = 0.8 / len(series)
    for index, ((name, values), colour) in enumerate(zip(series.items(), colours, strict=True)):
        places = np.arange(len(values)) + (index - (len(series) - 1) / 2) * width
        bars = axes.bar(places, values, 0.94 * width, color=colour, label=shown(name))
        axes.bar_label(bars, [text(value) for value in values], fontsize=SMALL - 1, padding=2)
    axes.margins(y=0.12)
    axes.set_axisbelow(True)


def legend_above(
    figure: FigureBase, handles: Sequence[Artist], width: float, title: str | None = None
) -> None:
    """Put a legend above all panels of a figure of a width in inches."""
    columns = legend_columns([str(handle.get_label()) for handle in handles], width - 0.2, SMALL)
    figure.legend(
        handles=handles, loc="outside upper center", ncols=columns, title=title, columnspacing=1.5,
        fontsize=SMALL, title_fontsize=SMALL, frameon=False,
    )  # fmt: skip


def key_above(axes: Axes, handles: Sequence[Artist], columns: int = 0, title: str = "") -> None:
    """Put a legend on the upper edge of a panel, from its left corner on; by default in one row."""
    axes.legend(
        handles=handles, fontsize=SMALL, frameon=False, loc="lower left", bbox_to_anchor=(0.0, 0.99),
        ncols=columns or len(handles), borderpad=0.1, borderaxespad=0.1, handlelength=1.3,
        columnspacing=1.0, handletextpad=0.5,
        title=title or None, title_fontsize=SMALL, alignment="left",
    )  # fmt: skip


def tidy(axes: Axes, x: str = "", y: str = "", grid: Literal["both", "x", "y"] = "both") -> None:
    """Give plots the same modest look.

    Args:
        axes: The plot.
        x: Label of its horizontal axis, if it has none yet; it begins with a capital, as all labels do.
        y: Label of its vertical axis, likewise.
        grid: Axes with grid lines.
    """
    for label, axis in ((x, axes.xaxis), (y, axes.yaxis)):
        axis.set_label_text(capital(label or axis.get_label_text()))
        axis.label.set_fontsize(NORMAL)
        axis.get_offset_text().set_fontsize(SMALL)
    axes.tick_params(labelsize=SMALL)
    axes.grid(visible=True, axis=grid, linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
