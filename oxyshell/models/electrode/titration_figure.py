"""Figure of the diffusivities of a run's titration beside that of its scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.models.electrode.titration import SUMMARY

if TYPE_CHECKING:
    from oxyshell.drawing.titration import TitrationCurves

_POINTS = 200


def figures(runs: Sequence[LabelledRun]) -> Iterator[Figure]:
    """A figure of a single run that has a titration."""
    if len(runs) == 1 and _pulses(runs[0]):
        yield Figure("gitt", lambda path: _draw(runs[0], path), compares=False)


def _pulses(run: LabelledRun) -> Sequence[dict[str, float | None]]:
    found: Sequence[dict[str, float | None]] = run.result.summary.get(SUMMARY, {}).get("pulses", ())
    return found


def _draw(run: LabelledRun, path: Path) -> None:
    # Matplotlib takes most of a second to import.
    from oxyshell.drawing.titration import titration_figure

    titration_figure(curves(run), path)


def curves(run: LabelledRun) -> TitrationCurves:
    """The diffusivities of a run's pulses, and that of its scenario over the same contents."""
    from oxyshell.drawing.titration import TitrationCurves

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
