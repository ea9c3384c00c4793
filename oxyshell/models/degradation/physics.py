"""Losses from cycle to cycle, fed by what the cycles of the particle were like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.combined_laws import CombinedLaws
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.degradation.observables import OBSERVABLES
from oxyshell.presentation.finding import Finding
from oxyshell.presentation.numbers import percent, with_unit

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import InitErrorDetails

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Degradation(Physics):
    """The losses of runs whose scenario has a section of that name."""

    name = "degradation"
    observables = OBSERVABLES

    def section(self) -> type[BaseModel]:
        from oxyshell.models.degradation import section

        return section.Degradation

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.degradation import checks

        return checks.problems(scenario)

    def cycle_columns(self, scenario: ScenarioView) -> Iterator[tuple[str, tuple[str, ...]]]:
        section = scenario.section(self.name)
        for key, _, driver in () if section is None else section.drivers():
            for column, place in driver.columns():
                yield column, (self.name, key, "driver", place)

    def particle_model(self, model: Any, scenario: ScenarioView) -> Any:
        from oxyshell.models.degradation import from_scenario

        return from_scenario.with_film(model, scenario)

    def cycle_laws(self, scenario: ScenarioView, geometry: Geometry) -> Sequence[CycleLaw]:
        from oxyshell.models.degradation import from_scenario

        return from_scenario.law_of(scenario, geometry).laws

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        from oxyshell.models.degradation import remarks

        return remarks.about_degradation(scenario)

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        if self.name not in summary:
            return
        numbers = summary[self.name]
        when = f"in cycle {numbers['cycle']:.0f}"
        yield Finding("capacity by the laws", percent(numbers["retention"]), f"of that of cycle 1, {when}")
        # Of losses that there are not, nothing is told.
        if numbers["layer_nm"]:
            yield Finding("surface layer", with_unit(numbers["layer_nm"], "nm"), when)
        if numbers["relative_area"] != 1:
            yield Finding("relative surface", f"{numbers['relative_area']:.4g}", f"of that as made, {when}")
        if numbers["voltage_fade_mV"]:
            yield Finding("fade of the mean voltage", with_unit(numbers["voltage_fade_mV"], "mV"), when)
        if numbers["redox_share"] != 1:
            yield Finding("redox of oxygen left", percent(numbers["redox_share"]), when)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        from oxyshell.models.degradation.recording import DegradationRecorder

        def made(facts: RunFacts) -> Sequence[Recorder]:
            laws = self.cycle_laws(facts.scenario, facts.geometry)
            return (DegradationRecorder(CombinedLaws(laws)),) if laws else ()

        return made

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.degradation import figure

        return figure.figures(runs)
