"""Figures of runs with oxygen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.models.oxygen.from_scenario import surface_law

if TYPE_CHECKING:
    from oxyshell.models.oxygen.cut_figure import LabelledOxygen
    from oxyshell.models.oxygen.release_figure import PublishedShares


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """Oxygen in cuts through the particles, and its release, of those runs that have any."""
    drawn = [run for run in runs if run.scenario.oxygen is not None]
    if not drawn:
        return ()

    def oxygen(path: Path, width: float) -> None:
        from oxyshell.models.oxygen.cut_figure import oxygen_figure

        oxygen_figure([_labelled(run) for run in drawn], path, width)

    def release(path: Path, width: float) -> None:
        from oxyshell.models.ions.figure import labelled_history
        from oxyshell.models.oxygen.release_figure import release_figure

        release_figure([labelled_history(run) for run in drawn], path, _published(drawn[0].scenario), width)

    return Figure("oxygen", oxygen), Figure("release", release)


def _labelled(run: LabelledRun) -> LabelledOxygen:
    from oxyshell.models.oxygen.cut_figure import LabelledOxygen

    scenario, result, particle = run.scenario, run.result, run.scenario.particle
    known = particle.geometry() is not None
    coverage = surface_law(scenario, scenario.geometry()).coverage if known else 1.0
    body = particle.body(result.fields)
    return LabelledOxygen(run.label, result.profiles, result.history, coverage, body)


def _published(scenario: Any) -> PublishedShares:
    """Shares of peroxide that the scenario says were published; none if it says nothing."""
    from oxyshell.models.oxygen.release_figure import PublishedShares

    shares = scenario.oxygen.peroxide_shares
    if shares is None:
        return PublishedShares()
    by_system = {series.system: series.percent for series in shares.series}
    return PublishedShares(shares.voltages, by_system, shares.source)
