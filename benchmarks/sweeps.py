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
from benchmarks.runs import PRISTINE, RU1, run_of
from benchmarks.table import Row

_POINTS, _QUICK = 100, 24
_LARGE, _LARGE_QUICK = 10_000, 48
# How often one and two workers take turns: what two cores give together varies on a virtual machine.
_TURNS = 3
_SCENARIOS = {"without a shell": PRISTINE, "with a shell": RU1}


def sweeps(quick: bool) -> Iterator[Row]:
    """Points on one and on two workers, and ten thousand points of which numbers are kept."""
    # A cache of its own: what other programs compile meanwhile is not counted.
    with tempfile.TemporaryDirectory() as cache:
        for scenario in _SCENARIOS.values():
            _measured(cache, 8, 2, scenario)
        yield from _workers(cache, quick)
        yield from _many(cache, quick)


def _many(cache: str, quick: bool) -> Iterator[Row]:
    count = _LARGE_QUICK if quick else _LARGE
    targets = {"without a shell": 60.0, "with a shell": 80.0}
    for name, scenario in _SCENARIOS.items():
        found = _measured(cache, count, 2, scenario)
        kernels = process.run("worker", {"task": "kernels", **run_of(scenario)}).found
        case = f"{count} points {name}, summary only, two workers"
        yield Row(
            case=case, of="seconds", measured=found["elapsed_s"], target=None if quick else targets[name],
            limit=None if quick else 20, note=_each(found, count),
        )  # fmt: skip
        attempts = kernels["attempts"] * count / 2
        yield Row(
            case=case, of="sweep, start and page included", seconds=found["elapsed_s"],
            floor="kernels and band LU of its attempts / 2", floor_seconds=attempts * kernels["attempt_s"],
            note=f"{1e6 * kernels['attempt_s']:.0f} µs an attempt, {kernels['attempts']} attempts in the "
            "scenario as it is",
        )  # fmt: skip
        yield Row(
            case=case, of="sweep, start and page included", floor="half of its points' solve times",
            seconds=found["elapsed_s"], floor_seconds=found["solve_s"] / 2, target=None if quick else 1.3,
        )  # fmt: skip
        yield Row(
            case=case, of="files compiled after the first point", measured=found["new_files"], target=0,
            noise=0.0,
        )  # fmt: skip


def _workers(cache: str, quick: bool) -> Iterator[Row]:
    count = _QUICK if quick else _POINTS
    turns = [
        (_measured(cache, count, 1, RU1), _measured(cache, count, 2, RU1))
        for _ in range(1 if quick else _TURNS)
    ]
    one, two = turns[0]
    for workers, found in ((1, one), (2, two)):
        shared = "" if workers == 1 else " / 2"
        yield Row(
            case=f"sweep of {count} points, {workers} worker{'s'[: workers - 1]}", of="workers running",
            seconds=found["running_s"], target=1.15, floor=f"solve times of the same points{shared}",
            floor_seconds=found["running_solve_s"] / workers, note=_each(found, count),
        )  # fmt: skip
    gains = [one["running_s"] / two["running_s"] for one, two in turns]
    yield Row(
        case=f"sweep of {count} points", of="throughput of two running workers over that of one", target=1.8,
        at_least=True, measured=median(gains), note=", ".join(f"{gain:.2f}" for gain in gains),
    )  # fmt: skip
    # Solving alone, without the sweep around it: more than this the machine does not give.
    gains = [2 * one["running_solve_s"] / two["running_solve_s"] for one, two in turns]
    yield Row(
        case="two points solved side by side", of="points per time over that of one at a time",
        measured=median(gains), at_least=True, note=", ".join(f"{gain:.2f}" for gain in gains),
    )  # fmt: skip


def _each(found: dict[str, Any], count: int) -> str:
    return (
        f"per point {1e3 * found['solve_s'] / count:.1f} ms of solving; planning {found['plan_s']:.1f} s, "
        f"start {found['start_s']:.1f} s, page {found['page_s']:.1f} s"
    )


def _measured(cache: str, points: int, workers: int, scenario: str) -> dict[str, Any]:
    task = {"task": "sweep", "points": points, "workers": workers, "scenario": scenario}
    return process.run("worker", task, more={"XDG_CACHE_HOME": cache}).found


def measure(task: dict[str, Any]) -> dict[str, Any]:
    """A sweep, timed: a grid over rate, diffusivity and deficiency or, without a shell, Young's modulus."""
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
    third: dict[str, Any] = {"shell.deficiency": [0.1, 0.22]}
    if task["scenario"] == PRISTINE:
        third = {"material.elasticity.young_modulus": ["150 GPa", "170 GPa"]}
    sweep = sweeping.sweep_from(
        Path(__file__).resolve().parent.parent / "scenarios" / f"{task['scenario']}.yaml",
        {
            "over": {
                "protocol.0.charge.rate": ["0.1 C", "0.2 C"],
                **third,
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
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return {str(path) for path in cache.rglob("*") if path.suffix == ".so"}
