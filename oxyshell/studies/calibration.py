"""Adjusts one parameter until one result has a given value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from oxyshell.errors import SolverError
from oxyshell.inputs import Scenario
from oxyshell.studies.bench import Bench

_FIRST_STEP = 0.02
_MOST_SECANTS = 12


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
    """Find the parameter on a logarithmic scale: by secants from a first guess, else between its bounds.

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

    guess = math.log(scenario.get(goal.parameter) if start is None else start)
    best = _by_secants(miss, min(max(guess, low), high), low, high, goal)
    if best is None:
        best = _between_bounds(miss, low, high, goal)
    return Calibrated(goal, math.exp(best), misses[best] + goal.value, len(misses))


def with_number(
    scenario: Scenario, parameter: str, value: float, status: str = "calibrated", source: str = ""
) -> Scenario:
    """A scenario with another number at a path, SI, and a record of where it comes from."""
    entry = {"value": value, "status": status, "source": source or "set by a study"}
    return scenario.with_values({parameter: entry})


def _by_secants(
    miss: Callable[[float], float], first: float, low: float, high: float, goal: Goal
) -> float | None:
    """Secants on the result's logarithm, which is close to a power of the parameter; None if they stray."""

    def step_in(x: float) -> float:
        result = miss(x) + goal.value
        return math.log(result / goal.value) if result * goal.value > 0 else math.nan

    before, now = first, first + _FIRST_STEP if first + _FIRST_STEP <= high else first - _FIRST_STEP
    for _ in range(_MOST_SECANTS):
        for x in (before, now):
            if abs(miss(x)) <= goal.tolerance:
                return x
        slope = (step_in(now) - step_in(before)) / (now - before)
        if not (math.isfinite(slope) and slope != 0):
            return None
        before, now = now, now - step_in(now) / slope
        if not low <= now <= high:
            return None
    return None


def _between_bounds(miss: Callable[[float], float], low: float, high: float, goal: Goal) -> float:
    """Brent's method over the whole range."""
    from scipy.optimize import brentq

    if miss(low) * miss(high) > 0:
        raise SolverError(
            f"{goal.target} = {goal.value:g} is not reached for {goal.parameter} between "
            f"{goal.bounds[0]:g} and {goal.bounds[1]:g} (SI): there it is {miss(low) + goal.value:g} and "
            f"{miss(high) + goal.value:g}; widen the bounds or check the target"
        )
    # Brent's method stops on the parameter; the loop makes it stop on the result.
    for width in (1e-3, 1e-5, 1e-7, 1e-9):
        root = float(brentq(miss, low, high, xtol=width))
        if abs(miss(root)) <= goal.tolerance:
            return root
    raise SolverError(f"{goal.target} does not settle within {goal.tolerance:g} of {goal.value:g}")
