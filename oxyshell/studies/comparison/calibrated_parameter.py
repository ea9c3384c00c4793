"""One parameter of a system, adjusted until one result has a given value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from oxyshell.errors import SolverError
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.root_finding import Found, Goal, NotReachedError, find_root
from oxyshell.studies.engine.simulation_cache import SimulationCache


@dataclass(frozen=True)
class ParameterGoal:
    """A value that a result has to take.

    Attributes:
        parameter: Path of the parameter in the scenario.
        target: Path of the result in the summary.
        value: The value.
        tolerance: Allowed deviation, in the unit of `value`.
        bounds: Smallest and largest parameter, SI, both positive.
    """

    parameter: str
    target: str
    value: float
    tolerance: float
    bounds: tuple[float, float]


@dataclass(frozen=True)
class CalibratedParameter:
    """A parameter with which a result has the value that it has to.

    Attributes:
        goal: The value that the result has to take.
        parameter: The parameter's value, SI.
        reached: The result there.
        runs: Number of runs.
        remarks: Sentences on its uniqueness.
    """

    goal: ParameterGoal
    parameter: float
    reached: float
    runs: int
    remarks: tuple[str, ...] = ()


def calibrate_parameter(
    cache: SimulationCache, scenario: Scenario, goal: ParameterGoal, start: float | None = None
) -> CalibratedParameter:
    """Find the parameter on a logarithmic scale: by secants from a first guess, else between its bounds.

    Args:
        cache: Where to run.
        scenario: The system.
        goal: The value that the result has to take.
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
        found = find_root(result, guess, low, high, Goal(goal.value, goal.tolerance))
    except NotReachedError as error:
        bounds = (f"{goal.bounds[0]:g}", f"{goal.bounds[1]:g} (SI)")
        closest = f"{math.exp(error.closest.logarithm):.4g}"
        words = error.words(f"{goal.target} = {goal.value:g}", goal.parameter, bounds, closest)
        raise SolverError(words) from None
    parameter = math.exp(found.logarithm)
    return CalibratedParameter(
        goal, parameter, found.result, found.runs, tuple(_remarks(goal, parameter, found))
    )


def _remarks(goal: ParameterGoal, parameter: float, found: Found) -> Iterator[str]:
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
