"""Interfaces of the regions of a particle: what happens on both sides of them, and what pulls them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.interfaces.observables import OBSERVABLES
from oxyshell.presentation.finding import Finding

if TYPE_CHECKING:
    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Interfaces(Physics):
    """The interfaces of runs whose particle has regions; it has no section of its own."""

    name = "interfaces"
    observables = OBSERVABLES

    @property
    def requirement(self) -> str:
        return "'regions', or a shell that is a host of its own"

    def is_in(self, scenario: ScenarioView) -> bool:
        return len(scenario.parts) > 1

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        from oxyshell.models.interfaces import report

        return report.findings(summary)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        if len(particle.system.symbols.parts) < 2:
            return super().recorders(particle)
        from oxyshell.models.interfaces.evaluation import InterfaceEvaluation
        from oxyshell.models.interfaces.recording import InterfaceRecorder

        evaluation = InterfaceEvaluation(particle.system)
        return lambda facts: (InterfaceRecorder(evaluation, facts),)

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.interfaces import figure

        return figure.figures([run for run in runs if self.name in run.result.summary])
