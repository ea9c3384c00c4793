"""Elastic stresses from the chemical strain of the ions' host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from oxyshell.models.base.observable import SectionArrays
from oxyshell.models.base.physics import Figure, LabelledRun, Physics
from oxyshell.models.mechanics.observables import OBSERVABLES, SECTION_ARRAYS

if TYPE_CHECKING:
    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Mechanics(Physics):
    """The mechanics of every run."""

    name = "mechanics"
    observables = OBSERVABLES
    in_every_run = True

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        from oxyshell.models.mechanics.recording import StressRecorder
        from oxyshell.models.mechanics.stress import StressEvaluation

        everywhere, at_points = StressEvaluation(particle.everywhere), StressEvaluation(particle.at_points)
        return lambda _: (StressRecorder(particle, everywhere, at_points),)

    def section_arrays(self) -> SectionArrays:
        return SECTION_ARRAYS

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.mechanics.figure import figures

        return figures(runs)
