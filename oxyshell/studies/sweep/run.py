"""A sweep, end to end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oxyshell.figure_format import FigureFormat
from oxyshell.outputs import Progress
from oxyshell.scenario.loading import SCENARIO
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies import held_results
from oxyshell.studies.engine.ensemble_runner import run_ensemble
from oxyshell.studies.engine.executors import ExecutorFor
from oxyshell.studies.engine.study import Study
from oxyshell.studies.registry import load_any
from oxyshell.studies.sweep import SWEEP
from oxyshell.studies.sweep.file import Sweep, sweep_of


def sweep_from(source: Scenario | Sweep | str | Path, entries: Mapping[str, Any]) -> Sweep:
    """A sweep from a scenario, a scenario file or a sweep file, with other keys.

    Args:
        source: A scenario, a sweep, or the file of one.
        entries: Keys of a sweep file; they take the place of those in the file.

    Raises:
        ScenarioError: With everything that is wrong.
        InputError: If the file is one of another kind.
    """
    match source:
        case str() | Path():
            return sweep_from(load_any(source, (SCENARIO, SWEEP.file)), entries)
        case Scenario():
            return sweep_of(source, entries)
        case Sweep():
            return sweep_of(source.base, {**source.file.to_data(), **entries}) if entries else source


def run(
    sweep: Sweep,
    out: str | Path | None,
    executor_for: ExecutorFor,
    runs: Path | None = None,
    retry: bool = False,
    progress: Progress | None = None,
    overwrite: bool = False,
    figures: FigureFormat = FigureFormat.PNG,
) -> Study:
    """Run a sweep, or what is left of it, in a folder of its own.

    Args:
        sweep: The sweep.
        out: Folder of the study; in memory without.
        executor_for: Makes what runs the points.
        runs: Folder of the run folders, which sweeps may share; by default `runs` in `out`.
        retry: Whether points that failed before are tried again.
        progress: Progress reporter; none by default.
        overwrite: Whether the results of another study in `out` are replaced. A sweep of the same title is
            the same one, which may have changed since: points are kept by their content.
        figures: Format of the figures in the folder.

    Raises:
        InputError: If `out` holds other results, and they are not to be replaced.
        OxyshellError: If the workers do not start or the study cannot be written.
    """
    folder = held_results.claim(out, SWEEP, sweep.name, overwrite)
    study = run_ensemble(sweep, folder, executor_for, runs, retry, progress)
    if folder is not None:
        SWEEP.draw(study, figures)
    return study
