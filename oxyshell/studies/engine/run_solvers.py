"""Solvers of points: the worker itself, or several processes of their own."""

from __future__ import annotations

import ctypes
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from oxyshell.errors import OxyshellError
from oxyshell.launch import without_launcher
from oxyshell.outputs import HistoryRow, NullFolder, Result, RunFolder, RunOutput, read_run
from oxyshell.outputs.memory import Place
from oxyshell.scenario.scenario import Scenario

# MPICH: processes that wait make room for others, where there are more of them than cores.
_SHARING = {"MPIR_CVAR_POLLS_BEFORE_YIELD": "1"}
# prctl(2).
_SET_PARENT_DEATH_SIGNAL = 1


@dataclass
class Deadline:
    """The output of a run that is given up at its next step once time is over.

    Attributes:
        output: Where the results go.
        seconds: Longest time.
    """

    output: RunOutput
    seconds: float
    started: float = field(default_factory=time.monotonic)

    def start(self, scenario_text: str) -> None:
        self.output.start(scenario_text)

    @property
    def place(self) -> Place:
        return self.output.place

    def step(self, row: HistoryRow) -> None:
        """Hand the row on.

        Raises:
            TimeoutError: If time is over.
        """
        if time.monotonic() - self.started > self.seconds:
            raise TimeoutError(too_long(self.seconds))
        self.output.step(row)

    def snapshot(self, profile: Any, fields: Any) -> None:
        self.output.snapshot(profile, fields)

    def finish(self, summary: Mapping[str, object]) -> Result:
        return self.output.finish(summary)

    def __enter__(self) -> Self:
        self.output.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.output.__exit__(*error)


class Here:
    """Runs in this process; meshes and forms are kept between runs.

    Args:
        seconds: Longest time of a run, which is given up at a step.
    """

    def __init__(self, seconds: float = math.inf) -> None:
        """Load FEniCSx."""
        from oxyshell.studies.engine.simulation_cache import SimulationCache

        self._cache = SimulationCache()
        self._seconds = seconds

    def run(self, scenario: Scenario, folder: Path | None = None) -> Result:
        """Run into a run folder; without one there need be no fields.

        Raises:
            OxyshellError: If the run fails.
            TimeoutError: If it takes too long.
        """
        if folder is None:
            return self._cache.run(scenario, Deadline(NullFolder(), self._seconds))
        output = RunFolder(folder)
        output.start(scenario.to_yaml())
        return self._cache.run(scenario, Deadline(output, self._seconds))


class Launched:
    """Starts `mpiexec` for each run; it ends with this process.

    Args:
        processes: Number of processes that share a run.
        seconds: Longest time of a run.

    Raises:
        OxyshellError: If there is no `mpiexec`.
    """

    def __init__(self, processes: int, seconds: float = math.inf) -> None:
        beside = Path(sys.executable).with_name("mpiexec")
        found = str(beside) if beside.exists() else shutil.which("mpiexec")
        if found is None:
            raise OxyshellError(
                f"runs on {processes} processes need mpiexec, which is neither beside {sys.executable} nor "
                "on the PATH: install 'oxyshell[fenicsx]', or MPI"
            )
        self._command = [found, "-n", str(processes), sys.executable, "-m", "oxyshell", "run"]
        self._seconds = seconds

    def run(self, scenario: Scenario, folder: Path | None = None) -> Result:
        """See `Here.run`."""
        with tempfile.TemporaryDirectory() as place:
            folder = folder or Path(place) / "run"
            file = Path(place) / "scenario.yaml"
            file.write_text(scenario.to_yaml(), encoding="utf-8")
            command = [*self._command, str(file), "--out", str(folder), "--quiet"]
            try:
                done = subprocess.run(
                    command,
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=self._seconds if math.isfinite(self._seconds) else None,
                    env=without_launcher(os.environ) | _SHARING,
                    preexec_fn=_end_with_parent,
                )
            except subprocess.TimeoutExpired:
                raise TimeoutError(too_long(self._seconds)) from None
            if done.returncode:
                raise OxyshellError(done.stderr.strip() or f"mpiexec ended with code {done.returncode}")
            return read_run(folder)


def too_long(seconds: float) -> str:
    """Why a point is given up."""
    return f"took longer than {seconds:g} s"


def _end_with_parent() -> None:
    """Have the system stop this process when the worker that started it is killed (Linux)."""
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
