"""A calibration, read back from its folder."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from oxyshell.errors import InputError
from oxyshell.studies.calibration import CALIBRATION
from oxyshell.studies.calibration.calibration_result import CalibrationResult
from oxyshell.studies.calibration.estimate import Estimate, Status, directions_of
from oxyshell.studies.calibration.problem import Problem, Vector
from oxyshell.studies.calibration.search import Minimum, Search
from oxyshell.studies.calibration.unknowns import Target, Unknown
from oxyshell.studies.calibration.valley import ValleyPoint, is_walked
from oxyshell.studies.engine.json_text import content_of

_SIDES = {"lower": -1, None: 0, "upper": 1}


def read(folder: Path) -> CalibrationResult:
    """The calibration in a folder; without the scenarios, whose runs left no folders.

    Raises:
        OutputError: If its file cannot be read.
    """
    with content_of(folder / CALIBRATION.results[0], "a calibration") as found:
        problem = Problem(
            [_unknown(one) for one in found["parameters"]],
            [_target(one) for one in found["targets"]],
            _not_to_be_run,
        )
        estimate = _estimate(found, problem)
        loose = [one for one in estimate.directions if not one.identified and is_walked(estimate, one)]
        return CalibrationResult(
            name=found["calibration"],
            problem=problem,
            estimate=estimate,
            valleys=tuple(
                (direction, tuple(_place(problem, one) for one in places))
                for direction, places in zip(loose, found["valleys"], strict=True)
            ),
            findings=tuple(found["findings"]),
            scenarios={},
            runs=found["runs"],
            path=folder,
            inputs=found["inputs"],
            remarks={name: tuple(texts) for name, texts in found["remarks"].items()},
        )


def _not_to_be_run(_: Vector) -> NoReturn:
    raise InputError("found a calibration that was read from its folder, expected one with its scenarios")


def _unknown(found: Mapping[str, Any]) -> Unknown:
    low, high = found["bounds"]
    return Unknown(found["name"], found["unit"], found["start"], low, high)


def _target(found: Mapping[str, Any]) -> Target:
    return Target(found["name"], found["unit"], found["value"], found["uncertainty"], found["source"])


def _estimate(found: Mapping[str, Any], problem: Problem) -> Estimate:
    parameters, count = found["parameters"], len(found["parameters"])
    logarithms, jacobian = (
        np.log([one["value"] for one in parameters]),
        np.array(found["jacobian"], dtype=float),
    )
    covariance = found["covariance_of_logarithms"]
    return Estimate(
        logarithms=logarithms,
        results=np.array([one["fitted"] for one in found["targets"]], dtype=float),
        jacobian=jacobian,
        directions=directions_of(problem, logarithms, jacobian),
        covariance=np.zeros((count, count)) if covariance is None else np.array(covariance, dtype=float),
        misfit=found["sum_of_squared_misses"],
        search=_search(found["fits"]),
        held=tuple(_SIDES[one["held_by_bound"]] for one in parameters),
        without_effect=tuple(index for index, one in enumerate(parameters) if not one["has_effect"]),
        status=Status(found["status"]),
    )


def _search(found: Mapping[str, Any]) -> Search:
    minima = tuple(
        Minimum(
            logarithms=np.log(one["values"]),
            misfit=math.nan if one["sum_of_squared_misses"] is None else one["sum_of_squared_misses"],
            settled=one["settled"],
            fits=one["fits"],
            given=one["from_the_scenarios"],
        )
        for one in found["ends"]
    )
    return Search(minima=minima, places=found["values_between_the_bounds"], unsolved=found["not_solved"])


def _place(problem: Problem, found: Mapping[str, Any]) -> ValleyPoint:
    results = np.array(found["results"])
    wanted = np.array([(one.value, one.uncertainty) for one in problem.targets])
    return ValleyPoint(np.log(found["values"]), results, (results - wanted[:, 0]) / wanted[:, 1])
