"""The code of another checkout and this one, in turn: `--against PATH`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import process
from benchmarks.process import HERE, Checkout, Outcome
from benchmarks.runs import CHARGE, PRISTINE, RU1, Run, changed, elements, multigrid, octant, run_of
from benchmarks.table import Row


def against(other: Checkout, quick: bool) -> Iterator[Row]:
    """How many times as fast this code is: warm runs in memory, and the whole process as used."""
    turns = 2 if quick else 4
    for name, run in _runs(quick).items():
        # A line takes milliseconds: the shortest of many in every turn.
        task = {"task": "warm", "repeats": 30 if name.endswith("1D") else 1, **run}
        jobs = {str(one.root): process.worker("worker", task, checkout=one) for one in (other, HERE)}
        found = process.in_turn(jobs, turns if name.endswith("1D") else 1 if quick else 2)
        yield _row(name, found[str(other.root)], found[str(HERE.root)], other)
    file = str(process.ROOT / "scenarios" / f"{PRISTINE}.yaml")
    with tempfile.TemporaryDirectory() as folder:
        jobs = {
            name: process.command("run", file, "--overwrite", "--out", f"{folder}/{name}", checkout=one)
            for name, one in (("old", other), ("new", HERE))
        }
        process.in_turn(jobs, 1)
        found = process.in_turn(jobs, turns)
    yield Row(
        case="old code, 1D as used", of="`oxyshell run`, with files and figures", floor="this code",
        seconds=found["old"].seconds, floor_seconds=found["new"].seconds,
        noise=found["old"].noise + found["new"].noise, megabytes=found["new"].megabytes,
    )  # fmt: skip


def _runs(quick: bool) -> dict[str, Run]:
    disc, solid, thin = ((16, 10), 12, (8, 6)) if quick else ((34, 30), 20, (16, 12))
    runs = {
        "pristine, 1D": run_of(PRISTINE),
        "Ru-1, 1D": run_of(RU1),
        "charge with oxygen, 1D": run_of(CHARGE),
        "Ru-1, axisymmetric": run_of(RU1, elements(2, *disc)),
        "pristine, octant": run_of(PRISTINE, multigrid(octant(solid))),
        "Ru-1, octant with thin layers": run_of(RU1, multigrid(elements(3, *thin))),
    }
    if not quick:
        runs["charge with oxygen, axisymmetric"] = changed(run_of(CHARGE), elements(2, *disc))
        runs["charge with oxygen, octant"] = changed(run_of(CHARGE), elements(3, 8, 6))
    return runs


def _row(name: str, old: Outcome, new: Outcome, other: Checkout) -> Row:
    for outcome, checkout in ((old, other), (new, HERE)):
        if not Path(outcome.found["code"]).is_relative_to(checkout.root):
            raise process.WorkerError(
                f"found the code of {outcome.found['code']}, expected that of {checkout.root}"
            )
    before, after = old.found, new.found
    return Row(
        case=f"old code, {name}", of="warm run", floor="this code", seconds=before["run_s"],
        floor_seconds=after["run_s"], unknowns=after["unknowns"], steps=after["steps"],
        rejected=after["rejected"], megabytes=new.megabytes,
        note=f"{before['steps']} steps and {before['rejected']} rejected before; peak stresses differ by "
        f"{abs(before['peak_MPa'] / after['peak_MPa'] - 1):.0e}",
    )  # fmt: skip
