"""Ions that diffuse and drift between the sites of their host, and pass the surface."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.physics import Physics
from oxyshell.models.ions.observables import OBSERVABLES
from oxyshell.presentation.finding import Finding
from oxyshell.presentation.numbers import directed

if TYPE_CHECKING:
    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Ions(Physics):
    """The ions of every run."""

    name = "ions"
    observables = OBSERVABLES
    in_every_run = True

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        numbers = summary[self.name]
        amount, direction = directed(numbers["extracted_per_formula"], 3).split()
        yield Finding(f"ions {direction}", amount, "per formula unit, at the end")
        yield Finding("balance error of the ions", f"{numbers['balance_error']:.1e}", "of the host sites")

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        from oxyshell.models.ions.current import KeptCurrent
        from oxyshell.models.ions.occupancies import Occupancies, tabulated
        from oxyshell.models.ions.recording import ContentEvaluation, ContentRecorder

        system, evaluation = particle.system, ContentEvaluation(particle.everywhere)

        def made(facts: RunFacts) -> Sequence[Recorder]:
            # The errors of single steps, each below the tolerance, add up to a few of them.
            error = 3 * facts.scenario.numerics.time_tolerance
            tables, comm = tabulated(facts.scenario), system.particle.mesh.comm
            drifts = any(one.material.drift != "none" for one in facts.scenario.parts)
            return (
                ContentRecorder(system, evaluation),
                KeptCurrent(facts.protocol, facts.geometry.area),
                Occupancies(system.occupancy, comm, tables, error, system.places, drifts),
            )

        return made
