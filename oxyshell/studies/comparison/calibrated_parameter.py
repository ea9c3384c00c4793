"""Adjusts one parameter of a system until one result has a given value; `fitting` does the searching."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from oxyshell.errors import SolverError
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import root_finding
from oxyshell.studies.engine.root_finding import NotReachedError
from oxyshell.studies.engine.simulation_cache import SimulationCache


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
        remarks: Sentences on how sure it is.
    """

    goal: Goal
    parameter: float
    reached: float
    runs: int
    remarks: tuple[str, ...] = ()


def calibrate(
    cache: SimulationCache, scenario: Scenario, goal: Goal, start: float | None = None
) -> Calibrated:
    """Find the parameter on a logarithmic scale: by secants from a first guess, else between its bounds.

    Args:
        cache: Where to run.
        scenario: The system.
        goal: What to reach.
        start: First guess of the parameter, SI; by default what the scenario says.

    Raises:
        SolverError: If the result is not reached between the bounds, or jumps over the value.
    """
    low, high = (math.log(bound) for bound in goal.bounds)

    def result(logarithm: float) -> float:
        return cache.quantity(with_number(scenario, goal.parameter, math.exp(logarithm)), goal.target)

    # What has no logarithm starts at the lower bound.
    guess = math.log(max(scenario.get(goal.parameter) if start is None else start, goal.bounds[0]))
    try:
        found = root_finding.single(result, guess, low, high, root_finding.Goal(goal.value, goal.tolerance))
    except NotReachedError as error:
        bounds = (f"{goal.bounds[0]:g}", f"{goal.bounds[1]:g} (SI)")
        closest = f"{math.exp(error.closest.logarithm):.4g}"
        words = error.words(f"{goal.target} = {goal.value:g}", goal.parameter, bounds, closest)
        raise SolverError(words) from None
    parameter = math.exp(found.logarithm)
    return Calibrated(goal, parameter, found.result, found.runs, tuple(_remarks(goal, parameter, found)))


def _remarks(goal: Goal, parameter: float, found: root_finding.Found) -> Iterator[str]:
    if found.others:
        yield (
            f"{goal.target} = {goal.value:g} is passed {found.others + 1} times or more for {goal.parameter} "
            f"between its bounds; {parameter:.4g} (SI) is the value nearest to the first guess. Narrower "
            "'bounds' choose another one."
        )


def with_number(
    scenario: Scenario, parameter: str, value: float, status: str = "calibrated", source: str = ""
) -> Scenario:
    """A scenario with another number at a path, SI, and a record of where it comes from."""
    entry = {
        "value": scenario.in_si(parameter, value),
        "status": status,
        "source": source or "set by a study",
    }
    return scenario.with_values({parameter: entry})
