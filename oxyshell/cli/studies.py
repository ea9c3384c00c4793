"""The commands for studies: comparison, sweep, calibration, sensitivity, design, those of other packages."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from oxyshell.cli.exit_codes import FAILED
from oxyshell.cli.options import Destination, Execution, File, Reporting, Runs
from oxyshell.cli.printing import print_all
from oxyshell.cli.processes import together
from oxyshell.errors import RunStopped


def compare(file: File, *, destination: Destination, reporting: Reporting) -> None:
    """Calibrate, predict and compare with published values, as a comparison file says."""
    from oxyshell.studies.comparison import COMPARISON
    from oxyshell.studies.registry import load_study

    with together():
        comparison = load_study(COMPARISON, file)
        from oxyshell.running import ranks
        from oxyshell.studies.comparison.report import render
        from oxyshell.studies.comparison.run import compare as run

        folder, progress = destination.folder(file), reporting.progress()
        result = run(comparison, folder, progress, destination.overwrite)
        if not reporting.quiet and ranks.is_first():
            print_all(render(result))


def sweep(
    file: File, *, execution: Execution, runs: Runs = None, destination: Destination, reporting: Reporting
) -> None:
    """Run a sweep, or the rest of it. Results go to results/NAME unless --out says otherwise."""
    from oxyshell.studies.registry import load_study
    from oxyshell.studies.sweep import SWEEP

    plan, folder = load_study(SWEEP, file), destination.folder(file)
    from oxyshell.studies.sweep.report import render
    from oxyshell.studies.sweep.run import run

    executor, progress = execution.executor(), reporting.progress()
    with _resumable(folder):
        study = run(plan, folder, executor, runs, execution.retry, progress, destination.overwrite)
    if not reporting.quiet:
        print_all(render(study))
    if study.failed:
        sys.exit(FAILED)


def calibrate(file: File, *, destination: Destination, reporting: Reporting) -> None:
    """Adjust parameters to targets, and find out which of them the targets determine."""
    from oxyshell.studies.calibration import CALIBRATION
    from oxyshell.studies.registry import load_study

    calibration, folder = load_study(CALIBRATION, file), destination.folder(file)
    from oxyshell.studies.calibration.report import render
    from oxyshell.studies.calibration.run import calibrate as run

    found = run(calibration, folder, reporting.progress(), destination.overwrite)
    if not reporting.quiet:
        print_all(render(found))
    if not found.fitted:
        sys.exit(FAILED)


def sensitivity(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Vary parameters one at a time and all together, to find which matter. Continues where it stopped."""
    from oxyshell.studies.registry import load_study
    from oxyshell.studies.sensitivity import SENSITIVITY

    analysis, folder = load_study(SENSITIVITY, file), destination.folder(file)
    from oxyshell.studies.sensitivity.report import render
    from oxyshell.studies.sensitivity.run import analyse

    executor, progress = execution.executor(), reporting.progress()
    with _resumable(folder):
        found = analyse(analysis, folder, executor, progress, execution.retry, destination.overwrite)
    if not reporting.quiet:
        print_all(render(found))


def optimise(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Search for Pareto-optimal designs. Continues where it stopped."""
    from oxyshell.studies.design import DESIGN
    from oxyshell.studies.registry import load_study

    design, folder = load_study(DESIGN, file), destination.folder(file)
    from oxyshell.studies.design.report import render
    from oxyshell.studies.design.run import optimise as run

    executor, progress = execution.executor(), reporting.progress()
    with _resumable(folder):
        found = run(design, folder, executor, progress, execution.retry, destination.overwrite)
    if not reporting.quiet:
        print_all(render(found))


def study(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Run a study that an installed package brings along."""
    from oxyshell.studies.registry import runner

    run, folder = runner(file), destination.folder(file)
    from oxyshell.studies.engine.study_file import StudyRun

    with _resumable(folder):
        report = run(
            StudyRun(
                folder, execution.executor(), reporting.progress(), execution.retry, destination.overwrite
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
