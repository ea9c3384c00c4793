"""The commands for studies: comparison, sweep, calibration, sensitivity, design."""

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
    from oxyshell.studies.loading import load_comparison

    with together():
        comparison = load_comparison(file)
        folder = destination.folder(file)
        from oxyshell.running import ranks
        from oxyshell.studies.comparison.run import compare as run_comparison
        from oxyshell.studies.engine.table import tables

        result = run_comparison(comparison, folder, reporting.progress(), destination.overwrite)
        if not reporting.quiet and ranks.is_first():
            print_all([*tables(result), result.hangs_on, *result.remarks, f"\nResults in {folder}"])


def sweep(
    file: File, *, execution: Execution, runs: Runs = None, destination: Destination, reporting: Reporting
) -> None:
    """Run a sweep, or the rest of it. Results go to results/NAME unless --out says otherwise."""
    from oxyshell.studies.loading import load_sweep

    plan, folder = load_sweep(file), destination.folder(file)
    from oxyshell.studies.sweep import run as sweeping
    from oxyshell.studies.sweep import screen

    executor, progress = execution.executor(), reporting.progress()
    with _resumable(folder):
        study = sweeping.run(plan, folder, executor, runs, execution.retry, progress, destination.overwrite)
    if not reporting.quiet:
        print_all(screen.told(study))
    if study.failed:
        sys.exit(FAILED)


def calibrate(file: File, *, destination: Destination, reporting: Reporting) -> None:
    """Fit parameters to targets, and find out which of them the targets determine."""
    from oxyshell.studies.engine.files import load_calibrate

    calibration = load_calibrate(file)
    from oxyshell.studies.calibration import screen
    from oxyshell.studies.calibration.fit import fit

    found = fit(calibration, destination.folder(file), reporting.progress(), destination.overwrite)
    if not reporting.quiet:
        print_all(screen.told(found))
    if not found.fitted:
        sys.exit(FAILED)


def sensitivity(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Vary parameters one at a time and all together, to find which matter. Continues where it stopped."""
    from oxyshell.studies.engine.files import load_sensitivity

    asked, folder = load_sensitivity(file), destination.folder(file)
    from oxyshell.studies.sensitivity import screen
    from oxyshell.studies.sensitivity.analysis import analyse

    executor, progress = execution.executor(), reporting.progress()
    with _resumable(folder):
        found = analyse(asked, folder, executor, progress, execution.retry, destination.overwrite)
    if not reporting.quiet:
        print_all(screen.told(found))


def optimise(file: File, *, execution: Execution, destination: Destination, reporting: Reporting) -> None:
    """Search for Pareto-optimal designs. Continues where it stopped."""
    from oxyshell.studies.engine.files import load_design

    design, folder = load_design(file), destination.folder(file)
    from oxyshell.studies.design import screen
    from oxyshell.studies.design.search import search

    executor, progress = execution.executor(), reporting.progress()
    with _resumable(folder):
        found = search(design, folder, executor, progress, execution.retry, destination.overwrite)
    if not reporting.quiet:
        print_all(screen.told(found))


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
