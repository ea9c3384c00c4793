"""Several systems on one scale, and their peak stresses beside the published ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import FigureBase

from oxyshell.drawing.particle import LabelledProfiles, draw_particles, particle_size
from oxyshell.drawing.style import NORMAL, SMALL, new_figure, save, tidy
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS


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
    width, height = particle_size(systems)
    bars = 0.55 * len(peaks) + 1.1
    figure = new_figure(width, height + bars)
    top, bottom = np.ravel(figure.subfigures(2, 1, height_ratios=[height, bars], squeeze=False))
    draw_particles(top, systems)
    _draw_peaks(bottom, peaks)
    save(figure, path)


def _draw_peaks(figure: FigureBase, peaks: Sequence[PeakStress]) -> None:
    axes = figure.add_subplot()
    rows = np.arange(len(peaks), dtype=float)
    published = axes.barh(rows - 0.19, [peak.published_MPa for peak in peaks], 0.36, color="0.7")
    computed = axes.barh(rows + 0.19, [peak.computed_MPa for peak in peaks], 0.36, color="#0072b2")
    axes.bar_label(
        published, [f"{peak.published_MPa:.0f} published" for peak in peaks], fontsize=SMALL, padding=3
    )
    texts = [
        f"{peak.computed_MPa:.0f} computed ({peak.status}, {peak.computed_MPa / peak.published_MPa - 1:+.1%})"
        for peak in peaks
    ]
    axes.bar_label(computed, texts, fontsize=SMALL, padding=3)
    axes.set_yticks(rows, [shown(peak.label, width=24) for peak in peaks], fontsize=NORMAL)
    axes.invert_yaxis()
    axes.margins(x=0.35)
    axes.set_xlim(left=0.0)
    tidy(axes, "Peak first principal stress (MPa)", grid="x")
