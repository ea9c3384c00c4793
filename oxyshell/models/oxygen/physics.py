"""Oxygen that the lattice generates, that diffuses, and that a sink on the surface captures or lets pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.base.process import Follower
from oxyshell.models.oxygen.observables import OBSERVABLES
from oxyshell.presentation.finding import Finding
from oxyshell.presentation.numbers import percent, with_unit

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import InitErrorDetails

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Oxygen(Physics):
    """The oxygen of runs whose scenario has a section of that name."""

    name = "oxygen"
    observables = OBSERVABLES

    def section(self) -> type[BaseModel]:
        from oxyshell.models.oxygen import section

        return section.Oxygen

    def layer_section(self) -> type[BaseModel]:
        from oxyshell.models.oxygen.layer_section import LayerOxygen

        return LayerOxygen

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.oxygen import checks

        return checks.problems(scenario)

    def particle_model(self, model: Any, scenario: ScenarioView) -> Any:
        from oxyshell.models.oxygen import from_scenario

        return from_scenario.with_vacancies(model, scenario)

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        from oxyshell.models.oxygen import remarks

        return remarks.about_oxygen(scenario, geometry)

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        if self.name not in summary:
            return
        numbers = summary[self.name]
        of_all = "of initial and generated O₂"
        yield Finding("O₂ in the lattice", percent(numbers["retention"]), of_all)
        yield Finding("O₂ captured", percent(numbers["captured_fraction"]), of_all)
        left = with_unit(numbers["released_umol_per_g"], "umol/g")
        yield Finding("O₂ released", percent(numbers["released_fraction"]), f"{of_all}; {left}")
        yield Finding("O₂ at the surface", percent(numbers["surface_to_centre"]), "of that at the centre")
        yield Finding("filling of the sink", percent(numbers["filling"]), "at the end")
        yield Finding("balance error of the O₂", f"{numbers['balance_error']:.1e}", "of the most it can hold")

    def followers(self, scenario: ScenarioView, geometry: Geometry) -> Sequence[Follower[Any]]:
        from oxyshell.models.oxygen.from_scenario import oxygen_model
        from oxyshell.models.oxygen.process import OxygenTransport

        model = oxygen_model(scenario, geometry)
        if model is None:
            return ()
        # It starts with a jump at the surface, where a transfer velocity may be far above that of diffusion:
        # the surface of a full particle empties within h/k, h its outermost element.
        tolerance = scenario.numerics.oxygen_tolerance
        return [Follower(OxygenTransport(), model, tolerance, "numerics.oxygen_tolerance")]

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        if self.name not in particle.followers:
            return super().recorders(particle)
        from oxyshell.models.oxygen.recording import OxygenEvaluation, OxygenRecorder

        evaluation = OxygenEvaluation(particle, particle.followers[self.name])

        def made(facts: RunFacts) -> Sequence[Recorder]:
            mass = facts.geometry.volume * facts.scenario.amounts(facts.geometry).density
            return (OxygenRecorder(evaluation, mass),)

        return made

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.oxygen.figure import figures

        return figures(runs)
