"""Sweeps: what many points cost beyond their own solving, and what a second worker brings."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import process
from benchmarks.table import Row

_POINTS, _QUICK = 200, 24
_LARGE = 1000
# How often one and two workers take turns: what two cores give together varies on a virtual machine.
_TURNS = 5


def sweeps(quick: bool, full: bool = False) -> Iterator[Row]:
    """200 points on one and on two workers, and a large plan that keeps numbers only."""
    count = _QUICK if quick else _POINTS
    turns = [(_measured(count, 1), _measured(count, 2)) for _ in range(1 if quick else _TURNS)]
    one, two = turns[0]
    gains = [one["running_s"] / two["running_s"] for one, two in turns]
    for workers, found in ((1, one), (2, two)):
        shared = "" if workers == 1 else " / 2"
        case = f"sweep of {count} points, {workers} worker{'s'[: workers - 1]}"
        yield Row(
            case=case, seconds=found["elapsed_s"], of="sweep, start and page included",
            floor=f"its points' own solve times{shared}", floor_seconds=found["solve_s"] / workers,
            note=_each(found, count),
        )  # fmt: skip
        yield Row(
            case=case, seconds=found["running_s"], of="sweep, workers running", target=1.15,
            floor=f"solve times of the same points{shared}", floor_seconds=found["running_solve_s"] / workers,
        )  # fmt: skip
    yield Row(
        case=f"sweep of {count} points", of="throughput of two running workers over that of one",
        measured=median(gains), note="target: at least 1.8; " + ", ".join(f"{gain:.2f}" for gain in gains),
    )  # fmt: skip
    # Solving alone, without the sweep around it: more than this the machine does not give.
    gains = [2 * one["running_solve_s"] / two["running_solve_s"] for one, two in turns]
    yield Row(
        case="two points solved side by side", of="points per time over that of one at a time",
        measured=median(gains), note=", ".join(f"{gain:.2f}" for gain in gains),
    )  # fmt: skip
    large = 10_000 if full else (2 * _QUICK if quick else _LARGE)
    found = _measured(large, 2)
    yield Row(
        case=f"summary only, {large} points, 2 workers", seconds=found["elapsed_s"], of="sweep",
        floor="half of its points' warm solve times", floor_seconds=found["solve_s"] / 2, target=1.3,
        note=_each(found, large),
    )  # fmt: skip
    yield Row(
        case=f"summary only, {large} points", of="files compiled after the first point",
        measured=found["new_files"], target=0,
    )  # fmt: skip


def _each(found: dict[str, Any], count: int) -> str:
    return (
        f"per point {1e3 * found['solve_s'] / count:.0f} ms of solving; planning {found['plan_s']:.1f} s, "
        f"start {found['start_s']:.1f} s, page {found['page_s']:.1f} s"
    )


def _measured(points: int, workers: int) -> dict[str, Any]:
    return process.run("worker", {"task": "sweep", "points": points, "workers": workers}).found


def measure(task: dict[str, Any]) -> dict[str, Any]:
    """A sweep, timed: a grid over rate, deficiency and diffusivity of the layered particle."""
    from oxyshell.studies.engine.workers import Workers
    from oxyshell.studies.sweep import run as sweeping

    compiled: list[set[str]] = []
    moments: list[float] = []

    class Watched(Workers):
        def outcomes(self, points: Any) -> Any:
            for outcome in super().outcomes(points):
                moments.append(time.perf_counter())
                if not compiled:
                    compiled.append(_compiled())
                yield outcome

    started = time.perf_counter()
    share = round(task["points"] / 4)
    sweep = sweeping.sweep_from(
        Path(__file__).resolve().parent.parent / "scenarios" / "lrmo-ru1.yaml",
        {
            "over": {
                "protocol.0.charge.rate": ["0.1 C", "0.2 C"],
                "shell.deficiency": [0.1, 0.22],
                "material.diffusivity": {"from": "1e-19 m^2/s", "to": "5e-19 m^2/s", "points": share},
            },
            "keep": "summary",
        },
    )
    planned = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        study = sweeping.run(sweep, Path(folder), lambda job: Watched(job, task["workers"]))
    ended = time.perf_counter()
    assert set(study.status) == {"completed"}
    # The first outcomes hold the start of the workers; one of each is left out of what is counted as running.
    first = moments[task["workers"] - 1]
    last = moments[-1]
    rest = study.solve_time_s[task["workers"] :]
    return {
        "plan_s": planned - started,
        "start_s": first - planned,
        "running_s": last - first,
        "running_solve_s": sum(rest),
        "page_s": ended - last,
        "elapsed_s": ended - started,
        "solve_s": sum(study.solve_time_s),
        "new_files": len(_compiled() - compiled[0]),
    }


def _compiled() -> set[str]:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fenics"
    return {path.name for path in cache.iterdir()} if cache.is_dir() else set()
