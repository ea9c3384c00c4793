"""Result of a calibration, and the file that holds it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration import CALIBRATION
from oxyshell.studies.calibration.estimate import CONFIDENCE, Direction, Estimate, Status
from oxyshell.studies.calibration.problem import Problem
from oxyshell.studies.calibration.valley import ValleyPoint
from oxyshell.studies.engine.json_text import json_text
from oxyshell.studies.engine.reported import Reported
from oxyshell.studies.engine.tables import Column, frame, told_of

if TYPE_CHECKING:
    import pandas

CONVENTION = (
    "Fitted on the parameters' logarithms. Standard errors, intervals (95 %, normal in the logarithm) and "
    "correlations come from the covariance (JᵀJ)⁻¹, J the Jacobian of the misses in units of the stated "
    "uncertainties, which are taken as independent standard deviations and not rescaled by the misfit. "
    "Singular values: by how many uncertainties the targets change for a factor of e along a direction. A "
    "direction is identified if its 95 % interval ends before the bounds do. All of this is given only where "
    "the status is 'fitted'; otherwise nothing follows from the Jacobian at the values that were found."
)


@dataclass(frozen=True, repr=False)
class CalibrationResult(Reported):
    """Result of a calibration.

        >>> import oxyshell
        >>> result = oxyshell.calibrate("scenarios/calibrate-lrmo.yaml")
        >>> round(result.value("ratio of D, Ru-1 / pristine"), 3)
        0.98

    Attributes:
        name: Its title.
        problem: Unknowns and targets.
        estimate: Fitted values, covariance, directions.
        valleys: For each direction that the targets leave open, other values that agree just as well.
        findings: Meaning of all this, in sentences.
        scenarios: The systems' scenarios with the fitted values.
        runs: Number of runs.
        path: The folder, or None.
        inputs: A digest of what went in.
        remarks: Remarks of the runs with the fitted values, by system.
    """

    KIND = CALIBRATION

    name: str
    problem: Problem
    estimate: Estimate
    valleys: tuple[tuple[Direction, tuple[ValleyPoint, ...]], ...]
    findings: tuple[str, ...]
    scenarios: Mapping[str, Scenario]
    runs: int
    path: Path | None
    inputs: str = ""
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """One of "fitted", "not unique", "at a bound", "targets not met", "not settled"."""
        return self.estimate.status

    @property
    def fitted(self) -> bool:
        """Whether it settled, the targets are met, no bound holds a value, and no other fit is as good."""
        return self.estimate.status is Status.FITTED

    def value(self, name: str) -> float:
        """The value of an unknown: the fitted one, or the best that was found (see `status`).

        Raises:
            KeyError: If there is none of that name.
        """
        return float(self._by_name(name, self.estimate.values))

    def interval(self, name: str) -> tuple[float, float] | None:
        """The confidence interval (95 %) of an unknown; None without a fit, or if it is not determined.

        Raises:
            KeyError: If there is none of that name.
        """
        found: tuple[float, float] | None = self._by_name(name, self.estimate.intervals)
        return found

    def to_dataframe(self) -> pandas.DataFrame:
        """A row for each unknown: value, unit, standard error in per cent, 95 % interval, identified or not.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        found, unknowns = self.estimate, self.problem.unknowns
        intervals = [(math.nan, math.nan) if one is None else one for one in found.intervals]
        errors = [math.nan if one is None else 100 * one for one in found.standard_errors]
        return frame(
            [
                Column("parameter", "", [one.name for one in unknowns]),
                Column("value", "of the parameter", [float(value) for value in found.values]),
                Column("unit", "", [one.unit for one in unknowns]),
                Column("standard_error_percent", "%", errors),
                Column("interval_95_from", "of the parameter", [low for low, _ in intervals]),
                Column("interval_95_to", "of the parameter", [high for _, high in intervals]),
                Column("identified", "", list(found.identified)),
            ]
        )

    def __repr__(self) -> str:
        values = zip(self.problem.unknowns, self.estimate.values, strict=True)
        told = [f"{one.name} = {one.text(value)}" for one, value in itertools.islice(values, 3)]
        told += ["..."] * (len(self.problem.unknowns) > 3)
        return f"<CalibrationResult {told_of(self.name, ', '.join([self.status, *told]), self.path)}>"

    def _by_name(self, name: str, values: Any) -> Any:
        names = [one.name for one in self.problem.unknowns]
        if name not in names:
            raise KeyError(f"{name}; there are {', '.join(names)}")
        return values[names.index(name)]

    def to_json(self) -> str:
        """The content of `calibration.json`."""
        return json_text(_content(self))


def _content(result: CalibrationResult) -> dict[str, Any]:
    found, problem = result.estimate, result.problem
    fitted = found.status is Status.FITTED
    columns = (found.values, found.standard_errors, found.intervals, found.identified, found.held)
    return {
        "calibration": result.name,
        "status": result.status,
        "findings": result.findings,
        "remarks": result.remarks,
        "parameters": [
            {
                "name": one.name,
                "unit": one.unit,
                "value": value,
                "identified": known,
                "standard_error_percent": None if error is None else 100 * error,
                "interval_95": interval,
                "bounds": [one.low, one.high],
                "held_by_bound": {-1: "lower", 0: None, 1: "upper"}[held],
                "has_effect": index not in found.without_effect,
                "start": one.start,
            }
            for index, (one, value, error, interval, known, held) in enumerate(
                zip(problem.unknowns, *columns, strict=True)
            )
        ],
        "targets": [
            {
                "name": one.name,
                "unit": one.unit,
                "value": one.value,
                "uncertainty": one.uncertainty,
                "fitted": reached,
                "source": one.source,
            }
            for one, reached in zip(problem.targets, found.results, strict=True)
        ],
        "sum_of_squared_misses": found.misfit,
        "degrees_of_freedom": found.degrees_of_freedom,
        "condition_number": found.condition_number,
        "fits": _fits(result),
        "directions": [
            {
                "singular_value": one.singular_value,
                "identified": one.identified,
                "components": one.components,
            }
            for one in (found.directions if fitted else ())
        ],
        "covariance_of_logarithms": found.covariance if fitted else None,
        "correlation": found.correlation if fitted else None,
        "jacobian": found.jacobian,
        "valleys": [
            [{"values": np.exp(place.logarithms), "results": place.results} for place in places]
            for _, places in result.valleys
        ],
        "inputs": result.inputs,
        "confidence": CONFIDENCE,
        "convention": CONVENTION,
        "runs": result.runs,
    }


def _fits(result: CalibrationResult) -> dict[str, Any]:
    """Where the fits began and ended."""
    problem, search = result.problem, result.estimate.search
    return {
        "values_between_the_bounds": search.places,
        "not_solved": search.unsolved,
        "ends": [
            {
                "values": np.exp(one.logarithms),
                "at_bounds": problem.bounds_met(one.logarithms),
                "sum_of_squared_misses": one.misfit,
                "settled": one.settled,
                "fits": one.fits,
                "from_the_scenarios": one.given,
            }
            for one in search.minima
        ],
    }
