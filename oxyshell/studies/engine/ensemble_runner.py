"""Runs ensembles, resumable, and writes the study of all points."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from oxyshell.language.writing import to_yaml
from oxyshell.outputs import NullProgress, Progress, disk, notices
from oxyshell.presentation.numbers import duration
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.batch_runner import BatchRunner
from oxyshell.studies.engine.ensemble import Ensemble
from oxyshell.studies.engine.executors import ExecutorFor
from oxyshell.studies.engine.point_runner import Job, Outcome, clear_parts
from oxyshell.studies.engine.provenance import versions
from oxyshell.studies.engine.study import Study, study_of

# Share of the time that may go into writing the study while it grows, and the shortest time between.
_WRITING, _SHORTEST = 0.02, 2.0
_LINES = 10


def run_ensemble(
    ensemble: Ensemble,
    out: Path | None,
    executor_for: ExecutorFor,
    runs: Path | None = None,
    retry: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Run an ensemble, or what is left of it, in a folder that is known to be free for it.

    Args:
        ensemble: The ensemble.
        out: Folder of the study; in memory without.
        executor_for: Makes what runs the points.
        runs: Folder of the run folders, which ensembles may share; by default `runs` in `out`.
        retry: Whether points that failed before are tried again.
        progress: Progress reporter; none by default.

    Raises:
        OxyshellError: If the workers do not start or the study cannot be written.
    """
    folders = None
    if out is not None and ensemble.keeps_folders:
        folders = (runs or out / "runs").resolve()
        with disk.errors_at(folders):
            folders.mkdir(parents=True, exist_ok=True)
    job = Job(ensemble.base, tuple(ensemble.interests), folders, ensemble.timeout, ensemble.processes)
    provenance = {**versions(), "scenario": ensemble.base.to_yaml(), "sweep": to_yaml(ensemble.content)}
    with (
        progress or NullProgress() as reporter,
        notices(reporter.message),
        BatchRunner(job, executor_for, out, retry) as runner,
    ):
        if runs is None and folders is not None:
            clear_parts(folders)
        points = runner.pending(ensemble.points)
        ahead = _Ahead(len(ensemble.points), len(points), reporter)
        writer = _Writer(lambda: study_of(ensemble, runner.outcomes, provenance, out), out)

        def report(outcome: Outcome) -> None:
            ahead.tell(outcome)
            writer.now_and_then()

        try:
            runner.run_pending(points, report)
        finally:
            study = writer.write()
    return study


@dataclass
class _Writer:
    """Writes the study now and then: seldom enough to cost little of the time."""

    make: Callable[[], Study]
    out: Path | None
    due: float = 0.0

    def now_and_then(self) -> None:
        if self.out is not None and time.monotonic() > self.due:
            self.write()

    def write(self) -> Study:
        started = time.monotonic()
        study = self.make()
        if self.out is not None:
            study_store.write(study, self.out)
        ended = time.monotonic()
        self.due = ended + max(_SHORTEST, (ended - started) / _WRITING)
        return study


class _Ahead:
    """Tells how far a sweep is and how long the rest will take."""

    def __init__(self, total: int, left: int, progress: Progress) -> None:
        self._total, self._left, self._progress = total, left, progress
        self._done = 0
        self._failed = 0
        self._began = time.monotonic()
        self._said = 0
        if left < total:
            progress.message(f"{total - left} of {total} points are there already")

    def tell(self, outcome: Outcome) -> None:
        self._done += 1
        if outcome.status != "completed":
            self._failed += 1
            self._progress.message(f"point {outcome.key} {outcome.status}: {outcome.reason}")
        fraction = self._done / self._left
        # From the first outcome on: before it, workers start and forms are compiled.
        if self._done == 1:
            self._began = time.monotonic()
        each = (time.monotonic() - self._began) / max(self._done - 1, 1)
        rest = each * (self._left - self._done)
        text = f"{self._total - self._left + self._done}/{self._total} points"
        text += f", {self._failed} failed" if self._failed else ""
        self._progress.update(fraction, text)
        if int(_LINES * fraction) > self._said:
            self._said = int(_LINES * fraction)
            self._progress.message(f"{text}, about {duration(rest, 2)} left" if rest >= 0.5 else text)
