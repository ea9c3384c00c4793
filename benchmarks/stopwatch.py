"""Times the steps of a run from inside.

Reads private parts of the simulation: nothing else needs these.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from benchmarks.clock import now
from oxyshell.models.base.geometry import Geometry
from oxyshell.running.numerics import step_control
from oxyshell.running.simulation import Simulation, Watch
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable, Method
from oxyshell.solver.settings import StepControl
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
        started = now()
        result = self._method.attempt(state, step)
        self.seconds += now() - started
        return result


class Stopwatch:
    """Runs a simulation that is set up already.

    Attributes:
        system: The discretised ions.
        oxygen: The discretised oxygen; None where there is none.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._strategy = simulation._strategy
        self.system: Any = simulation._system
        self.oxygen: Any = simulation._followers.get("oxygen")
        self._untimed = simulation._subject
        timed: Any = simulation
        timed._strategy, timed._subject = self, self._subject
        self._ions: _TimedMethod
        self._all: _TimedMethod

    def method(self, tolerance: float) -> _TimedMethod:
        """The strategy's method, timed."""
        self._ions = _TimedMethod(self._strategy.method(tolerance))
        return self._ions

    def _subject(
        self, scenario: Scenario, model: Any, control: StepControl, watch: Watch, *cycling: Any
    ) -> Marchable:
        """The simulation's subject; its method adds up how long attempts take, the ions' own among them."""
        subject = self._untimed(scenario, model, control, watch, *cycling)
        self._all = _TimedMethod(subject.method)
        return replace(subject, method=self._all)

    def run(self, scenario: Scenario) -> dict[str, Any]:
        """One run in memory: seconds of all, of the steps alone and of the oxygen's, steps, iterations."""
        simulation, system = self._simulation, self.system
        solver = getattr(system, "elasticity", None)
        before = solver.iterations if solver else 0
        started = now()
        summary: Any = simulation.run(scenario).summary
        seconds = now() - started
        oxygen = summary.get("oxygen", {"steps": 0, "rejected_steps": 0})
        return {
            "run_s": seconds,
            "attempts_s": self._all.seconds,
            "oxygen_s": self._all.seconds - self._ions.seconds,
            "unknowns": system.degrees_of_freedom,
            "steps": summary["steps"],
            "rejected": summary["rejected_steps"],
            "oxygen_steps": oxygen["steps"],
            "oxygen_rejected": oxygen["rejected_steps"],
            "iterations": (solver.iterations - before) if solver else 0,
        }

    def march(self, scenario: Scenario) -> float:
        """Seconds of a march that records nothing; the balance is still observed at every step."""
        simulation, system = self._simulation, self.system
        model = scenario.model()
        system.update(model)
        protocol = scenario.on(Geometry.of(model.radius, system.volume, system.area)).protocol()
        control = step_control(scenario, system.time_unit)
        subject = simulation._subject(scenario, model, control, lambda _state: {})
        started = now()
        for _ in march(subject, protocol, control):
            pass
        return now() - started
