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
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from oxyshell.errors import OxyshellError
from oxyshell.launch import without_launcher
from oxyshell.outputs import NullFolder, Result, RunFolder, RunOutput, read_run
from oxyshell.scenario.scenario import Scenario

type Within = Callable[[RunOutput], RunOutput]
"""Puts something around the output of a run, such as a `Deadline`."""
# MPICH: processes that wait make room for others, where there are more of them than cores.
_SHARING = {"MPIR_CVAR_POLLS_BEFORE_YIELD": "1"}
# prctl(2).
_SET_PARENT_DEATH_SIGNAL = 1


class Solver(Protocol):
    """Runs scenarios one after the other."""

    def into(self, folder: Path, scenario: Scenario) -> Result:
        """Run into a run folder.

        Raises:
            OxyshellError: If the run fails.
            TimeoutError: If it takes too long.
        """

    def in_memory(self, scenario: Scenario) -> Result:
        """Run without leaving a folder; raises as `into`. Fields need not be there."""


class Here:
    """Runs in this process; meshes and forms are kept between runs."""

    def __init__(self, within: Within = lambda output: output) -> None:
        """Load FEniCSx."""
        from oxyshell.studies.engine.simulation_cache import SimulationCache

        self._cache: SimulationCache = SimulationCache()
        self._within = within

    def into(self, folder: Path, scenario: Scenario) -> Result:
        output = RunFolder(folder)
        output.start(scenario.to_yaml())
        return self._cache.run(scenario, self._within(output))

    def in_memory(self, scenario: Scenario) -> Result:
        return self._cache.run(scenario, self._within(NullFolder()))


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

    def into(self, folder: Path, scenario: Scenario) -> Result:
        with tempfile.TemporaryDirectory() as place:
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

    def in_memory(self, scenario: Scenario) -> Result:
        with tempfile.TemporaryDirectory() as place:
            return self.into(Path(place) / "run", scenario)


def solver(processes: int, seconds: float, within: Within) -> Solver:
    """The solver for a number of processes per run."""
    return Here(within) if processes == 1 else Launched(processes, seconds)


def too_long(seconds: float) -> str:
    """Why a point is given up."""
    return f"took longer than {seconds:g} s"


def _end_with_parent() -> None:
    """Have the system stop this process when the worker that started it is killed (Linux)."""
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
