"""Chemical potential of ions that interact in their host, and separate into phases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.chemical_potential.observables import OBSERVABLES
from oxyshell.presentation.finding import Finding

if TYPE_CHECKING:
    from pydantic_core import InitErrorDetails

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class ChemicalPotential(Physics):
    """The interaction of ions in runs whose scenario has a section of that name."""

    name = "chemical_potential"
    observables = OBSERVABLES

    def section(self) -> Any:
        from oxyshell.models.chemical_potential import section

        return section.ChemicalPotential

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.chemical_potential import checks

        return checks.problems(scenario)

    def particle_model(self, model: Any, scenario: ScenarioView) -> Any:
        found = scenario.section(self.name)
        if found is None:
            return model
        solution = found.solution(model, scenario.material.ion.charge_number)
        return replace(model, solution=solution, exchange=model.exchange.in_solution(solution))

    def finest_length(self, scenario: ScenarioView) -> float:
        """The width of the front, if there can be one, or less where its feet are steep; else ℓ."""
        if scenario.section(self.name) is None:
            return super().finest_length(scenario)
        from oxyshell.models.chemical_potential.facts import PhaseFacts

        return PhaseFacts.of(scenario).finest

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        from oxyshell.models.chemical_potential import remarks

        return remarks.about_phases(scenario, geometry)

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        from oxyshell.models.chemical_potential import report

        return report.findings(summary)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        if not particle.system.symbols.solution.processes():
            return super().recorders(particle)
        from oxyshell.models.chemical_potential.recording import PhaseEvaluation, PhaseRecorder

        evaluation = PhaseEvaluation(particle)
        return lambda facts: (PhaseRecorder(evaluation, facts),)

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.chemical_potential import figure

        return figure.figures(runs) if any(self.name in run.result.summary for run in runs) else ()
