"""The model of a calibration: scenarios with the unknowns' values in them, and the results of the targets."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from oxyshell.errors import InputError, SolverError
from oxyshell.outputs import SummaryOnly
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration import observations
from oxyshell.studies.calibration.file import Calibration
from oxyshell.studies.calibration.problem import Problem, Vector
from oxyshell.studies.engine.remarks import of_summary
from oxyshell.studies.engine.simulation_cache import SimulationCache


class Systems:
    """Runs the systems of a calibration; a system whose values have not changed is not run again.

    Args:
        calibration: The calibration.
        cache: Where to run.
        ran: Is called after every run.
    """

    def __init__(
        self, calibration: Calibration, cache: SimulationCache, ran: Callable[[], None] = lambda: None
    ) -> None:
        self._calibration = calibration
        self._cache = cache
        self._ran = ran
        self._known: dict[tuple[Any, ...], dict[int, float]] = {}
        self._remarks: dict[tuple[Any, ...], tuple[str, ...]] = {}
        self._bases = {name: _with_outputs(calibration, name) for name in calibration.scenarios}

    @property
    def runs(self) -> int:
        """Number of runs so far."""
        return len(self._known)

    def problem(self) -> Problem:
        """The calibration as numbers."""
        unknowns = [one.unknown for one in self._calibration.assignments]
        return Problem(unknowns, [one.target for one in self._calibration.aims], self.results)

    def results(self, logarithms: Vector) -> Vector:
        """The results of the targets, shape (targets,), at logarithms of the unknowns, shape (unknowns,).

        Raises:
            OxyshellError: If a run cannot be solved or has no such result.
        """
        values = [math.exp(one) for one in logarithms]
        found: dict[int, float] = {}
        for system, changes in self.changes(values).items():
            key = (system, *changes.items())
            if key not in self._known:
                self._known[key], self._remarks[key] = self._run(system, changes)
                self._ran()
            found |= self._known[key]
        return np.array([found[index] for index in range(len(self._calibration.aims))])

    def changes(self, values: Sequence[float]) -> dict[str, dict[str, float]]:
        """The values of each system at values of the unknowns, by path, SI."""
        changes: dict[str, dict[str, float]] = {name: {} for name in self._bases}
        given = list(zip(self._calibration.assignments, values, strict=True))
        for one, value in given:
            for system in one.systems if not one.relative_to else ():
                changes[system][one.path] = value
        for one, value in given:
            if one.relative_to:
                other = changes[one.relative_to].get(one.path)
                base = self._bases[one.relative_to].get(one.path) if other is None else other
                changes[one.systems[0]][one.path] = value * base
        return changes

    def scenarios(self, values: Sequence[float], source: str) -> dict[str, Scenario]:
        """The systems' scenarios with values of the unknowns in them, marked as calibrated."""
        made = {}
        for name, changes in self.changes(values).items():
            scenario = self._calibration.scenarios[name]
            entries = {
                path: {"value": scenario.in_si(path, value), "status": "calibrated", "source": source}
                for path, value in changes.items()
            }
            made[name] = scenario.with_values(entries)
        return made

    def remarks(self, logarithms: Vector) -> dict[str, tuple[str, ...]]:
        """Remarks of the systems' runs at logarithms of the unknowns, by system."""
        changes = self.changes([math.exp(one) for one in logarithms])
        return {
            system: self._remarks.get((system, *values.items()), ()) for system, values in changes.items()
        }

    def _run(self, system: str, changes: Mapping[str, float]) -> tuple[dict[int, float], tuple[str, ...]]:
        base = self._bases[system]
        scenario = base.with_values({path: base.in_si(path, value) for path, value in changes.items()})
        result = self._cache.run(scenario, SummaryOnly(keeps_history=True))
        found = {}
        for index, one in enumerate(self._calibration.aims):
            if one.system != system:
                continue
            try:
                found[index] = one.observation.evaluate(scenario, result)
            except KeyError:
                raise InputError(
                    f"a run of {system} has no '{one.observation.text}'; "
                    "see summary.json and the tables of any run for what there is, and when it ends"
                ) from None
            if not math.isfinite(found[index]):
                raise SolverError(
                    f"'{one.observation.text}' of {system} has no value in a run: it is a share of nothing"
                )
        return found, of_summary(result.summary)


def _with_outputs(calibration: Calibration, system: str) -> Scenario:
    """The system's scenario, which stops at the moments that its targets name."""
    scenario = calibration.scenarios[system]
    for one in calibration.aims:
        for kind, moment in one.observation.outputs.items() if one.system == system else ():
            scenario = scenario.with_values(observations.with_output(scenario, kind, moment))
    return scenario
