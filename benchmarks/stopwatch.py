"""Times the steps of a run from inside.

Reaches into private parts of the simulation: nobody else needs these.
"""

from __future__ import annotations

import time
from typing import Any

from oxyshell.inputs import Scenario
from oxyshell.simulation import Simulation, _control
from oxyshell.solver.march import Method, march
from oxyshell.solver.state import Attempt, State


class _TimedMethod:
    """A time-stepping method that adds up how long its attempts take."""

    def __init__(self, method: Method) -> None:
        self._method = method
        self.seconds = 0.0

    @property
    def order(self) -> int:
        return self._method.order

    def attempt(self, state: State, step: float) -> Attempt:
        started = time.perf_counter()
        result = self._method.attempt(state, step)
        self.seconds += time.perf_counter() - started
        return result


class Stopwatch:
    """Runs a simulation that is set up already."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._strategy = simulation._strategy
        self.system: Any = simulation._system
        simulation._strategy = self
        self._timed: _TimedMethod

    def method(self, tolerance: float) -> _TimedMethod:
        """The strategy's method, timed."""
        self._timed = _TimedMethod(self._strategy.method(tolerance))
        return self._timed

    def run(self, scenario: Scenario) -> dict[str, Any]:
        """One run in memory: seconds of all and of the steps alone, steps, iterations."""
        simulation, system = self._simulation, self.system
        simulation._fresh_recording(scenario.model())
        solver = getattr(system, "_elasticity", None)
        before = solver.iterations if solver else 0
        started = time.perf_counter()
        summary = simulation.run(scenario).summary
        return {
            "run_s": time.perf_counter() - started,
            "attempts_s": self._timed.seconds,
            "unknowns": system.degrees_of_freedom,
            "steps": summary["steps"],
            "rejected": summary["rejected_steps"],
            "iterations": (solver.iterations - before) if solver else 0,
        }

    def march(self, scenario: Scenario) -> float:
        """Seconds of a march that records nothing; the balance is still observed at every step."""
        simulation, system = self._simulation, self.system
        model = scenario.model()
        system.update(model)
        protocol = scenario.protocol(model.radius * system.volume / system.area)
        started = time.perf_counter()
        for _ in march(simulation._subject(scenario, model), protocol, _control(scenario, system.time_unit)):
            pass
        return time.perf_counter() - started
