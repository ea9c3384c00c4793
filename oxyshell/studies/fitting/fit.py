"""A calibration, end to end: unknowns and targets in, fitted values and what they are worth out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxyshell.inputs import Scenario
from oxyshell.inputs.calibrate import Calibrate
from oxyshell.outputs import NullProgress, Progress, disk, notices
from oxyshell.studies.bench import Bench
from oxyshell.studies.fitting.estimate import CONFIDENCE, Direction, Estimate, estimate
from oxyshell.studies.fitting.problem import Problem
from oxyshell.studies.fitting.systems import Systems
from oxyshell.studies.fitting.valley import Place, valley

CONVENTION = (
    "Fitted on the parameters' logarithms. Standard errors, intervals (95 %, normal in the logarithm) and "
    "correlations come from the covariance (JᵀJ)⁻¹, J the Jacobian of the misses in units of the stated "
    "uncertainties, which are taken as independent standard deviations and not rescaled by the misfit. "
    "Singular values: by how many uncertainties the targets change for a factor of e along a direction. A "
    "direction is identified if its 95 % interval ends before the bounds do."
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
    """

    name: str
    problem: Problem
    estimate: Estimate
    valleys: tuple[tuple[Direction, tuple[Place, ...]], ...]
    findings: tuple[str, ...]
    scenarios: Mapping[str, Scenario]
    runs: int
    path: Path | None

    def value(self, name: str) -> float:
        """The fitted value of an unknown.

        Raises:
            KeyError: If there is none of that name.
        """
        return float(self._by_name(name, self.estimate.values))

    def interval(self, name: str) -> tuple[float, float] | None:
        """The confidence interval (95 %) of an unknown, None if the targets do not determine it.

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


def fit(calibrate: Calibrate, out: str | Path | None = None, progress: Progress | None = None) -> Fit:
    """Run a calibration.

    Args:
        calibrate: What to fit to what.
        out: Folder for `calibration.json`, a picture of the valleys and the fitted scenarios; nothing is
            written without.
        progress: Who is told; nobody by default.

    Raises:
        OxyshellError: If a run cannot be solved, the fit does not settle, or the writing fails.
    """
    from oxyshell.studies.fitting.words import findings

    with progress or NullProgress() as told, notices(told.message):
        systems = Systems(calibrate, Bench(), lambda: told.update(0.0, f"{systems.runs} runs"))
        problem = systems.problem()
        found = estimate(problem, lambda misfit: told.update(0.0, f"sum of squared misses {misfit:.3g}"))
        told.update(0.5, f"{systems.runs} runs")
        told.message(f"fitted after {systems.runs} runs: sum of squared misses {found.misfit:.3g}")
        loose = [direction for direction in found.directions if not direction.identified]
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
        scenarios=systems.scenarios([float(value) for value in found.values], f"fitted to {targets}"),
        runs=systems.runs,
        path=None if out is None else Path(out),
    )
    if result.path is not None:
        _write(result, result.path)
    return result


def _write(result: Fit, folder: Path) -> None:
    with disk.errors_at(folder):
        (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    disk.replace_text(folder / "calibration.json", result.to_json())
    for name, scenario in result.scenarios.items():
        disk.replace_text(folder / "scenarios" / f"{name.replace('/', '-')}.yaml", scenario.to_yaml())
    if result.valleys:
        from oxyshell.studies.fitting.pictures import draw_valleys

        draw_valleys(result, folder / "valleys.png")


def _content(result: Fit) -> dict[str, Any]:
    found, problem = result.estimate, result.problem
    columns = (problem.unknowns, found.values, found.standard_errors, found.intervals, found.identified)
    return {
        "calibration": result.name,
        "findings": list(result.findings),
        "parameters": [
            {
                "name": one.name,
                "unit": one.unit,
                "value": float(value),
                "identified": known,
                "standard_error_percent": None if error is None else 100 * error,
                "interval_95": None if interval is None else list(interval),
                "bounds": [one.low, one.high],
                "start": one.start,
            }
            for one, value, error, interval, known in zip(*columns, strict=True)
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
        "directions": [
            {
                "singular_value": one.singular_value,
                "identified": one.identified,
                "components": one.components.tolist(),
            }
            for one in found.directions
        ],
        "covariance_of_logarithms": found.covariance.tolist(),
        "correlation": [[_finite(entry) for entry in row] for row in found.correlation.tolist()],
        "jacobian": found.jacobian.tolist(),
        "valleys": [
            [
                {"values": [math.exp(log) for log in place.logarithms], "results": place.results.tolist()}
                for place in places
            ]
            for _, places in result.valleys
        ],
        "confidence": CONFIDENCE,
        "convention": CONVENTION,
        "runs": result.runs,
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
