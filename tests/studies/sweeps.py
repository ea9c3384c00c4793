"""Small sweeps for tests, how to start one as a program, and how to end it badly."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from oxyshell.language.writing import to_yaml
from oxyshell.outputs import NullProgress
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.journal import NAME, parse
from oxyshell.studies.engine.point_runner import Job, Outcome, PointRunner, Task
from oxyshell.studies.engine.points import ResolvedPoint
from oxyshell.studies.engine.study import Study
from oxyshell.studies.sweep import run as sweeping

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
PEAK = "stress.first_principal.peak_MPa"
# Few elements and a loose tolerance: a point takes some ten milliseconds.
COARSE = {"numerics.elements.bulk": 6, "numerics.time_tolerance": 1e-2, "output.at.extracted": []}
GRID = {
    "material.diffusivity": ["1.5e-19 m^2/s", "2e-19 m^2/s", "3e-19 m^2/s"],
    "protocol.0.charge.rate": ["0.1 C", "0.2 C"],
}
_TIMES = ["solve_time_s", "wall_time_s"]


class Here:
    """Runs points in this process: tests of what is kept need no workers."""

    def __init__(self, job: Job) -> None:
        self._runner = PointRunner(job)

    def outcomes(self, points: Sequence[ResolvedPoint]) -> Iterator[Outcome]:
        yield from (self._runner.run(Task(point.key, point.values)) for point in points)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Counting(NullProgress):
    """Counts the points that are run."""

    def __init__(self) -> None:
        self.points = 0

    def update(self, fraction: float, text: str) -> None:
        self.points += 1


def sweep_here(scenario: Scenario, out: Path | None, retry: bool = False, **keys: Any) -> tuple[Study, int]:
    """A sweep in this process, and how many points it ran."""
    counting = Counting()
    return sweeping.run(
        sweeping.sweep_from(scenario, keys), out, Here, retry=retry, progress=counting
    ), counting.points


def entries(**more: Any) -> dict[str, Any]:
    """A sweep of six coarse points."""
    return {"sweep": "test", "set": COARSE, "over": GRID, "quantities": [PEAK, "steps"], **more}


def write_sweep(folder: Path, **more: Any) -> Path:
    """A sweep file beside its scenario."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SCENARIOS / "lrmo-pristine.yaml", folder)
    data = {**entries(), "scenario": "lrmo-pristine.yaml", **more}
    (folder / "sweep.yaml").write_text(to_yaml(data))
    return folder / "sweep.yaml"


def command(file: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "oxyshell", "sweep", str(file), "--out", str(out), *options]


def start(file: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """Start a sweep as a program, one that Ctrl-C reaches: in the background a shell has it ignored."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command(file, out, *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def finish(file: Path, out: Path, *options: str) -> str:
    """Run a sweep to its end; what it printed."""
    process = start(file, out, *options)
    told, _ = process.communicate(timeout=300)
    assert process.returncode == 0, told
    return told


def wait_for_points(out: Path, count: int, seconds: float = 60.0) -> None:
    """Until so many points have ended."""
    until = time.monotonic() + seconds
    while ended(out) < count:
        assert time.monotonic() < until, f"{ended(out)} points after {seconds} s"
        time.sleep(0.01)


def ended(out: Path) -> int:
    journal = out / NAME
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task")
    found = [entry.read_text().split() for entry in tasks.glob("*/children")] if tasks.exists() else []
    return [int(child) for one in found for child in one]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def results(study: Study) -> dict[str, list[Any]]:
    """All of a table but the times, to the last bit; NaN compares equal."""
    columns = {name: column.values for name, column in study.columns().items() if name not in _TIMES}
    return {name: [repr(value) for value in values] for name, values in columns.items()}


def read_results(out: Path) -> dict[str, list[Any]]:
    return results(study_store.read(out))


def runs_of_points(out: Path) -> dict[str, int]:
    """How often each point has completed, by the journal."""
    counts: dict[str, int] = {}
    for line in (out / NAME).read_text().splitlines():
        for key, outcome in parse(line, out).items():
            counts[key] = counts.get(key, 0) + (outcome.status == "completed")
    return counts
