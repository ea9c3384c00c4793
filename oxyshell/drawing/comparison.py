"""Several systems on one scale, and their peak stresses beside the published ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from oxyshell.drawing.particle import draw_particles, particle_height
from oxyshell.drawing.profiles import LabelledProfiles
from oxyshell.drawing.style import SMALL, letter, new_figure, save, text_width, tidy
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS

_WIDE = 5.0


@dataclass(frozen=True)
class PeakStress:
    """A published peak stress beside the computed one.

    Attributes:
        label: Name of the system.
        published_MPa: The published number in MPa.
        computed_MPa: The computed number in MPa.
        status: What the computed number is: "input", "calibrated" or "predicted".
    """

    label: str
    published_MPa: float  # noqa: N815
    computed_MPa: float  # noqa: N815
    status: str


def comparison_figure(
    systems: Sequence[LabelledProfiles], peaks: Sequence[PeakStress], path: Path, width: float = TWO_COLUMNS
) -> None:
    """Draw all systems as `particle_figure` does, and below them published and computed peak stresses.

    Args:
        systems: The systems, each with one output time or more.
        peaks: One published number or more.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not peaks:
        raise OutputError("A comparison figure needs at least one published peak stress.")
    height, bars = particle_height(systems, width), 0.5 * len(peaks) + 0.7
    figure = new_figure(width, height + bars)
    top, bottom = np.ravel(figure.subfigures(2, 1, height_ratios=[height, bars], squeeze=False))
    letter([*draw_particles(top, systems, width), _draw_peaks(bottom, peaks, width)])
    save(figure, path)


def _draw_peaks(figure: FigureBase, peaks: Sequence[PeakStress], width: float) -> Axes:
    axes = figure.add_subplot()
    rows = np.arange(len(peaks), dtype=float)
    published = axes.barh(rows - 0.19, [peak.published_MPa for peak in peaks], 0.36, color="0.7")
    computed = axes.barh(rows + 0.19, [peak.computed_MPa for peak in peaks], 0.36, color="#0072b2")
    texts = [f"{peak.computed_MPa:.0f} computed ({peak.status}, {_deviation(peak)})" for peak in peaks]
    axes.bar_label(
        published, [f"{peak.published_MPa:.0f} published" for peak in peaks], fontsize=SMALL, padding=3
    )
    axes.bar_label(computed, texts, fontsize=SMALL, padding=3)
    names = [shown(peak.label, width=24 if width > _WIDE else 12) for peak in peaks]
    axes.set_yticks(rows, names, fontsize=SMALL)
    axes.invert_yaxis()
    # The numbers beside the bars have to stay within the panel.
    room = width - max(text_width(name, SMALL) for name in names) - 0.5
    words = max(text_width(text, SMALL) for text in texts) + 0.15
    largest = max(max(peak.published_MPa, peak.computed_MPa) for peak in peaks)
    axes.set_xlim(0.0, largest / max(1.0 - words / room, 0.2))
    tidy(axes, "Peak first principal stress (MPa)", grid="x")
    return axes


def _deviation(peak: PeakStress) -> str:
    """The computed number over the published one, in per cent of it; without a sign where it is none."""
    return f"{peak.computed_MPa / peak.published_MPa - 1:+.1%}".replace("+0.0", "0.0").replace("-", "−")
