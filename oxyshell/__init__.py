"""Chemo-mechanics of battery cathode particles on FEniCSx.

    import oxyshell
    scenario = oxyshell.load("scenarios/lrmo-ru1.yaml")
    result = oxyshell.run(scenario.with_values({"particle.radius": "200 nm"}))
    result.summary["stress"]["first_principal"]["peak_MPa"]

Importing the package loads nothing heavy; FEniCSx is loaded when something is solved.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.figure_format import FigureFormat
from oxyshell.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from oxyshell.outputs import Progress, Result
    from oxyshell.scenario.scenario import Scenario
    from oxyshell.studies.calibration.calibration_result import CalibrationResult
    from oxyshell.studies.comparison.comparison_result import ComparisonResult
    from oxyshell.studies.design.designs import Designs
    from oxyshell.studies.engine.study import Study
    from oxyshell.studies.sensitivity.reactions import Analysis

__all__ = [
    "__version__",
    "calibrate",
    "compare",
    "load",
    "optimise",
    "read_run",
    "run",
    "sensitivity",
    "sweep",
    "validate",
]


def load(path: str | Path) -> Scenario:
    """Read a scenario file.

    Args:
        path: A YAML file.

    Returns:
        The frozen, typed scenario.

    Raises:
        ScenarioError: With every mistake in the file, each with its line.
    """
    from oxyshell.studies.registry import load_scenario

    return load_scenario(path)


def validate(path: str | Path) -> Any:
    """Check a file of any kind without running it.

    Args:
        path: A scenario, or the file of a study.

    Returns:
        The scenario, or the study with the scenarios that it names.

    Raises:
        ScenarioError: With every mistake in the file or in the scenarios that it names, each with its line.
    """
    from oxyshell.studies.registry import load_any

    return load_any(path)


def read_run(folder: str | Path) -> Result:
    """Read a run back.

    Args:
        folder: A run folder.

    Returns:
        Summary, history, profiles and fields.

    Raises:
        OutputError: If there is no complete run in the folder.
    """
    from oxyshell.running.reading import read_run

    return read_run(Path(folder))


def run(
    scenario: Scenario | str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    resume: bool = False,
    checkpoint_every: str = "30 s",
    overwrite: bool = False,
    figures: str = "png",
) -> Result:
    """Run a scenario; under `mpiexec`, on all processes together.

    Args:
        scenario: A scenario, or its file.
        out: Run folder; without one nothing is written.
        progress: Progress reporter; none by default.
        resume: Whether to go on from the checkpoint in the folder, if there is one; the outcome is the same
            to the last bit. A run that reached its end is read back.
        checkpoint_every: Wall time between two checkpoints, besides those at output times.
        overwrite: Whether the run of another scenario in the folder is replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        Summary, history, profiles and fields.

    Raises:
        ScenarioError: If a file has mistakes, each with its line.
        InputError: If the folder holds the run of another scenario, and it is not to be replaced.
        OxyshellError: If the run cannot be solved or written; the results up to then stay in the folder.
    """
    from oxyshell.running import simulation
    from oxyshell.scenario.overrides import parse_time

    every = parse_time(checkpoint_every, "checkpoint_every")
    if isinstance(scenario, str | Path):
        scenario = load(scenario)
    return simulation.run(
        scenario, out, progress, resume, every, overwrite=overwrite, figures=FigureFormat.of(figures)
    )


def compare(
    path: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    figures: str = "png",
) -> ComparisonResult:
    """Run a comparison file: calibrate, predict, and compare with published values.

    Args:
        path: A YAML file with a comparison.
        out: Folder for the results; without one nothing is written.
        progress: Progress reporter; none by default.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        The rows of the table and the results of the systems.

    Raises:
        ScenarioError: With every mistake in the file or in its scenarios.
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If a run or the calibration fails.
    """
    from oxyshell.studies.comparison import COMPARISON
    from oxyshell.studies.comparison.run import run
    from oxyshell.studies.registry import load_study

    return run(load_study(COMPARISON, path), out, progress, overwrite, FigureFormat.of(figures))


def calibrate(
    path: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    figures: str = "png",
) -> CalibrationResult:
    """Adjust parameters to the targets of a calibration file, and find out which of them these determine.

    Args:
        path: The calibration file, such as scenarios/calibrate-lrmo.yaml.
        out: Folder for the results; nothing is written without one.
        progress: Progress reporter; none by default.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        Fitted values, covariance, directions that the targets leave open, and an interpretation in words.

    Raises:
        ScenarioError: If the file or a scenario it names has mistakes.
        InputError: If the folder holds other results, and they are not to be replaced.
        SolverError: If a run cannot be solved or the fit does not settle.
    """
    from oxyshell.studies.calibration import CALIBRATION
    from oxyshell.studies.calibration.run import run
    from oxyshell.studies.registry import load_study

    return run(load_study(CALIBRATION, path), out, progress, overwrite, FigureFormat.of(figures))


def sensitivity(
    path: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    retry: bool = False,
    overwrite: bool = False,
    figures: str = "png",
) -> Analysis:
    """Vary parameters one at a time and all together, as the file of a sensitivity analysis says.

    Args:
        path: The file, such as scenarios/sensitivity-ru1.yaml.
        out: Folder for the results, in which the analysis can be resumed; without one it stays in memory.
        progress: Progress reporter; none by default.
        workers: How many processes.
        scheduler: Address of a Dask scheduler, to run there in place of local processes.
        retry: Whether runs that failed before are tried again.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        Reactions of each result to each parameter, and all runs.

    Raises:
        ScenarioError: If the file or the scenario it names has mistakes.
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If a run fails, the workers do not start, or the results cannot be written.
    """
    from oxyshell.studies.engine.executors import executor_for
    from oxyshell.studies.registry import load_study
    from oxyshell.studies.sensitivity import SENSITIVITY
    from oxyshell.studies.sensitivity.run import run

    analysis = load_study(SENSITIVITY, path)
    return run(
        analysis, out, executor_for(workers, scheduler), progress, retry, overwrite, FigureFormat.of(figures)
    )


def optimise(
    path: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    retry: bool = False,
    overwrite: bool = False,
    figures: str = "png",
) -> Designs:
    """Search for Pareto-optimal designs, as a design file says.

    Args:
        path: The file, such as scenarios/design-shell.yaml.
        out: Folder for the results, in which the search can be resumed; without one it stays in memory.
        progress: Progress reporter; none by default.
        workers: How many processes.
        scheduler: Address of a Dask scheduler, to run there in place of local processes.
        retry: Whether designs that failed before are tried again.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        The designs, their Pareto front, and the verdict on the reference.

    Raises:
        ScenarioError: If the file or the scenario it names has mistakes.
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If the reference cannot be computed, the workers do not start, or the results cannot
            be written.
    """
    from oxyshell.studies.design import DESIGN
    from oxyshell.studies.design.run import run
    from oxyshell.studies.engine.executors import executor_for
    from oxyshell.studies.registry import load_study

    design = load_study(DESIGN, path)
    return run(
        design, out, executor_for(workers, scheduler), progress, retry, overwrite, FigureFormat.of(figures)
    )


def sweep(
    scenario: Scenario | str | Path,
    over: Mapping[str, Any] | None = None,
    *,
    plan: str | Mapping[str, Any] | None = None,
    quantities: Sequence[str] | None = None,
    workers: int = 1,
    out: str | Path | None = None,
    keep: Literal["folders", "summary"] | None = None,
    timeout: str | None = None,
    processes: int | None = None,
    retry: bool = False,
    scheduler: str | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    figures: str = "png",
) -> Study:
    """Run a scenario at every point of a plan.

        study = oxyshell.sweep(scenario, over={"shell.thickness": ["2 nm", "8 nm"]}, workers=2)
        study.table()

    Args:
        scenario: A scenario, a scenario file, or a sweep file, some of whose keys the arguments replace.
        over: Values by path: lists, or ranges {"from": ..., "to": ..., "points": ...}.
        plan: "grid" (default), "zip", {"latin_hypercube": {"points": ..., "seed": ...}}, {"sobol": {...}}, or
            {"points": [...]} without `over`.
        quantities: Results of each run; by default the peak first principal stress and its depth.
        workers: Number of processes.
        out: Folder for the study, in which it can be resumed; without one it stays in memory.
        keep: Whether each point leaves a run folder in `out` ("folders", the default) or its numbers only.
        timeout: Longest time that a point may take, such as "60 s"; any by default.
        processes: Number of processes that share each run, for large discs and solids; 1 by default.
        retry: Whether points that failed, as the study in `out` knows, are tried again.
        scheduler: Address of a Dask scheduler, to run there in place of local processes.
        progress: Progress reporter; none by default.
        overwrite: Whether the results of another study in `out` are replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        The points with their outcomes.

    Raises:
        ScenarioError: With everything that is wrong with the plan; nothing has run by then.
        InputError: If `out` holds a study of another name, and it is not to be replaced.
        OxyshellError: If the workers do not start or the study cannot be written.
    """
    from oxyshell.studies.engine.executors import executor_for
    from oxyshell.studies.sweep.run import run, sweep_from

    given: dict[str, Any] = {"over": over, "plan": plan, "quantities": quantities, "keep": keep}
    given |= {"timeout": timeout, "processes": processes}
    plan_of_points = sweep_from(scenario, {key: value for key, value in given.items() if value is not None})
    executor = executor_for(workers, scheduler)
    drawn = FigureFormat.of(figures)
    return run(
        plan_of_points, out, executor, retry=retry, progress=progress, overwrite=overwrite, figures=drawn
    )
