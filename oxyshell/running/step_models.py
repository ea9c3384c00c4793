"""Models of a run's particle, and of what follows it, in each step of the protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from oxyshell.errors import SolverError
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.base.process import Follower
from oxyshell.models.base.protocol import ProtocolStep
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.system import System
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.state import State


class StepModels:
    """The particle at the temperature of a step, with what has changed since the first cycle."""

    def __init__(
        self,
        scenario: Scenario,
        model: ParticleModel,
        system: System,
        law: CycleLaw,
        followers: Sequence[Follower[Any]],
        systems: Mapping[str, FollowingSystem[Any]],
    ) -> None:
        """Set up.

        Args:
            scenario: The scenario.
            model: The particle as made, SI.
            system: Its discretised equations.
            law: What changes from cycle to cycle.
            followers: What follows it, with its numbers as made.
            systems: The discretised equations of these, by the name of the process.
        """
        self._scenario, self._system, self._law = scenario, system, law
        self._followers = [(systems[one.process.name], one.model) for one in followers]
        self._made: dict[float | None, ParticleModel] = {None: model}
        self._in_force: Mapping[str, float] = {}

    def of_step(self, step: ProtocolStep, state: State) -> ParticleModel:
        """The particle's model in a step, with what the step sets at its surface, SI.

        What follows the particle takes over the numbers that are in force.

        Raises:
            SolverError: If the particle at the temperature of the step needs other equations.
        """
        numbers = state.cycle_numbers
        if numbers != self._in_force:
            for system, made in self._followers:
                system.update(self._law.aged_follower(made, numbers))
            self._in_force = numbers
        model = replace(self._at(step.temperature), exchange=step.exchange)
        aged: ParticleModel = self._law.aged(model, numbers)
        return aged

    def _at(self, temperature: float | None) -> ParticleModel:
        """The particle as made at a temperature, made once; None: that of the run."""
        if temperature not in self._made:
            self._made[temperature] = self._scenario.model(temperature)
            if not self._system.accepts(self._made[temperature]):
                raise SolverError(
                    f"the particle at {temperature:g} K needs other equations than at "
                    f"{self._scenario.temperature.value:g} K; expected a temperature nearer to that of "
                    "the run"
                )
        return self._made[temperature]
