"""Starts processes, of workers and of the command line, and measures the whole of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import clock

ROOT = Path(__file__).resolve().parent.parent
# Compiled Python files are kept here even where the surroundings forbid writing them; otherwise the whole
# process is mostly the compilation of what it imports.
_BYTECODE = Path(tempfile.gettempdir()) / "oxyshell-benchmarks-bytecode"


class WorkerError(Exception):
    """A process ended with an error; its text says which."""


@dataclass(frozen=True)
class Checkout:
    """A copy of the code with an environment in which it is installed.

    Attributes:
        root: Its folder.
        python: The interpreter of its environment.
    """

    root: Path
    python: Path

    @classmethod
    def at(cls, root: Path) -> Checkout:
        """The checkout in a folder, whose environment is in `.venv`.

        Raises:
            WorkerError: If there is none.
        """
        python = root.resolve() / ".venv" / "bin" / "python"
        if not python.exists():
            raise WorkerError(
                f"found no {python}, expected the environment of a checkout (`uv sync` makes it)"
            )
        return cls(root.resolve(), python)

    @property
    def command(self) -> Path:
        """The program `oxyshell`."""
        return self.python.parent / "oxyshell"


HERE = Checkout(ROOT, Path(sys.executable))


@dataclass(frozen=True)
class Job:
    """A process to measure.

    Attributes:
        arguments: Program and arguments.
        finds: Whether its last line is JSON.
        more: Environment variables besides those of every job.
        allowed: Exit codes that are no failure.
    """

    arguments: Sequence[str]
    finds: bool = False
    more: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Outcome:
    """Findings and cost of a process.

    Attributes:
        found: Its output.
        seconds: From its start to its end, by the chosen clock.
        megabytes: Largest resident memory.
        noise: By which share the median of its repetitions was above the shortest; 0 of a single one.
    """

    found: dict[str, Any]
    seconds: float
    megabytes: float
    noise: float = 0.0


def worker(
    module: str, task: Mapping[str, Any], more: Mapping[str, str] | None = None, checkout: Checkout = HERE
) -> Job:
    """`python -m benchmarks.<module>` of this folder on a task, with the code of a checkout."""
    arguments = [str(checkout.python), "-m", f"benchmarks.{module}", json.dumps(task)]
    return Job(arguments, finds=True, more=more or {})


def command(*arguments: str, checkout: Checkout = HERE, allowed: tuple[int, ...] = (0,)) -> Job:
    """`oxyshell ...`, as a person runs it."""
    return Job([str(checkout.command), *arguments], allowed=allowed)


def run(
    module: str, task: Mapping[str, Any], repeats: int = 1, more: Mapping[str, str] | None = None
) -> Outcome:
    """The quickest of some repetitions of a worker.

    Raises:
        WorkerError: If it fails.
    """
    return in_turn({"": worker(module, task, more)}, repeats)[""]


def in_turn(jobs: Mapping[str, Job], repeats: int) -> dict[str, Outcome]:
    """The quickest of some repetitions of each job; they take turns, so that what changes hits all of them.

    Raises:
        WorkerError: If one fails.
    """
    every: dict[str, list[Outcome]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            every[name].append(once(job))
    best = {}
    for name, outcomes in every.items():
        one = min(outcomes, key=lambda outcome: outcome.seconds)
        noise = median(outcome.seconds for outcome in outcomes) / one.seconds - 1
        best[name] = Outcome(one.found, one.seconds, one.megabytes, noise)
    return best


def once(job: Job) -> Outcome:
    """Run a job.

    Raises:
        WorkerError: If it fails.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "PYTHONPYCACHEPREFIX": str(_BYTECODE),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYBAMM_DISABLE_TELEMETRY": "true",
        **job.more,
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile("w+") as output,
        tempfile.TemporaryFile("w+") as complaints,
    ):
        # Beside nothing but this package: the code of a checkout comes from its environment alone.
        (Path(folder) / "benchmarks").symlink_to(ROOT / "benchmarks")
        started = time.perf_counter()
        process = subprocess.Popen(
            job.arguments,
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=complaints,
            stdin=subprocess.DEVNULL,
        )
        # wait4 tells the memory of this child alone, which getrusage does not.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        seconds = usage.ru_utime + usage.ru_stime if os.environ.get(clock.VARIABLE) == "cpu" else wall
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        complaints.seek(0)
        if process.returncode not in job.allowed:
            raise WorkerError(complaints.read().strip() or output.read() or f"exit code {process.returncode}")
        found: dict[str, Any] = json.loads(output.read().splitlines()[-1]) if job.finds else {}
    return Outcome(found, seconds, usage.ru_maxrss / 1024)
