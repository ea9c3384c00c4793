"""Functions that run studies, and read them back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.figure_format import FigureFormat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from oxyshell.outputs import Progress
    from oxyshell.presentation.table import Table
    from oxyshell.scenario.scenario import Scenario
    from oxyshell.studies.calibration.calibration_result import CalibrationResult
    from oxyshell.studies.comparison.comparison_result import ComparisonResult
    from oxyshell.studies.design.designs import Designs
    from oxyshell.studies.engine.study import Study
    from oxyshell.studies.sensitivity.reactions import Analysis


def compare(
    path: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    figures: str = "png",
) -> ComparisonResult:
    """Run a comparison file: calibrate, predict, and compare with published values.

        >>> comparison = oxyshell.compare("scenarios/lrmo-peak-stress.yaml")
        >>> round(comparison.row("stress.first_principal.peak_MPa", "Ru-1").computed, 1)
        402.9

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
    from oxyshell.studies.examples import or_shipped
    from oxyshell.studies.registry import load_study

    return run(load_study(COMPARISON, or_shipped(path)), out, progress, overwrite, FigureFormat.of(figures))


def calibrate(
    path: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
    figures: str = "png",
) -> CalibrationResult:
    """Adjust parameters to the targets of a calibration file, and find out which of them these determine.

        >>> oxyshell.calibrate("scenarios/calibrate-lrmo.yaml").status
        <Status.FITTED: 'fitted'>

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
    from oxyshell.studies.examples import or_shipped
    from oxyshell.studies.registry import load_study

    return run(load_study(CALIBRATION, or_shipped(path)), out, progress, overwrite, FigureFormat.of(figures))


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

        >>> text = Path("scenarios/sensitivity-ru1.yaml").read_text()
        >>> file = Path("scenarios/one-at-a-time.yaml")
        >>> _ = file.write_text(text.partition("sobol:")[0])
        >>> oxyshell.sensitivity(file)
        <Analysis 'What the peak stress of Ru-1 depends on': 2 results, 13 runs>

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
    from oxyshell.studies.examples import or_shipped
    from oxyshell.studies.registry import load_study
    from oxyshell.studies.sensitivity import SENSITIVITY
    from oxyshell.studies.sensitivity.run import run

    analysis = load_study(SENSITIVITY, or_shipped(path))
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

        >>> file = Path("scenarios/thickness.yaml")
        >>> _ = file.write_text('''
        ... design: Thickness of the layer
        ... scenario: lrmo-ru1.yaml
        ... variables: {shell.thickness: {from: 1 nm, to: 15 nm}}
        ... objectives:
        ...   - {name: stress, quantity: stress.first_principal.peak_MPa, goal: minimise}
        ...   - {name: depth, quantity: stress.first_principal.depth_nm, goal: maximise}
        ... reference: {name: 4.5 nm, set: {shell.thickness: 4.5 nm}}
        ... search: {population: 4, generations: 1, seed: 1}
        ... ''')
        >>> oxyshell.optimise(file).variables
        ('shell.thickness',)

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
    from oxyshell.studies.examples import or_shipped
    from oxyshell.studies.registry import load_study

    design = load_study(DESIGN, or_shipped(path))
    return run(
        design, out, executor_for(workers, scheduler), progress, retry, overwrite, FigureFormat.of(figures)
    )


def sweep(
    scenario: Scenario | str | Path | Mapping[str, Any],
    over: Mapping[str, Any] | None = None,
    *,
    plan: str | Mapping[str, Any] | None = None,
    quantities: Sequence[str] | None = None,
    workers: int = 1,
    out: str | Path | None = None,
    keep: Literal["folders", "summary"] | None = None,
    timeout: Any = None,
    processes: int | None = None,
    retry: bool = False,
    scheduler: str | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    figures: str = "png",
) -> Study:
    """Run a scenario at every point of a plan.

        >>> study = oxyshell.sweep("scenarios/lrmo-ru1.yaml", over={"shell.thickness": ["4 nm", "5 nm"]})
        >>> study.table()["stress.first_principal.peak_MPa"].round(1).tolist()
        [406.6, 399.1]

    Args:
        scenario: A scenario, its content as a mapping, a scenario file, or a sweep file, some of whose keys
            the arguments replace.
        over: Values by path: lists, arrays of NumPy or pint, or ranges {"from": ..., "to": ...,
            "points": ...}.
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
    from oxyshell._api.sources import scenario_or_file
    from oxyshell.studies.engine.executors import executor_for
    from oxyshell.studies.sweep.run import run, sweep_from

    given: dict[str, Any] = {"over": over, "plan": plan, "quantities": quantities, "keep": keep}
    given |= {"timeout": timeout, "processes": processes}
    source = scenario_or_file(scenario)
    plan_of_points = sweep_from(source, {key: value for key, value in given.items() if value is not None})
    executor = executor_for(workers, scheduler)
    drawn = FigureFormat.of(figures)
    return run(
        plan_of_points, out, executor, retry=retry, progress=progress, overwrite=overwrite, figures=drawn
    )


def read_study(folder: str | Path) -> Any:
    """Read a finished study back, of any kind.

        >>> thicknesses = {"shell.thickness": ["4 nm", "5 nm"]}
        >>> _ = oxyshell.sweep("scenarios/lrmo-ru1.yaml", thicknesses, out="results/two", figures="none")
        >>> oxyshell.read_study("results/two")
        <Study 'LRMO Ru-1': 2 of 2 points completed, 1 parameters, 2 quantities; in results/two>

    Args:
        folder: The folder of a comparison, a calibration, a sweep, a sensitivity analysis or a design study.

    Returns:
        The result as the function that ran it gave it.

    Raises:
        InputError: If there is no such study.
        OutputError: If a file cannot be read.
    """
    from oxyshell.studies.registry import read_study

    return read_study(Path(folder))


def run_study(
    path: str | Path,
    out: str | Path,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    retry: bool = False,
    overwrite: bool = False,
    figures: str = "png",
) -> tuple[str | Table, ...]:
    """Run a study of a kind that an installed package brings along.

        >>> oxyshell.run_study("scenarios/lrmo-ru1.yaml", "results/own")
        Traceback (most recent call last):
        oxyshell.errors.InputError: found a scenario, ...

    Args:
        path: Its file.
        out: Folder for the results.
        progress: Progress reporter; none by default.
        workers: How many processes.
        scheduler: Address of a Dask scheduler, to run there in place of local processes.
        retry: Whether points that failed before are tried again.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder: "png", "svg", "pdf", or "none" to draw none.

    Returns:
        The parts of its report.

    Raises:
        ScenarioError: With every mistake in the file.
        InputError: If it is no file of such a study.
    """
    from oxyshell.outputs import NullProgress
    from oxyshell.studies.engine.executors import executor_for
    from oxyshell.studies.engine.study_file import StudyRun
    from oxyshell.studies.examples import or_shipped
    from oxyshell.studies.registry import runner

    executor, told = executor_for(workers, scheduler), progress or NullProgress()
    study = StudyRun(Path(out), executor, told, retry, overwrite, FigureFormat.of(figures))
    return tuple(runner(or_shipped(path))(study))
