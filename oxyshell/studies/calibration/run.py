"""A calibration, end to end: unknowns and targets in, fitted values and what they are worth out."""

from __future__ import annotations

from pathlib import Path

from oxyshell.figure_format import FigureFormat
from oxyshell.filenames import file_name
from oxyshell.outputs import NullProgress, Progress, disk, notices
from oxyshell.studies import held_results
from oxyshell.studies.calibration import CALIBRATION
from oxyshell.studies.calibration.calibration_result import CalibrationResult
from oxyshell.studies.calibration.estimate import Estimate, Status, estimate
from oxyshell.studies.calibration.file import Calibration
from oxyshell.studies.calibration.findings import findings
from oxyshell.studies.calibration.search import Starts
from oxyshell.studies.calibration.sections import CalibrationFile
from oxyshell.studies.calibration.systems import Systems
from oxyshell.studies.calibration.valley import is_walked, valley
from oxyshell.studies.engine.simulation_cache import SimulationCache

# Values between the bounds, for each parameter, where the file does not say how many.
_POINTS = 16


def run(
    calibration: Calibration,
    out: str | Path | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    figures: FigureFormat = FigureFormat.PNG,
) -> CalibrationResult:
    """Run a calibration.

    Args:
        calibration: Unknowns and targets.
        out: Folder for `calibration.json`, a picture of the valleys and the fitted scenarios; nothing is
            written without.
        progress: Progress reporter; none by default.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder.

    Raises:
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If no run can be solved, or the writing fails.
    """
    name = calibration.file.calibrate
    digest = held_results.digest_of(calibration.file, calibration.scenarios)
    folder = held_results.claim(out, CALIBRATION, name, overwrite, digest)
    with progress or NullProgress() as reporter, notices(reporter.message):
        systems = Systems(
            calibration, SimulationCache(), lambda: reporter.update(0.0, f"{systems.runs} runs")
        )
        problem = systems.problem()
        found = estimate(
            problem,
            _starts(calibration.file),
            lambda misfit: reporter.update(0.0, f"sum of squared misses {misfit:.3g}"),
        )
        reporter.update(0.5, f"{systems.runs} runs")
        reporter.message(
            f"{found.status} after {systems.runs} runs: sum of squared misses {found.misfit:.3g}"
        )
        loose = [one for one in found.directions if not one.identified and is_walked(found, one)]
        valleys = []
        for index, direction in enumerate(loose):
            reporter.update(0.5 + 0.5 * index / len(loose), "walking along what the targets leave open")
            valleys.append((direction, valley(problem, found, direction)))
        reporter.update(1.0, f"{systems.runs} runs")
    targets = "; ".join(f"{one.name} = {one.value:g} {one.unit}" for one in problem.targets)
    result = CalibrationResult(
        name=name,
        problem=problem,
        estimate=found,
        valleys=tuple(valleys),
        findings=tuple(findings(problem, found, valleys)),
        scenarios=systems.scenarios([float(value) for value in found.values], _source(found, targets)),
        runs=systems.runs,
        path=folder,
        inputs=digest,
        remarks=systems.remarks(found.logarithms),
    )
    if result.path is not None:
        _write(result, result.path)
        CALIBRATION.draw(result, figures)
    return result


def _starts(file: CalibrationFile) -> Starts:
    given = file.starts
    if given is None:
        return Starts(points=_POINTS * len(file.parameters), seed=0, always=False)
    return Starts(points=given.points, seed=given.seed, always=True)


def _source(found: Estimate, targets: str) -> str:
    if found.status is Status.FITTED:
        return f"fitted to {targets}"
    return f"best value found ({found.status}, sum of squared misses {found.misfit:.3g}), for {targets}"


def _write(result: CalibrationResult, folder: Path) -> None:
    with disk.errors_at(folder):
        (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    disk.replace_text(folder / "calibration.json", result.to_json())
    for name, scenario in result.scenarios.items():
        disk.replace_text(folder / "scenarios" / f"{file_name(name)}.yaml", scenario.to_yaml())
