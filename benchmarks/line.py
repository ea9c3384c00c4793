"""A particle along its radius: as a person runs it, and warm, against PyBaMM."""

from __future__ import annotations

import functools
import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import process
from benchmarks.process import Job, Outcome, command, worker
from benchmarks.runs import PAIR, PRISTINE, run_of
from benchmarks.steps import step_row
from benchmarks.table import Row

_FILE = str(process.ROOT / "scenarios" / f"{PRISTINE}.yaml")
_COMPARISON = str(process.ROOT / "scenarios" / "lrmo-peak-stress.yaml")
_WHOLE, _WARM, _EQUAL = "PyBaMM, whole process", "PyBaMM, cheapest mesh ≤ 1e-4", "PyBaMM at equal error"
_NO_PEER = "PyBaMM is not installed (the extra `peers`)"


def as_used(quick: bool) -> Iterator[Row]:
    """Whole processes, as a person starts them."""
    repeats = 2 if quick else 7
    with tempfile.TemporaryDirectory() as folder:
        jobs = _processes(folder)
        peer = _peer(quick)
        if peer:
            jobs["peer"] = worker("peers", {"task": "whole", **_problem(), **peer["cheapest"]})
        # The first of each compiles forms and bytecode. The comparison is long enough to be run once.
        long = command("compare", _COMPARISON, "--overwrite", "--out", f"{folder}/compare", allowed=(0, 1))
        process.in_turn(jobs, 1)
        found = process.in_turn(jobs, repeats) | process.in_turn({"compare": long}, 1 if quick else 2)
        # Figures that are still being drawn when the process has ended would be missed here.
        drawn = {name: len(list(Path(folder, name).rglob("*.png"))) for name in ("figures", "none")}
    yield from _runs(found, drawn)
    yield _memory(found)
    yield from _commands(found)


def _processes(folder: str) -> dict[str, Job]:
    run = ("run", _FILE, "--overwrite", "--out")
    jobs = {
        "python": Job([sys.executable, "-c", "pass"]),
        "help": command("--help"),
        "validate": command("validate", _FILE),
        "figures": command(*run, f"{folder}/figures"),
        "memory": worker("worker", {"task": "whole", "runs": [run_of(PRISTINE)]}),
        "pair": worker("worker", {"task": "whole", "runs": [run_of(name) for name in PAIR.values()]}),
    }
    if _has_figures_option():
        jobs["none"] = command(*run, f"{folder}/none", "--figures", "none")
    return jobs


def _runs(found: dict[str, Outcome], drawn: dict[str, int]) -> Iterator[Row]:
    rows = {
        "figures": Row(
            case="1D as used", of="`oxyshell run`, with files and figures", target=0.5, limit=0.22
        ),
        "none": Row(case="1D as used", of="`oxyshell run --figures none`", target=0.5, limit=0.22),
        "memory": Row(case="1D", of="whole process without files", target=0.35, limit=0.22),
        "pair": Row(case="1D, pristine and Ru-1", of="whole process without files"),
    }
    for name, row in rows.items():
        figures = f"{drawn[name]} figures at its end" if name in drawn else ""
        row = replace(row, floor=_WHOLE, note=figures)
        if name not in found:
            yield replace(row, unmeasured="`oxyshell run` has no option --figures")
        elif "peer" not in found:
            yield replace(row, seconds=found[name].seconds, unmeasured=_NO_PEER)
        else:
            yield _over(row, found[name], found["peer"])


def _over(row: Row, ours: Outcome, theirs: Outcome) -> Row:
    return replace(
        row, seconds=ours.seconds, floor_seconds=theirs.seconds, noise=ours.noise + theirs.noise,
        megabytes=ours.megabytes,
    )  # fmt: skip


def _memory(found: dict[str, Outcome]) -> Row:
    used = {name: round(found[name].megabytes) for name in ("figures", "none", "peer") if name in found}
    others = ", ".join(f"{name}: {megabytes}" for name, megabytes in used.items())
    return Row(
        case="1D", of="memory of the process without files, MB", measured=found["memory"].megabytes,
        target=120, noise=0.05, note=f"of other processes, MB: {others}",
    )  # fmt: skip


def _commands(found: dict[str, Outcome]) -> Iterator[Row]:
    python = found["python"]
    for name, text, target in (
        ("help", "oxyshell --help", 0.25),
        ("validate", "oxyshell validate FILE", 0.6),
    ):
        yield Row(
            case=text, of="seconds", measured=found[name].seconds, target=target, noise=found[name].noise,
            note=f"{found[name].seconds / python.seconds:.1f} times `python -c pass`",
        )  # fmt: skip
        yield _over(Row(case=text, of="whole process", floor="`python -c pass`"), found[name], python)
    row = Row(case="oxyshell compare lrmo-peak-stress", of="whole process", floor=_WHOLE)
    if "peer" in found:
        yield _over(row, found["compare"], found["peer"])
    else:
        yield replace(row, seconds=found["compare"].seconds, unmeasured=_NO_PEER)


def line(quick: bool) -> Iterator[Row]:
    """In-process with everything compiled and set up, against PyBaMM at its cheapest and at equal error."""
    repeats = 30 if quick else 100
    warm, error, peer = _warm(repeats), _error(), _peer(quick)
    row = Row(
        case="1D", unknowns=warm["unknowns"], steps=warm["steps"], rejected=warm["rejected"],
        note=f"stress error {error:.1e}",
    )  # fmt: skip
    march = replace(row, seconds=warm["march_s"], of="warm march, nothing recorded")
    recorded = replace(row, seconds=warm["run_s"], of="warm run, stresses at every step")
    for ours, targets in ((march, ((1.3, 0.4), (0.7, 0.2))), (recorded, ((None, None), (None, None)))):
        for floor, name, (target, limit) in zip((_WARM, _EQUAL), ("cheapest", "equal"), targets, strict=True):
            judged = replace(ours, floor=floor, target=target, limit=limit)
            if not peer:
                yield replace(judged, unmeasured=_NO_PEER)
            elif not peer[name]:
                yield replace(judged, unmeasured="none of the tried meshes has so small an error")
            else:
                yield _against(judged, peer, name)
    for name, scenario in PAIR.items():
        outcome = process.run("worker", {"task": "particle", "repeats": repeats} | run_of(scenario))
        floors = outcome.found["floors"]
        yield step_row(f"1D {name}, warm", outcome, "6 stages in PETSc", floors["rosenbrock"])


def _against(row: Row, peer: dict[str, Any], name: str) -> Row:
    mesh = peer[name]
    note = (
        f"{row.note}; PyBaMM {mesh['cells']} cells, stretch {mesh['stretch']:g}, tolerance "
        f"{mesh['tolerance']:.0e}, stress error {mesh['error']:.1e}; "
        f"fine references differ by {peer['apart']:.1e}"
    )
    return replace(row, floor_seconds=mesh["warm_s"], note=note)


@functools.cache
def _has_figures_option() -> bool:
    import subprocess

    told = subprocess.run(
        [str(process.HERE.command), "run", "--help"], capture_output=True, text=True, check=True
    )
    return "--figures" in told.stdout


@functools.cache
def _problem() -> dict[str, Any]:
    return process.run("worker", {"task": "flux", **run_of(PRISTINE)}).found


@functools.cache
def _warm(repeats: int) -> dict[str, Any]:
    asked = {"task": "line", "times_s": _problem()["times_s"], "repeats": repeats}
    return process.run("worker", asked | run_of(PRISTINE)).found


@functools.cache
def _reference() -> list[float]:
    fine = {"numerics.elements.bulk": 24, "numerics.time_tolerance": 1e-6}
    asked = {"task": "line", "times_s": _problem()["times_s"]}
    stress: list[float] = process.run("worker", asked | run_of(PRISTINE, fine)).found["hoop_MPa"]
    return stress


def _error() -> float:
    """Largest error of oxyshell's stress at the surface, relative to the peak."""
    return largest_error(_warm(30)["hoop_MPa"], _reference())


@functools.cache
def _peer(quick: bool) -> dict[str, Any]:
    """PyBaMM's cheapest mesh and that of equal error; empty without PyBaMM."""
    if importlib.util.find_spec("pybamm") is None:
        return {}
    task = {"task": "best", "repeats": 10 if quick else 40, "equal": _error(), **_problem()}
    found = process.run("peers", task).found
    return found | {"apart": largest_error(found["reference_MPa"], _reference())}


def largest_error(values: list[float], reference: list[float]) -> float:
    """Largest difference over the largest value."""
    return max(abs(a - b) for a, b in zip(values, reference, strict=True)) / max(reference)
