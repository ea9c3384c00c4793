"""The lattice that holds the ions, and its layer of fewer sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from oxyshell.models.base.physics import Physics, ScenarioView
from oxyshell.models.host.observables import OBSERVABLES

if TYPE_CHECKING:
    from pydantic_core import InitErrorDetails

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Host(Physics):
    """The host lattice of every run."""

    name = "host"
    observables = OBSERVABLES
    in_every_run = True

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.host import checks

        return checks.problems(scenario)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        from oxyshell.models.host.step_layer import step_layer

        return lambda facts: tuple(step_layer(facts.scenario, particle.system))
