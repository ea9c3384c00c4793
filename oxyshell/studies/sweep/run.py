"""A sweep, end to end: what is there already, what has to be run, and the study of both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxyshell.errors import InputError
from oxyshell.language import kinds
from oxyshell.outputs import NullProgress, Progress, disk, notices
from oxyshell.running import holdings
from oxyshell.running.holdings import claim_for_study
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.journal import NAME, Journal, NullJournal
from oxyshell.studies.engine.point_runner import Job, Outcome, clear_parts, has_run, read_outcome
from oxyshell.studies.engine.points import ResolvedPoint
from oxyshell.studies.engine.provenance import provenance
from oxyshell.studies.engine.study import Study, study_of
from oxyshell.studies.engine.workers import Executor, Workers
from oxyshell.studies.registry import kind_of_loaded, load_any
from oxyshell.studies.sweep.file import Sweep, sweep_of

# Share of the time that may go into writing the study while it grows, and the shortest time between.
_WRITING, _SHORTEST = 0.02, 2.0
_LINES = 10


def sweep_from(source: Scenario | Sweep | str | Path, entries: Mapping[str, Any]) -> Sweep:
    """A sweep from a scenario, a scenario file or a sweep file, with other keys.

    Args:
        source: What it starts from.
        entries: Keys of a sweep file; they take the place of those in the file.

    Raises:
        ScenarioError: With everything that is wrong.
    """
    found = source if isinstance(source, Scenario | Sweep) else load_any(source)
    match found:
        case Scenario():
            return sweep_of(found, _plain(entries))
        case Sweep():
            return sweep_of(found.base, {**found.to_data(), **_plain(entries)}) if entries else found
    told = kinds.told(kind_of_loaded(found), f"{source}")
    raise InputError(f"found {told}, expected a scenario or a sweep")


def executor_for(workers: int = 1, scheduler: str | None = None) -> Callable[[Job], Executor]:
    """What runs the points: processes on this machine, or an existing Dask cluster.

    Args:
        workers: How many processes.
        scheduler: Address of a Dask scheduler, such as tcp://node1:8786.
    """
    if scheduler is None:
        return lambda job: Workers(job, workers)
    from oxyshell.studies.engine.cluster import cluster

    return cluster(scheduler)


def run(
    sweep: Sweep,
    out: Path | None,
    executor: Callable[[Job], Executor],
    runs: Path | None = None,
    retry: bool = False,
    progress: Progress | None = None,
    overwrite: bool = False,
) -> Study:
    """Run a sweep, or what is left of it, in a folder of its own.

    Args:
        sweep: What to run.
        out: Folder of the study; in memory without.
        executor: What runs the points.
        runs: Folder of the run folders, which sweeps may share; by default `runs` in `out`.
        retry: Whether points that failed before are tried again.
        progress: Who is told; nobody by default.
        overwrite: Whether the results of another study in `out` are replaced. A sweep of the same title is
            the same one, which may have changed since: points are kept by their content.

    Raises:
        InputError: If `out` holds other results, and they are not to be replaced.
        OxyshellError: If the workers do not start or the study cannot be written.
    """
    if out is not None:
        claim_for_study(out, holdings.Study("sweep", sweep.sweep), overwrite)
    return carry_out(sweep, out, executor, runs, retry, progress)


def carry_out(
    sweep: Sweep,
    out: Path | None,
    executor: Callable[[Job], Executor],
    runs: Path | None = None,
    retry: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Run a sweep, or what is left of it, in a folder that is known to be free for it.

    Args:
        sweep: What to run.
        out: Folder of the study; in memory without.
        executor: What runs the points.
        runs: Folder of the run folders, which sweeps may share; by default `runs` in `out`.
        retry: Whether points that failed before are tried again.
        progress: Who is told; nobody by default.

    Raises:
        OxyshellError: If the workers do not start or the study cannot be written.
    """
    folders = None
    if out is not None and sweep.keep == "folders":
        folders = (runs or out / "runs").resolve()
        with disk.errors_at(folders):
            folders.mkdir(parents=True, exist_ok=True)
    timeout = float("inf") if sweep.timeout is None else sweep.timeout.value
    job = Job(sweep.base, tuple(sweep.interests), folders, timeout, sweep.processes)
    known = provenance(sweep)
    with (
        Journal(out / NAME) if out else NullJournal() as journal,
        progress or NullProgress() as told,
        notices(told.message),
    ):
        if folders is not None and runs is None:
            clear_parts(folders)
        points = _left(sweep, job, journal, retry)
        ahead = _Ahead(len(sweep.points), len(points), told)
        writer = _Writer(lambda: study_of(sweep, journal.outcomes, known, out), out)
        try:
            with executor(job) as running:
                for outcome in _outcomes(running, points):
                    journal.add(outcome)
                    ahead.tell(outcome)
                    writer.now_and_then()
        finally:
            study = writer.write()
    if out is not None:
        from oxyshell.studies.engine.study_page import write_report

        write_report(study, out)
    return study


def _outcomes(running: Executor, points: list[ResolvedPoint]) -> Iterator[Outcome]:
    return running.outcomes(points) if points else iter(())


def _left(sweep: Sweep, job: Job, journal: Journal | NullJournal, retry: bool) -> list[ResolvedPoint]:
    """The points that have to be run, each content once."""
    left: dict[str, ResolvedPoint] = {}
    for point in sweep.points:
        known = journal.outcomes.get(point.key)
        if known is not None and known.status != "completed":
            if retry:
                left[point.key] = point
            continue
        if known is not None and known.answers(job.interests) and _has_folder(job, point.key):
            continue
        # Finished, but not in this journal: by a sweep that was killed just then, or by another one.
        stored = read_outcome(job.runs, point.key, job.interests) if job.runs else None
        if stored is None:
            left[point.key] = point
        elif point.key not in left:
            journal.add(stored)
    return list(left.values())


def _has_folder(job: Job, key: str) -> bool:
    return job.runs is None or has_run(job.runs, key)


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
            self._progress.message(f"{text}, about {_duration(rest)} left" if rest else text)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _plain(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Tuples and arrays of a script as the lists that a file has."""

    def plain(value: Any) -> Any:
        match value:
            case str() | None:
                return value
            case Mapping():
                return {str(key): plain(entry) for key, entry in value.items()}
            case Sequence():
                return [plain(entry) for entry in value]
        listed = getattr(value, "tolist", None)
        return value if listed is None else listed()

    return {key: plain(value) for key, value in entries.items()}
