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
from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.errors import OxyshellError
from oxyshell.launch import without_launcher
from oxyshell.outputs import Result, RunFolder, SummaryOnly
from oxyshell.running.reading import read_run
from oxyshell.scenario.scenario import Scenario

if TYPE_CHECKING:
    from oxyshell.running.checkpoints import RunProgress, RunSetup

# MPICH: processes that wait make room for others, where there are more of them than cores.
_SHARING = {"MPIR_CVAR_POLLS_BEFORE_YIELD": "1"}
# prctl(2).
_SET_PARENT_DEATH_SIGNAL = 1


class Deadline:
    """Gives a run up at its next step once time is over.

    Args:
        seconds: Longest time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._started = time.monotonic()

    def watch(self, setup: RunSetup) -> None:
        pass

    def after(self, reached: RunProgress) -> None:
        """Look at the clock.

        Raises:
            TimeoutError: If time is over.
        """
        if time.monotonic() - self._started > self._seconds:
            raise TimeoutError(too_long(self._seconds))


class Here:
    """Runs in this process; meshes and forms are kept between runs.

    Args:
        seconds: Longest time of a run, which is given up at a step.
        keeps_history: Whether runs without a folder keep their history.
    """

    def __init__(self, seconds: float = math.inf, keeps_history: bool = True) -> None:
        """Load FEniCSx."""
        from oxyshell.studies.engine.simulation_cache import SimulationCache

        self._cache = SimulationCache()
        self._seconds, self._keeps_history = seconds, keeps_history

    def run(self, scenario: Scenario, folder: Path | None = None) -> Result:
        """Run into a run folder; without one there are no profiles and no fields.

        Raises:
            OxyshellError: If the run fails.
            TimeoutError: If it takes too long.
        """
        deadline = Deadline(self._seconds)
        if folder is None:
            return self._cache.run(scenario, SummaryOnly(self._keeps_history), deadline)
        output = RunFolder(folder)
        output.start(scenario.to_yaml())
        return self._cache.run(scenario, output, deadline)


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
            command = [*self._command, str(file), "--out", str(folder), "--figures", "none", "--quiet"]
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
