"""The electrode that the particle's surface is part of: what a voltage drives through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.electrode.observables import OBSERVABLES
from oxyshell.presentation.finding import Finding
from oxyshell.presentation.numbers import directed, three_digits

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import InitErrorDetails

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts

_PARTS = {
    "concentration": "concentration overpotential",
    "kinetic": "kinetic overpotential",
    "stress": "shift of the potential by stress",
}


class Electrode(Physics):
    """The electrode of runs whose scenario has a section of that name."""

    name = "electrode"
    observables = OBSERVABLES

    def section(self) -> type[BaseModel]:
        from oxyshell.models.electrode import section

        return section.Electrode

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.electrode import checks

        return checks.problems(scenario)

    def particle_model(self, model: Any, scenario: ScenarioView) -> Any:
        from oxyshell.models.electrode.section import with_electrode

        found = scenario.section(self.name)
        return model if found is None else with_electrode(found, model, scenario)

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        from oxyshell.models.electrode import remarks

        return remarks.about_electrode(scenario)

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        from oxyshell.models.electrode import titration

        if self.name in summary:
            numbers = summary[self.name]
            moved = directed(numbers["capacity_mAh_g"], 1, "mA h/g", "taken out", "put in")
            yield Finding("voltage at the end", f"{numbers['voltage_V']:.3f} V", f"{moved} since the start")
            for part, words in _PARTS.items():
                yield Finding(f"largest {words}", f"{three_digits(numbers[f'largest_{part}_mV'])} mV")
        yield from titration.findings(summary)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        if not particle.system.symbols.exchange.processes():
            return super().recorders(particle)
        from oxyshell.models.electrode import titration
        from oxyshell.models.electrode.curve_tables import CurveTables, tabulated_curves
        from oxyshell.models.electrode.hosts import share_by_potentials
        from oxyshell.models.electrode.recording import ElectrodeEvaluation, ElectrodeRecorder

        system, evaluation = particle.system, ElectrodeEvaluation(particle.system)

        def made(facts: RunFacts) -> Sequence[Recorder]:
            material, geometry = facts.scenario.material, facts.geometry
            mass = geometry.volume * facts.scenario.amounts(geometry).density
            # The errors of single steps, each below the tolerance, add up to a few of them.
            error = 3 * facts.scenario.numerics.time_tolerance
            tables = tabulated_curves(facts.scenario)
            shared = share_by_potentials(facts.scenario.section(self.name), facts.scenario)
            return (
                ElectrodeRecorder(evaluation, geometry.area, mass, material.ion.charge_number, shared),
                CurveTables(system.occupancy, system.particle.mesh.comm, tables, error, system.places),
                *titration.recorders(facts),
            )

        return made

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.electrode.figures import declared

        return declared.figures(runs)
