"""One point of an ensemble: its task, its run, its outcome."""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from oxyshell.errors import OxyshellError
from oxyshell.models.base.observable import Where
from oxyshell.outputs import Result
from oxyshell.running.reading import read_run
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.points import ResolvedPoint, Scenarios
from oxyshell.studies.engine.quantities import Interest, numbers_of
from oxyshell.studies.engine.remarks import of_summary
from oxyshell.studies.engine.run_solvers import Here, Launched

# What a run folder holds once it is complete, and how its name ends before.
_DONE, _PART = "summary.json", ".part"

type Status = Literal["completed", "failed", "timed out", "killed", "pending"]
PENDING: Status = "pending"
"""Of a point whose turn has not come."""


@dataclass(frozen=True)
class Job:
    """The part that all points have in common.

    Attributes:
        scenario: The scenario that the points start from.
        interests: The numbers that are wanted besides those of the summary.
        runs: Folder of the run folders, or None to keep numbers only.
        timeout: Longest time that a point may take, s; infinite without a limit.
        processes: Number of processes that share each run.
    """

    scenario: Scenario
    interests: Sequence[Interest] = ()
    runs: Path | None = None
    timeout: float = math.inf
    processes: int = 1


@dataclass(frozen=True)
class Outcome:
    """Outcome of a point.

    Attributes:
        key: The name of its content.
        status: "completed", "failed", "timed out" or "killed"; "pending" if its turn has not come.
        reason: Why it did not complete; empty if it did.
        numbers: Every number of its summary, and the reductions that were asked for, by name.
        wall_time_s: Time that it took a worker, meshing and writing included.
        solve_time_s: Time that its run took.
        remarks: Remarks of its run.
    """

    key: str
    status: Status
    reason: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    wall_time_s: float = 0.0
    solve_time_s: float = 0.0
    remarks: Sequence[str] = ()

    def answers(self, interests: Sequence[Interest]) -> bool:
        """Whether it has all numbers that are asked for; one that failed has nothing to say to any."""
        return self.status != "completed" or all(one.text in self.numbers for one in interests)


@dataclass(frozen=True)
class Notice:
    """Something that a worker waits for, to be told.

    Attributes:
        text: In words.
    """

    text: str


class PointRunner:
    """Runs points one after the other."""

    def __init__(self, job: Job, seconds: float = math.inf) -> None:
        """Load what solves them.

        Args:
            job: The part that the points have in common.
            seconds: Longest time after which a run in this process gives itself up.

        Raises:
            OxyshellError: If several processes are to share a run and cannot be started.
        """
        self._job, self._scenarios = job, Scenarios(job.scenario)
        looks_back = any(one.where is Where.HISTORY for one in job.interests)
        alone = job.processes == 1
        self._solver = Here(seconds, looks_back) if alone else Launched(job.processes, job.timeout)

    def run(self, point: ResolvedPoint) -> Outcome:
        """Run a point; whatever goes wrong ends up in its outcome."""
        started = time.perf_counter()
        try:
            scenario = self._scenarios.of(point)
            result = self._stored(point.key, scenario) if self._job.runs else self._solver.run(scenario)
            outcome = outcome_of(point.key, result, self._job.interests)
        except TimeoutError as error:
            outcome = Outcome(point.key, "timed out", str(error))
        except OxyshellError as error:
            outcome = Outcome(point.key, "failed", _one_line(str(error)))
        except Exception as error:  # whatever it was, it costs this point alone
            outcome = Outcome(point.key, "failed", _one_line(f"{type(error).__name__}: {error}"))
        return replace(outcome, wall_time_s=time.perf_counter() - started)

    def _stored(self, key: str, scenario: Scenario) -> Result:
        """Run in a folder of its own that gets its name when it is complete."""
        assert self._job.runs is not None
        folder = self._job.runs / key
        beside = self._job.runs / f".{key}.{os.getpid()}{_PART}"
        try:
            result = self._solver.run(scenario, beside)
            if not (folder / _DONE).exists():
                shutil.rmtree(folder, ignore_errors=True)  # somebody has taken files out of it
            with contextlib.suppress(OSError):  # another sweep may have finished the same point meanwhile
                beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return result


def outcome_of(key: str, result: Result, interests: Sequence[Interest]) -> Outcome:
    """The outcome of a completed run.

    Raises:
        OxyshellError: If the run has no number that is asked for.
    """
    numbers = numbers_of(result.summary)
    for interest in interests:
        try:
            numbers[interest.text] = interest.of(result)
        except KeyError:
            raise OxyshellError(f"this run has no '{interest.text}'") from None
    solved = result.summary["wall_time_s"]
    assert isinstance(solved, float)
    return Outcome(
        key,
        "completed",
        numbers=numbers,
        wall_time_s=solved,
        solve_time_s=solved,
        remarks=of_summary(result.summary),
    )


def has_run(runs: Path, key: str) -> bool:
    """Whether a point's run folder is complete."""
    return (runs / key / _DONE).is_file()


def clear_parts(runs: Path) -> None:
    """Remove unfinished folders of killed workers; no other ensemble may be writing to the folder."""
    for part in runs.glob(f".*{_PART}"):
        shutil.rmtree(part, ignore_errors=True)


def read_outcome(runs: Path, key: str, interests: Sequence[Interest]) -> Outcome | None:
    """The outcome of a point whose run folder is there, or None."""
    folder = runs / key
    if not has_run(runs, key):
        return None
    try:
        return outcome_of(key, read_run(folder), interests)
    except OxyshellError:
        return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
