"""Adjusts one parameter until one result has a given value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from oxyshell.errors import SolverError
from oxyshell.inputs import Scenario
from oxyshell.studies.bench import Bench

_MOST_RUNS = 60


@dataclass(frozen=True)
class Goal:
    """What a calibration has to reach.

    Attributes:
        parameter: Path of the parameter in the scenario.
        target: Path of the result in the summary.
        value: What the result has to be.
        tolerance: How closely, in the unit of `value`.
        bounds: Smallest and largest parameter, SI, both positive.
    """

    parameter: str
    target: str
    value: float
    tolerance: float
    bounds: tuple[float, float]


@dataclass(frozen=True)
class Calibrated:
    """What a calibration found.

    Attributes:
        goal: What was asked.
        parameter: The parameter's value, SI.
        reached: The result there.
        runs: How many runs it took.
    """

    goal: Goal
    parameter: float
    reached: float
    runs: int


def calibrate(bench: Bench, scenario: Scenario, goal: Goal, start: float | None = None) -> Calibrated:
    """Find the parameter, by a bracketing search on its logarithm that starts near a first guess.

    Args:
        bench: Where to run.
        scenario: The system.
        goal: What to reach.
        start: First guess of the parameter, SI; by default what the scenario says.

    Raises:
        SolverError: If the result cannot be reached between the bounds.
    """
    low, high = (math.log(bound) for bound in goal.bounds)
    misses: dict[float, float] = {}

    def miss(logarithm: float) -> float:
        if logarithm not in misses:
            changed = with_number(scenario, goal.parameter, math.exp(logarithm))
            misses[logarithm] = bench.quantity(changed, goal.target) - goal.value
        return misses[logarithm]

    first = math.log(scenario.get(goal.parameter) if start is None else start)
    best = _search(miss, min(max(first, low), high), low, high, goal)
    return Calibrated(goal, math.exp(best), misses[best] + goal.value, len(misses))


def with_number(scenario: Scenario, parameter: str, value: float, status: str = "calibrated", source: str = "") -> Scenario:
    """A scenario with another number at a path, SI, and a record of where it comes from."""
    entry = {"value": value, "status": status, "source": source or "set by a study"}
    return scenario.with_values({parameter: entry})


def _search(miss: Callable[[float], float], first: float, low: float, high: float, goal: Goal) -> float:
    from scipy.optimize import brentq

    left, right = _bracket(miss, first, low, high, goal)
    if left == right:
        return left
    # Brent's method stops on the parameter; the loop makes it stop on the result.
    width = 1e-3
    for _ in range(_MOST_RUNS):
        root = float(brentq(miss, left, right, xtol=width))
        if abs(miss(root)) <= goal.tolerance:
            return root
        width /= 4
    raise SolverError(f"{goal.target} does not settle within {goal.tolerance:g} of {goal.value:g}")


def _bracket(
    miss: Callable[[float], float], first: float, low: float, high: float, goal: Goal
) -> tuple[float, float]:
    """Two parameters between which the result passes its goal; equal ones if the first guess hits it."""
    if abs(miss(first)) <= goal.tolerance:
        return first, first
    reach = 0.02
    while True:
        left, right = max(first - reach, low), min(first + reach, high)
        for one, other in ((left, first), (first, right)):
            if one < other and miss(one) * miss(other) <= 0:
                return one, other
        if left == low and right == high:
            raise SolverError(
                f"{goal.target} = {goal.value:g} is not reached for {goal.parameter} between "
                f"{goal.bounds[0]:g} and {goal.bounds[1]:g} (SI): there it is {miss(low) + goal.value:g} and "
                f"{miss(high) + goal.value:g}; widen the bounds or check the target"
            )
        reach *= 6
