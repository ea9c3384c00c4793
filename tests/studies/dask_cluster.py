"""A Dask cluster of two workers on this machine, as its programs start it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.studies.sweeps import ROOT, children


@dataclass(frozen=True)
class Cluster:
    """Where the scheduler is, and the processes that keep one worker each alive."""

    address: str
    nannies: tuple[int, ...]

    def workers(self) -> list[int]:
        """The processes that run points."""
        below = [pid for nanny in self.nannies for pid in children(nanny)]
        return [pid for pid in below if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a scheduler and two workers, and end all of their processes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str, *options: str) -> int:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *options, "--host", "127.0.0.1"]
        quiet = subprocess.DEVNULL
        # Sessions of their own, so that each can be ended with all that it started.
        process = subprocess.Popen(
            command, env=environment, stdout=quiet, stderr=quiet, cwd=folder, start_new_session=True
        )
        started.append(process)
        return process.pid

    file = folder / "scheduler.json"
    try:
        start("dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        until = time.monotonic() + 60
        while not file.exists() or not file.read_text().strip():
            assert time.monotonic() < until, "no scheduler"
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        options = ("--nthreads", "1", "--no-dashboard")
        yield Cluster(address, tuple(start("dask_worker", address, *options) for _ in range(2)))
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
