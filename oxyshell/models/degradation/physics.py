"""Losses from cycle to cycle, fed by what the cycles of the particle were like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.combined_laws import CombinedLaws
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.degradation.observables import OBSERVABLES

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

    def report(self, summary: Mapping[str, Any]) -> Iterator[str]:
        if self.name in summary:
            yield _told(summary[self.name])

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        from oxyshell.models.degradation.recording import DegradationRecorder

        def made(facts: RunFacts) -> Sequence[Recorder]:
            laws = self.cycle_laws(facts.scenario, facts.geometry)
            return (DegradationRecorder(CombinedLaws(laws)),) if laws else ()

        return made

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.degradation import figure

        return figure.figures(runs)


def _told(numbers: Mapping[str, float]) -> str:
    """The losses in the last cycle; of those that there are not nothing.

    Args:
        numbers: The summary's section on degradation.
    """
    parts = [f"capacity {100 * numbers['retention']:.2f} % of that of cycle 1 by the laws"]
    if numbers["layer_nm"]:
        parts.append(f"surface layer {numbers['layer_nm']:.4g} nm")
    if numbers["relative_area"] != 1:
        parts.append(f"surface {numbers['relative_area']:.4g} of that as made")
    if numbers["voltage_fade_mV"]:
        parts.append(f"fade of the mean voltage {numbers['voltage_fade_mV']:.4g} mV")
    if numbers["redox_share"] != 1:
        parts.append(f"redox of oxygen {100 * numbers['redox_share']:.2f} % left")
    return f"losses in cycle {numbers['cycle']:.0f}: {', '.join(parts)}"
