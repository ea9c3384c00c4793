"""Stress intensity of flaws at the surface, compared with a toughness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.fracture.observables import OBSERVABLES
from oxyshell.presentation.finding import Finding

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import InitErrorDetails

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Fracture(Physics):
    """The flaws of runs whose scenario has a section `toughness`; they change nothing else."""

    name = "toughness"
    observables = OBSERVABLES

    def section(self) -> type[BaseModel]:
        from oxyshell.models.fracture import section

        return section.Toughness

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.fracture import checks

        return checks.problems(scenario)

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        from oxyshell.models.fracture import report

        return report.about_flaws(scenario)

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        from oxyshell.models.fracture import report

        return report.findings(summary)

    def report(self, summary: Mapping[str, Any]) -> Iterator[str]:
        from oxyshell.models.fracture import report

        return report.lines(summary)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        # Most runs have no such section, and then nothing is compiled.
        @cache
        def evaluation() -> Any:
            from oxyshell.models.fracture.evaluation import FlawEvaluation

            return FlawEvaluation(particle)

        def made(facts: RunFacts) -> Sequence[Recorder]:
            if facts.scenario.section(self.name) is None:
                return ()
            from oxyshell.models.fracture.recording import FlawRecorder

            return (FlawRecorder(evaluation(), facts),)

        return made

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.fracture import figure

        return figure.figures([run for run in runs if run.scenario.section(self.name) is not None])
