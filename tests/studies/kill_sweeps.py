"""Kills sweeps and workers at random times and resumes: `python -m tests.studies.kill_sweeps [TIMES]`."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.studies import sweeps
from tests.studies.dask_cluster import Cluster, cluster

Killer = Callable[[Path, Path, float], None]
_WORKERS = ("--workers", "2", "--quiet")


def write(folder: Path, keep: str, points: int) -> Path:
    """A sweep over the diffusivity."""
    ends = {"from": "1e-19 m^2/s", "to": "5e-19 m^2/s", "points": points}
    return sweeps.write_sweep(folder, over={"material.diffusivity": ends}, keep=keep)


def the_sweep(file: Path, out: Path, delay: float) -> None:
    """End the sweep itself, then resume."""
    process = sweeps.start(file, out, *_WORKERS)
    time.sleep(delay)
    workers = sweeps.children(process.pid)
    sweeps.kill(process.pid)
    process.communicate()
    until = time.monotonic() + 30
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < until, "workers outlive the sweep"
        time.sleep(0.02)
    sweeps.finish(file, out, *_WORKERS)


def a_worker(file: Path, out: Path, delay: float) -> None:
    """End one worker; what it was at is tried again when the sweep has ended."""
    process = sweeps.start(file, out, *_WORKERS)
    until = time.monotonic() + delay
    while process.poll() is None and (time.monotonic() < until or not sweeps.children(process.pid)):
        time.sleep(0.005)
    workers = sweeps.children(process.pid)
    if workers:
        sweeps.kill(random.choice(workers))
    told, _ = process.communicate(timeout=300)
    assert process.returncode in (0, 1), told
    sweeps.finish(file, out, *_WORKERS, "--retry")


def dask_worker(running: Cluster) -> Killer:
    """End one worker of a Dask cluster: its point goes to another one, or to its successor."""

    def a_dask_worker(file: Path, out: Path, delay: float) -> None:
        process = sweeps.start(file, out, "--scheduler", running.address, "--quiet")
        time.sleep(delay)
        while not (workers := running.workers()):
            time.sleep(0.05)
        sweeps.kill(random.choice(workers))
        told, _ = process.communicate(timeout=300)
        assert process.returncode == 0, told

    return a_dask_worker


HERE: dict[str, Killer] = {"the sweep": the_sweep, "a worker": a_worker}


def check(kill: Killer, keep: str, folder: Path, delay: float, undisturbed: dict[str, list[str]]) -> str:
    """Kill, resume, compare; raises AssertionError, or says what happened."""
    out = folder / f"{kill.__name__}-{delay:.4f}"
    kill(folder / "sweep.yaml", out, delay)
    assert sweeps.read_results(out) == undisturbed
    counts = sweeps.runs_of_points(out)
    assert set(counts.values()) == {1}, counts
    return f"{kill.__name__}, {keep}, after {delay:.2f} s: equal, {len(counts)} points completed once each"


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as temporary, cluster(Path(temporary)) as running:
        for keep in ("summary", "folders"):
            folder = Path(temporary) / keep
            file = write(folder, keep, points=40)
            began = time.monotonic()
            sweeps.finish(file, folder / "undisturbed", *_WORKERS)
            length = time.monotonic() - began
            undisturbed = sweeps.read_results(folder / "undisturbed")
            for kill in (*HERE.values(), dask_worker(running)):
                for _ in range(times):
                    print(check(kill, keep, folder, random.uniform(0.3, length), undisturbed), flush=True)


if __name__ == "__main__":
    main()
