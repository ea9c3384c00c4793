"""Figures of runs with losses."""

from __future__ import annotations

from collections.abc import Sequence

from oxyshell.models.base.physics import Figure, LabelledRun


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """The losses against the number of the cycle, of those runs that have any over several cycles."""
    drawn = [run for run in runs if run.scenario.section("degradation") is not None]
    if not drawn:
        return ()
    from oxyshell.drawing.cycle_panels import LabelledCycles
    from oxyshell.models.degradation.losses_figure import losses_figure

    systems = [LabelledCycles(run.label, run.result.cycle_table.numbers) for run in drawn]
    several = [system for system in systems if system.several]
    return (Figure("losses", lambda path, width: losses_figure(several, path, width)),) if several else ()
