"""Ions that diffuse and drift between the sites of their host, and pass the surface."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.physics import Physics
from oxyshell.models.ions.observables import OBSERVABLES

if TYPE_CHECKING:
    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Ions(Physics):
    """The ions of every run."""

    name = "ions"
    observables = OBSERVABLES
    in_every_run = True

    def report(self, summary: Mapping[str, Any]) -> Iterator[str]:
        yield f"balance of the ions: error {summary[self.name]['balance_error']:.1e}"

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        from oxyshell.models.ions.current import KeptCurrent
        from oxyshell.models.ions.occupancies import Occupancies, tabulated
        from oxyshell.models.ions.recording import ContentEvaluation, ContentRecorder

        system, evaluation = particle.system, ContentEvaluation(particle.everywhere)

        def made(facts: RunFacts) -> Sequence[Recorder]:
            # The errors of single steps, each below the tolerance, add up to a few of them.
            error = 3 * facts.scenario.numerics.time_tolerance
            tables, comm = tabulated(facts.scenario), system.particle.mesh.comm
            return (
                ContentRecorder(system, evaluation),
                KeptCurrent(facts.protocol, facts.geometry.area),
                Occupancies(system.occupancy, comm, tables, error, system.places),
            )

        return made
