"""The octant of oxyshell's default discretisation against other finite-element libraries, whole processes."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import process
from benchmarks.line import largest_error
from benchmarks.runs import PRISTINE, octant, run_of
from benchmarks.table import Row

# Module, what has to be installed, name, target.
_LIBRARIES = (
    ("in_skfem", ("skfem", "pyamg"), "scikit-fem", 0.4),
    ("in_ngsolve", ("ngsolve",), "NGSolve", 0.6),
)
# By how much stresses at the surface may differ, relative to the peak: P1 and P2 on such meshes err by half
# of it each, in different directions, since stresses are taken to the surface in different ways.
_APART, _ELEMENTS = 2.5e-3, 24


def peers_in_3d(quick: bool) -> Iterator[Row]:
    """The same charge on the same mesh with the same time steps: ions, drift by stress, equilibrium."""
    # 16 elements along the radius are 20 604 unknowns, 24 are 65 400.
    count = 16 if quick else _ELEMENTS
    # Of second order.
    allowed = _APART * (_ELEMENTS / count) ** 2
    with tempfile.TemporaryDirectory() as folder:
        mesh = str(Path(folder) / "octant.npz")
        run = run_of(PRISTINE, octant(count))
        task = process.run("worker", {"task": "octant", "elements": count, "mesh": mesh, **run}).found
        jobs = {"oxyshell": process.worker("worker", {"task": "whole", "runs": [run]})}
        for module, needs, name, _ in _LIBRARIES:
            if all(importlib.util.find_spec(one) for one in needs):
                jobs[name] = process.worker("octant", task | {"library": module, "mesh": mesh})
        found = process.in_turn(jobs, 1)
    ours = found["oxyshell"]
    for _, needs, name, target in _LIBRARIES:
        row = Row(case="3D octant", of="whole process without files", floor=name)
        if name not in found:
            lacking = f"{' and '.join(needs)} are not installed (the extra `peers`)"
            yield Row(case=row.case, of=row.of, floor=name, target=target, unmeasured=lacking)
            continue
        theirs = found[name]
        apart = largest_error(theirs.found["hoop_MPa"], task["hoop_MPa"])
        agree = f"stresses at the surface differ by {apart:.1e} of the peak"
        yield Row(
            case=row.case, of=row.of, floor=name, target=target, seconds=ours.seconds,
            floor_seconds=theirs.seconds, unknowns=task["unknowns"], steps=len(task["times"]) - 1,
            megabytes=ours.megabytes, unmeasured="" if apart <= allowed else f"no equals: {agree}",
            note=f"{agree}; {name} {theirs.megabytes:.0f} MB, set-up {theirs.found['set_up_s']:.1f} s, march "
            f"{theirs.found['march_s']:.1f} s",
        )  # fmt: skip
