"""The commands for studies: comparison, sweep, calibration, sensitivity, design, those of other packages."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell import launch
from oxyshell.cli.exit_codes import FAILED
from oxyshell.cli.options import Destination, Execution, File, Reporting, Runs
from oxyshell.cli.printing import print_all, say
from oxyshell.cli.processes import together
from oxyshell.errors import RunStopped
from oxyshell.figure_format import FigureFormat

if TYPE_CHECKING:
    from oxyshell.studies.engine.study_kind import StudyKind


def compare(file: File, *, destination: Destination, reporting: Reporting) -> None:
    """Calibrate, predict and compare with published values, as a comparison file says."""
    from oxyshell.studies.comparison import COMPARISON

    with together():
        _run(COMPARISON, file, destination, reporting)


def sweep(
    file: File, *, execution: Execution, runs: Runs = None, destination: Destination, reporting: Reporting
) -> None:
    """Run a sweep, or the rest of it. Results go to results/NAME unless --out says otherwise."""
    from oxyshell.studies.sweep import SWEEP

    study = _run_points(SWEEP, file, execution, destination, reporting, runs=runs)
    if study.failed:
        sys.exit(FAILED)


def calibrate(file: File, *, destination: Destination, reporting: Reporting) -> None:
    """Adjust parameters to targets, and find out which of them the targets determine."""
    from oxyshell.studies.calibration import CALIBRATION

    if not _run(CALIBRATION, file, destination, reporting).fitted:
        sys.exit(FAILED)


def sensitivity(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Vary parameters one at a time and all together, to find which matter. Continues where it stopped."""
    from oxyshell.studies.sensitivity import SENSITIVITY

    _run_points(SENSITIVITY, file, execution, destination, reporting)


def optimise(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Search for Pareto-optimal designs. Continues where it stopped."""
    from oxyshell.studies.design import DESIGN

    _run_points(DESIGN, file, execution, destination, reporting)


def _run(
    kind: StudyKind[Any], file: Path, destination: Destination, reporting: Reporting, **options: Any
) -> Any:
    """Run a study in its folder, print its report, and draw its figures.

    Args:
        kind: Its kind, whose package has `run.run` and `report.render`.
        file: Its file, which is checked before what runs it is loaded.
        destination: Its folder.
        reporting: The amount of text on the terminal.
        options: Further arguments of `run.run`.
    """
    from oxyshell.studies.registry import load_study

    study, run = load_study(kind, file), import_module(f"{kind.package}.run").run
    options |= {"progress": reporting.progress(), "overwrite": destination.overwrite}
    # Numbers do not wait for figures.
    result = run(study, destination.folder(file), figures=FigureFormat.NONE, **options)
    if launch.is_first():
        if not reporting.quiet:
            print_all(kind.report(result))
            print_all(destination.without_figures(file))
        kind.draw(result, destination.figures)
        if destination.figures.suffixes:
            from oxyshell.reports import report

            page = report(destination.folder(file))
            if not reporting.quiet:
                say(f"Report in {page}")
    return result


def _run_points(
    kind: StudyKind[Any],
    file: Path,
    execution: Execution,
    destination: Destination,
    reporting: Reporting,
    **options: Any,
) -> Any:
    """Run a study whose points go to workers; see `_run`."""
    with _resumable(destination.folder(file)):
        options |= {"executor_for": execution.executor(), "retry": execution.retry}
        return _run(kind, file, destination, reporting, **options)


def study(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Run a study that an installed package brings along."""
    from oxyshell.studies.registry import runner

    run, folder = runner(file), destination.folder(file)
    from oxyshell.studies.engine.study_file import StudyRun

    with _resumable(folder):
        report = run(
            StudyRun(
                folder,
                execution.executor(),
                reporting.progress(),
                execution.retry,
                destination.overwrite,
                destination.figures,
            )
        )
        if not reporting.quiet:
            print_all(report)


@contextlib.contextmanager
def _resumable(folder: Path) -> Iterator[None]:
    """Report an interrupt of a study that the same command continues.

    Raises:
        RunStopped: For KeyboardInterrupt.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        message = f"stopped; the same command goes on from here. Results in {folder}"
        raise RunStopped(message, signal.SIGINT) from error
