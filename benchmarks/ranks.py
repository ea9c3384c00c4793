"""Two processes: what the second brings, and 1e6 unknowns."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.process import Job
from benchmarks.runs import PRISTINE, multigrid, octant, run_of
from benchmarks.table import Row

# The beginning of the charge; its time steps are those of the whole charge, up to there.
_SHARE = 0.02
_HUNDRED_THOUSAND, _HALF_MILLION, _MILLION = 28, 48, 61


def ranks(quick: bool) -> Iterator[Row]:
    """Wall time of one process over that of two, and a million unknowns on two."""
    # Small problems say nothing about the targets.
    sizes = {12: None} if quick else {_HUNDRED_THOUSAND: 1.7, _HALF_MILLION: 1.8}
    for size, target in sizes.items():
        # The large ones begin only: the ratio is that of the same steps.
        share = 1.0 if size <= _HUNDRED_THOUSAND else _SHARE
        both = process.in_turn({str(n): _job(size, n, share) for n in (1, 2)}, 1)
        one, two = both["1"].found, both["2"].found
        yield Row(
            case=f"3D octant, {size} elements along R", of="one process", floor="two processes, wall time",
            seconds=one["run_s"], floor_seconds=two["run_s"], unknowns=one["unknowns"], steps=one["steps"],
            rejected=one["rejected"], target=target, limit=2, at_least=True, megabytes=two["megabytes"],
            note=f"set-up {one['set_up_s']:.1f} and {two['set_up_s']:.1f} s; largest peak stresses differ by "
            f"{abs(one['peak_MPa'] / two['peak_MPa'] - 1):.0e}; {100 * share:g} % of the charge",
        )  # fmt: skip
    if quick:
        yield from _million(12, 8, (None, None, None))
    else:
        yield from _million(_MILLION, _HUNDRED_THOUSAND, (5, 15, 1.3))


def _million(size: int, smaller: int, targets: tuple[float | None, ...]) -> Iterator[Row]:
    both = process.in_turn({str(count): _job(count, 2, _SHARE) for count in (size, smaller)}, 1)
    large, small = both[str(size)].found, both[str(smaller)].found
    case = f"3D octant, {size} elements along R, two processes"
    memory, set_up, attempt = targets
    yield Row(
        case=case, of="memory, GB", measured=large["megabytes"] / 1e3, target=memory,
        unknowns=large["unknowns"], noise=0.05,
    )  # fmt: skip
    yield Row(
        case=case, of="set-up, s", measured=large["set_up_s"], target=set_up, unknowns=large["unknowns"]
    )
    yield Row(
        case=case, of="attempt, per unknown", seconds=_each(large),
        floor=f"{smaller} elements along R, two processes", floor_seconds=_each(small), target=attempt,
        unknowns=large["unknowns"], steps=large["steps"],
        rejected=large["rejected"], note=f"{100 * _SHARE:g} % of the charge; run {large['run_s']:.0f} s",
    )  # fmt: skip


def _each(found: dict[str, Any]) -> float:
    attempts = found["steps"] + found["rejected"]
    return float(found["run_s"] / attempts / found["unknowns"])


def _job(size: int, count: int, share: float) -> Job:
    values = multigrid(octant(size))
    if share < 1:
        values |= {"protocol.0.charge.until": {"passed": share}, "output": {"at": {"extracted": [share / 2]}}}
    task = process.worker("worker", {"task": "on_ranks", **run_of(PRISTINE, values)})
    mpiexec = str(Path(sys.executable).parent / "mpiexec")
    return Job([mpiexec, "-n", str(count), *task.arguments], finds=True)
