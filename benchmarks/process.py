"""Runs a worker in a process of its own and measures the whole of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import clock

ROOT = Path(__file__).resolve().parent.parent
# Compiled Python files are kept here even where the surroundings forbid writing them; otherwise the whole
# process is mostly the compilation of what it imports.
_BYTECODE = Path(tempfile.gettempdir()) / "oxyshell-benchmarks-bytecode"


class WorkerError(Exception):
    """A worker ended with an error; its text says which."""


@dataclass(frozen=True)
class Outcome:
    """Findings and cost of a worker.

    Attributes:
        found: Its output.
        seconds: From its start to its end, by the chosen clock.
        megabytes: Largest resident memory.
    """

    found: dict[str, Any]
    seconds: float
    megabytes: float


def run(
    module: str, task: Mapping[str, Any], repeats: int = 1, more: Mapping[str, str] | None = None
) -> Outcome:
    """Run `python -m benchmarks.<module>` on a task; the quickest of some repetitions.

    Args:
        module: The worker.
        task: Its task.
        repeats: Number of repetitions.
        more: Environment variables besides those of every worker.

    Raises:
        WorkerError: If it fails.
    """
    outcomes = (_once(module, task, more or {}) for _ in range(repeats))
    return min(outcomes, key=lambda outcome: outcome.seconds)


def _once(module: str, task: Mapping[str, Any], more: Mapping[str, str]) -> Outcome:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "PYTHONPYCACHEPREFIX": str(_BYTECODE),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYBAMM_DISABLE_TELEMETRY": "true",
        **more,
    }
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", json.dumps(task)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=complaints,
        )
        # wait4 tells the memory of this child alone, which getrusage does not.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        seconds = usage.ru_utime + usage.ru_stime if os.environ.get(clock.VARIABLE) == "cpu" else wall
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        complaints.seek(0)
        if process.returncode != 0:
            raise WorkerError(complaints.read().strip() or f"exit code {process.returncode}")
        found: dict[str, Any] = json.loads(output.read().splitlines()[-1])
    return Outcome(found, seconds, usage.ru_maxrss / 1024)
