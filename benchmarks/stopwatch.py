"""Times the steps of a run from inside.

Reads private parts of the simulation: nothing else needs these.
"""

from __future__ import annotations

from typing import Any

from oxyshell.solver.coupling import Companionship, Controls

from benchmarks.clock import now
from oxyshell.models.base.geometry import Geometry
from oxyshell.running.simulation import Simulation, _control, _oxygen_control
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.march import Method, march
from oxyshell.solver.state import Array, Attempt, State


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


class _TimedCompanionship:
    """A companionship whose joint method adds up how long its attempts take, the ions' own among them."""

    def __init__(self, companionship: Companionship) -> None:
        self._companionship = companionship
        self.joint: _TimedMethod

    @property
    def places(self) -> Array:
        return self._companionship.places

    def accepts(self, model: Any) -> bool:
        return self._companionship.accepts(model)

    def join(self, *parts: Any) -> tuple[Method, State]:
        method, start = self._companionship.join(*parts)
        self.joint = _TimedMethod(method)
        return self.joint, start


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
        self.oxygen: Any = getattr(simulation._companionship, "system", None)
        self._along = _TimedCompanionship(simulation._companionship)
        simulation._strategy, simulation._companionship = self, self._along
        self._ions: _TimedMethod

    def method(self, tolerance: float) -> _TimedMethod:
        """The strategy's method, timed."""
        self._ions = _TimedMethod(self._strategy.method(tolerance))
        return self._ions

    def run(self, scenario: Scenario) -> dict[str, Any]:
        """One run in memory: seconds of all, of the steps alone and of the oxygen's, steps, iterations."""
        simulation, system = self._simulation, self.system
        solver = getattr(system, "_elasticity", None)
        before = solver.iterations if solver else 0
        started = now()
        summary: Any = simulation.run(scenario).summary
        seconds = now() - started
        oxygen = summary.get("oxygen", {"steps": 0, "rejected_steps": 0})
        return {
            "run_s": seconds,
            "attempts_s": self._along.joint.seconds,
            "oxygen_s": self._along.joint.seconds - self._ions.seconds,
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
        controls = Controls(_control(scenario, system.time_unit), _oxygen_control(scenario))
        subject = simulation._subject(scenario, model, controls)
        started = now()
        for _ in march(subject, protocol, controls.ions):
            pass
        return now() - started
