"""Figure of the diffusivities of a run's titration beside that of its scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from oxyshell.drawing.style import legend_above, new_figure, save, system_colours, tidy
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.electrode.titration import SUMMARY
from oxyshell.outputs.records import Array

_POINTS = 200
_FIRST, _SECOND = system_colours(2)
_SCENARIO: dict[str, Any] = {"color": "black", "linewidth": 1.4}
_FIT: dict[str, Any] = {"color": _FIRST, "marker": "o", "linestyle": "", "markersize": 4}
_CHORD: dict[str, Any] = {
    "color": _SECOND, "marker": "s", "linestyle": "", "markersize": 4, "fillstyle": "none"
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class TitrationCurves:
    """Diffusivities of pulses, m²/s, and those of the scenario.

    Attributes:
        content: x in the middle of each pulse, shape (pulses,).
        chord: By the √t chord, shape (pulses,).
        fitted: By the fit of the exact response, shape (pulses,); not a number where there is none.
        within: Whether the open-circuit voltage is known for the whole pulse, shape (pulses,).
        line: x of the points of the line, shape (points,).
        scenario: Diffusivity of the scenario there, shape (points,).
    """

    content: Array
    chord: Array
    fitted: Array
    within: Array
    line: Array
    scenario: Array


def titration_figure(curves: TitrationCurves, path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw the diffusivities over the content.

    Args:
        curves: What to draw.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If the disk refuses.
    """
    figure = new_figure(width, 0.3 * width + 1.2)
    axes = figure.add_subplot()
    axes.plot(curves.line, curves.scenario, **_SCENARIO, zorder=1)
    axes.plot(curves.content, curves.chord, **_CHORD, zorder=2)
    for known, fill in ((True, "full"), (False, "none")):
        chosen = curves.within.astype(bool) == known
        axes.plot(curves.content[chosen], curves.fitted[chosen], **_FIT, fillstyle=fill)
    axes.set_ylim(bottom=0.0)
    # A charge goes from left to right.
    if curves.content[0] > curves.content[-1]:
        axes.invert_xaxis()
    tidy(axes, "Content x", "Diffusivity (m²/s)")
    handles = [
        Line2D([], [], **_SCENARIO, label="of the scenario"),
        Line2D([], [], **_FIT, label="fit of the exact response"),
        Line2D([], [], **_CHORD, label="√t chord"),
    ]
    legend_above(figure, handles, width)
    save(figure, path)


def has_titration(runs: Sequence[LabelledRun]) -> bool:
    """Whether there is a single run, with a titration."""
    return len(runs) == 1 and bool(_pulses(runs[0]))


def _pulses(run: LabelledRun) -> Sequence[dict[str, float | None]]:
    found: Sequence[dict[str, float | None]] = run.result.summary.get(SUMMARY, {}).get("pulses", ())
    return found


def curves_of(run: LabelledRun) -> TitrationCurves:
    """The diffusivities of a run's pulses, and that of its scenario over the same contents."""
    pulses = _pulses(run)
    columns = {name: np.array([one[name] for one in pulses], dtype=float) for name in pulses[0]}
    occupancy = np.linspace(columns["occupancy"].min(), columns["occupancy"].max(), _POINTS)
    order = np.argsort(columns["occupancy"])
    content = np.interp(occupancy, columns["occupancy"][order], columns["content"][order])
    diffusivity = run.scenario.model().transport.diffusivity.value(occupancy, NUMPY)
    return TitrationCurves(
        content=columns["content"],
        chord=columns["chord_m2_s"],
        fitted=columns["fitted_m2_s"],
        within=columns["within"],
        line=content,
        scenario=np.broadcast_to(diffusivity, occupancy.shape),
    )
