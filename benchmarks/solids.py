"""Discs and solids: steps against the algebra that they cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import process
from benchmarks.runs import PAIR, PRISTINE, RU1, changed, elements, multigrid, octant, run_of
from benchmarks.steps import step_row
from benchmarks.table import Row

_FLOOR = "1 CG iteration + 1 residual + 1 Jacobian"


def axisymmetric(quick: bool) -> Iterator[Row]:
    """The pair on a half disc of about 35 000 unknowns."""
    sizes = {"pristine": (40, 32), "Ru-1": (34, 30)}
    if quick:
        sizes = {"pristine": (20, 12), "Ru-1": (16, 10)}
    targets = {"pristine": 1.4, "Ru-1": 2.0}
    for name, scenario in PAIR.items():
        outcome = process.run("worker", {"task": "particle", **run_of(scenario, elements(2, *sizes[name]))})
        floors = outcome.found["floors"]
        both = floors["back_substitution"] + floors["occupancy_solve"]
        floor = "elastic solve + occupancy factorised and solved"
        yield step_row(f"axisymmetric {name}", outcome, floor, both, target=targets[name], limit=1)


def solid(quick: bool) -> Iterator[Row]:
    """Octants of uniform material with multigrid at three sizes, and one with the shell's thin layers."""
    cases = {
        f"3D octant, {n} elements along R": run_of(PRISTINE, multigrid(octant(n)))
        for n in ((12,) if quick else (12, 20, 28))
    }
    thin = (8, 6) if quick else (16, 12)
    cases["3D octant Ru-1, thin layers"] = run_of(RU1, multigrid(elements(3, *thin)))
    for name, run in cases.items():
        outcome = process.run("worker", {"task": "particle", **run})
        found = outcome.found
        kind = f"on {found['floors'].get('matrix', 'an unknown kind of matrix')}"
        yield step_row(name, outcome, _FLOOR, found["floors"]["step"], kind, target=3.0, limit=1)
        yield Row(
            case=name, of="CG iterations per step", measured=found["iterations"] / found["steps"], target=3,
            noise=0.0,
        )  # fmt: skip


def coupling(quick: bool) -> Iterator[Row]:
    """Cost of the coupling: a step with drift against one without."""
    n = 12 if quick else 20
    shell = (10, 8) if quick else (14, 12)
    for name, run, target in (
        ("uniform octant", run_of(PRISTINE, octant(n)), 1.2),
        ("graded octant", run_of(RU1, elements(3, *shell)), 2.2),
    ):
        run = changed(run, {"numerics.degree": 1})
        alone = process.run("worker", {"task": "particle", **changed(run, {"material.drift": "none"})}).found
        coupled = process.run("worker", {"task": "particle", **run})
        step, note = alone["run_s"] / alone["steps"], f"one-way {alone['steps']} steps"
        yield step_row(f"coupled, {name}", coupled, "one-way step", step, note, target=target)


def interfaces(quick: bool) -> Iterator[Row]:
    """Cost of an interface: a step with a layer that is a region against one with the same layer graded."""
    runs = {"1D": {}, "axisymmetric": elements(2, *((16, 10) if quick else (34, 30)))}
    runs |= {"octant": elements(3, *((8, 6) if quick else (14, 12))) | {"numerics.degree": 1}}
    for name, values in runs.items():
        count = (30 if quick else 70) if name == "1D" else 1
        task = {"task": "particle", "repeats": count}
        jobs = {
            profile: process.worker("worker", task | run_of(RU1, values | {"shell.profile": profile}))
            for profile in ("linear", "step")
        }
        both = process.in_turn(jobs, 1)
        graded = both["linear"].found
        step, note = graded["run_s"] / graded["steps"], f"graded {graded['steps']} steps"
        yield step_row(f"interface, {name}", both["step"], "step of a graded layer", step, note, target=1.3)
