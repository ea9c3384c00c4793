"""One parameter of a system, adjusted until one result has a given value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from oxyshell.errors import SolverError
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.comparison.sections import ParameterCalibration
from oxyshell.studies.engine.root_finding import Goal, NotReachedError, find_root
from oxyshell.studies.engine.simulation_cache import SimulationCache


@dataclass(frozen=True)
class CalibratedParameter:
    """A parameter with which a result has the value that it has to.

    Attributes:
        parameter: The parameter's value, SI.
        reached: The result there.
        runs: Number of runs.
        remarks: Sentences on its uniqueness.
    """

    parameter: float
    reached: float
    runs: int
    remarks: tuple[str, ...] = ()


def calibrate_parameter(
    cache: SimulationCache,
    scenario: Scenario,
    wanted: ParameterCalibration,
    bounds: tuple[float, float],
    start: float | None = None,
) -> CalibratedParameter:
    """Find the parameter on a logarithmic scale: by secants from a first guess, else between its bounds.

    Args:
        cache: Runs the scenarios.
        scenario: The system.
        wanted: The parameter, and the value that a result has to take.
        bounds: Smallest and largest parameter, SI, both positive.
        start: First guess of the parameter, SI; by default what the scenario says.

    Raises:
        SolverError: If the result is not reached between the bounds, or jumps over the value.
    """
    path, target = wanted.parameter, f"{wanted.target} = {wanted.value:g}"

    def result(logarithm: float) -> float:
        return cache.quantity(with_number(scenario, path, math.exp(logarithm)), wanted.target)

    # What has no logarithm starts at the lower bound.
    guess = math.log(max(scenario.get(path) if start is None else start, bounds[0]))
    low, high = (math.log(bound) for bound in bounds)
    try:
        found = find_root(result, guess, low, high, Goal(wanted.value, wanted.tolerance))
    except NotReachedError as error:
        ends = (f"{bounds[0]:g}", f"{bounds[1]:g} (SI)")
        words = error.words(target, path, ends, f"{math.exp(error.closest.logarithm):.4g}")
        raise SolverError(words) from None
    parameter = math.exp(found.logarithm)
    several = (
        f"{target} is passed {found.others + 1} times or more for {path} between its bounds; {parameter:.4g} "
        "(SI) is the value nearest to the first guess. Narrower 'bounds' choose another one."
    )
    return CalibratedParameter(parameter, found.result, found.runs, (several,) if found.others else ())


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
