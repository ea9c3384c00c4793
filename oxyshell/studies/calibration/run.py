"""A calibration, end to end: unknowns and targets in, fitted values and what they are worth out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oxyshell.filenames import file_name
from oxyshell.language.writing import to_yaml
from oxyshell.outputs import NullProgress, Progress, disk, notices
from oxyshell.running.holdings import Study, claim_for_study, digest_of
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration.estimate import CONFIDENCE, Direction, Estimate, Status, estimate
from oxyshell.studies.calibration.file import Calibrate
from oxyshell.studies.calibration.problem import Problem
from oxyshell.studies.calibration.search import Starts
from oxyshell.studies.calibration.systems import Systems
from oxyshell.studies.calibration.valley import Place, valley
from oxyshell.studies.engine.simulation_cache import SimulationCache

if TYPE_CHECKING:
    from oxyshell.studies.engine.root_finding import Vector

# Values between the bounds, for each parameter, where the file does not say how many.
_POINTS = 16
CONVENTION = (
    "Fitted on the parameters' logarithms. Standard errors, intervals (95 %, normal in the logarithm) and "
    "correlations come from the covariance (JᵀJ)⁻¹, J the Jacobian of the misses in units of the stated "
    "uncertainties, which are taken as independent standard deviations and not rescaled by the misfit. "
    "Singular values: by how many uncertainties the targets change for a factor of e along a direction. A "
    "direction is identified if its 95 % interval ends before the bounds do. All of this is given only where "
    "the status is 'fitted'; otherwise nothing follows from the Jacobian at the values that were found."
)


@dataclass(frozen=True)
class Fit:
    """What a calibration found.

    Attributes:
        name: What the calibration is called.
        problem: Unknowns and targets.
        estimate: Fitted values, covariance, directions.
        valleys: For each direction that the targets leave open, other values that agree just as well.
        findings: What all this means, in sentences.
        scenarios: The systems' scenarios with the fitted values.
        runs: How many runs it took.
        path: The folder, or None.
        inputs: A digest of what went in.
        remarks: What a reader has to know of the runs with the fitted values, by system.
    """

    name: str
    problem: Problem
    estimate: Estimate
    valleys: tuple[tuple[Direction, tuple[Place, ...]], ...]
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

    def _by_name(self, name: str, values: Any) -> Any:
        names = [one.name for one in self.problem.unknowns]
        if name not in names:
            raise KeyError(f"{name}; there are {', '.join(names)}")
        return values[names.index(name)]

    def to_json(self) -> str:
        """The content of `calibration.json`."""
        return json.dumps(_content(self), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def fit(
    calibrate: Calibrate,
    out: str | Path | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
) -> Fit:
    """Run a calibration.

    Args:
        calibrate: What to fit to what.
        out: Folder for `calibration.json`, a picture of the valleys and the fitted scenarios; nothing is
            written without.
        progress: Who is told; nobody by default.
        overwrite: Whether the results of another study in the folder are replaced.

    Raises:
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If no run can be solved, or the writing fails.
    """
    from oxyshell.studies.calibration.findings import findings

    study = _study(calibrate)
    if out is not None:
        claim_for_study(Path(out), study, overwrite)
    with progress or NullProgress() as told, notices(told.message):
        systems = Systems(calibrate, SimulationCache(), lambda: told.update(0.0, f"{systems.runs} runs"))
        problem = systems.problem()
        found = estimate(
            problem,
            _starts(calibrate),
            lambda misfit: told.update(0.0, f"sum of squared misses {misfit:.3g}"),
        )
        told.update(0.5, f"{systems.runs} runs")
        told.message(f"{found.status} after {systems.runs} runs: sum of squared misses {found.misfit:.3g}")
        loose = [one for one in found.directions if not one.identified and _to_be_walked(found, one)]
        valleys = []
        for index, direction in enumerate(loose):
            told.update(0.5 + 0.5 * index / len(loose), "walking along what the targets leave open")
            valleys.append((direction, valley(problem, found, direction)))
        told.update(1.0, f"{systems.runs} runs")
    targets = "; ".join(f"{one.name} = {one.value:g} {one.unit}" for one in problem.targets)
    result = Fit(
        name=calibrate.calibrate,
        problem=problem,
        estimate=found,
        valleys=tuple(valleys),
        findings=tuple(findings(problem, found, valleys)),
        scenarios=systems.scenarios([float(value) for value in found.values], _source(found, targets)),
        runs=systems.runs,
        path=None if out is None else Path(out),
        inputs=study.digest,
        remarks=systems.remarks(found.logarithms),
    )
    if result.path is not None:
        _write(result, result.path)
    return result


def _study(calibrate: Calibrate) -> Study:
    texts = [to_yaml(calibrate.to_data()), *(one.to_yaml() for one in calibrate.scenarios.values())]
    return Study("calibration", calibrate.calibrate, digest_of(*texts))


def _starts(calibrate: Calibrate) -> Starts:
    given = calibrate.starts
    if given is None:
        return Starts(points=_POINTS * len(calibrate.parameters), seed=0, always=False)
    return Starts(points=given.points, seed=given.seed, always=True)


def _to_be_walked(found: Estimate, direction: Direction) -> bool:
    """Whether there is more to find along an open direction than a parameter that does nothing."""
    alone = int(np.argmax(np.abs(direction.components)))
    idle = alone in found.without_effect and abs(float(direction.components[alone])) > 1 - 1e-6
    return found.status is Status.FITTED and not idle


def _source(found: Estimate, targets: str) -> str:
    if found.status is Status.FITTED:
        return f"fitted to {targets}"
    return f"best value found ({found.status}, sum of squared misses {found.misfit:.3g}), for {targets}"


def _write(result: Fit, folder: Path) -> None:
    with disk.errors_at(folder):
        (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    disk.replace_text(folder / "calibration.json", result.to_json())
    for name, scenario in result.scenarios.items():
        disk.replace_text(folder / "scenarios" / f"{file_name(name)}.yaml", scenario.to_yaml())
    if result.valleys:
        from oxyshell.studies.calibration.figures import draw_valleys

        draw_valleys(result, folder / "valleys.png")


def _content(result: Fit) -> dict[str, Any]:
    found, problem = result.estimate, result.problem
    fitted = found.status is Status.FITTED
    columns = (
        problem.unknowns,
        found.values,
        found.standard_errors,
        found.intervals,
        found.identified,
        found.held,
    )
    return {
        "calibration": result.name,
        "status": result.status,
        "findings": list(result.findings),
        "remarks": {system: list(texts) for system, texts in result.remarks.items()},
        "parameters": [
            {
                "name": one.name,
                "unit": one.unit,
                "value": float(value),
                "identified": known,
                "standard_error_percent": None if error is None else 100 * error,
                "interval_95": None if interval is None else list(interval),
                "bounds": [one.low, one.high],
                "held_by_bound": {-1: "lower", 0: None, 1: "upper"}[held],
                "has_effect": index not in found.without_effect,
                "start": one.start,
            }
            for index, (one, value, error, interval, known, held) in enumerate(zip(*columns, strict=True))
        ],
        "targets": [
            {
                "name": one.name,
                "unit": one.unit,
                "value": one.value,
                "uncertainty": one.uncertainty,
                "fitted": float(reached),
                "source": one.source,
            }
            for one, reached in zip(problem.targets, found.results, strict=True)
        ],
        "sum_of_squared_misses": found.misfit,
        "degrees_of_freedom": found.degrees_of_freedom,
        "condition_number": _finite(found.condition_number),
        "fits": _fits(result),
        "directions": [
            {
                "singular_value": one.singular_value,
                "identified": one.identified,
                "components": one.components.tolist(),
            }
            for one in (found.directions if fitted else ())
        ],
        "covariance_of_logarithms": found.covariance.tolist() if fitted else None,
        "correlation": _rows(found.correlation) if fitted else None,
        "jacobian": _rows(found.jacobian),
        "valleys": [
            [
                {"values": [math.exp(log) for log in place.logarithms], "results": place.results.tolist()}
                for place in places
            ]
            for _, places in result.valleys
        ],
        "inputs": result.inputs,
        "confidence": CONFIDENCE,
        "convention": CONVENTION,
        "runs": result.runs,
    }


def _fits(result: Fit) -> dict[str, Any]:
    """Where the fits began and ended."""
    problem, search = result.problem, result.estimate.search
    return {
        "values_between_the_bounds": search.places,
        "not_solved": search.unsolved,
        "ends": [
            {
                "values": [math.exp(log) for log in one.logarithms],
                "at_bounds": problem.bounds_met(one.logarithms).tolist(),
                "sum_of_squared_misses": one.misfit,
                "settled": one.settled,
                "fits": one.fits,
                "from_the_scenarios": one.given,
            }
            for one in search.minima
        ],
    }


def _rows(matrix: Vector) -> list[list[float | None]]:
    return [[_finite(entry) for entry in row] for row in matrix.tolist()]


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
