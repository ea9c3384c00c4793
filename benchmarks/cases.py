"""The measurements. Every case yields its rows one by one; targets are those of README.md."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from benchmarks import process
from benchmarks.cycling import cycling
from benchmarks.sweeps import sweeps
from benchmarks.table import Row

Case = Callable[[bool], Iterator[Row]]
_PRISTINE, _RU1 = "lrmo-pristine", "lrmo-ru1"
_PAIR = {"pristine": _PRISTINE, "Ru-1": _RU1}
_CHARGE, _SHELL = "lrmo-charge-with-oxygen", "lrmo-oxygen-ru1"


def _run(scenario: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"scenario": scenario, "values": dict(values or {})}


def _elements(dimension: int, bulk: int, tangential: int, **more: Any) -> dict[str, Any]:
    elements = {"bulk": bulk, "tangential": tangential, **more}
    return {"particle.dimension": dimension} | {f"numerics.elements.{k}": v for k, v in elements.items()}


def _octant(elements: int) -> dict[str, Any]:
    """A uniform octant whose elements are nearly isotropic."""
    return _elements(3, elements, elements, surface_size=1 / elements)


def line(quick: bool) -> Iterator[Row]:
    """The radial line against PyBaMM: whole processes, and in-process with everything warm."""
    repeats = 3 if quick else 7
    problem = process.run("worker", {"task": "flux", **_run(_PRISTINE)}).found
    asked = {"task": "line", "times_s": problem["times_s"]}
    fine = {"numerics.elements.bulk": 24, "numerics.time_tolerance": 1e-6}
    reference = process.run("worker", asked | {"scenario": _PRISTINE, "values": fine}).found["hoop_MPa"]
    warm = process.run("worker", asked | _run(_PRISTINE) | {"repeats": 10 * repeats}).found
    error = _largest_error(warm["hoop_MPa"], reference)
    whole = process.run("worker", {"task": "whole", "runs": [_run(_PRISTINE)]}, repeats)
    solved = Row(
        case="1D pristine", unknowns=warm["unknowns"], steps=warm["steps"], rejected=warm["rejected"],
        floor="PyBaMM: not installed", note=f"stress error {error:.1e}",
    )  # fmt: skip
    ours = replace(solved, seconds=whole.seconds, of="whole process", megabytes=whole.megabytes)
    march = replace(solved, seconds=warm["march_s"], of="warm run, nothing recorded")
    recorded = replace(solved, seconds=warm["run_s"], of="warm run, stresses at every step")
    if importlib.util.find_spec("pybamm") is not None:
        peer = process.run("peers", {"task": "best", **problem}).found
        apart = _largest_error(peer["reference_MPa"], reference)
        peer_whole = process.run("peers", {"task": "whole", **problem, **peer}, repeats)
        mesh = f"PyBaMM IDAKLU, {peer['cells']} cells, stress error {peer['error']:.1e}"
        note = f"{solved.note}; PyBaMM {peer_whole.megabytes:.0f} MB; fine references differ by {apart:.1e}"
        ours = replace(ours, floor=mesh, floor_seconds=peer_whole.seconds, target=0.35, note=note)
        march = replace(march, floor=mesh, floor_seconds=peer["warm_s"], target=1.5)
        recorded = replace(recorded, floor=mesh, floor_seconds=peer["warm_s"])
    yield from (ours, march, recorded)
    pair = process.run("worker", {"task": "whole", "runs": [_run(name) for name in _PAIR.values()]}, repeats)
    yield Row(
        case="1D pristine + Ru-1", seconds=pair.seconds, of="whole process",
        steps=sum(pair.found["steps"]), megabytes=pair.megabytes,
    )  # fmt: skip
    for name, scenario in _PAIR.items():
        outcome = process.run("worker", {"task": "particle", "repeats": 10 * repeats} | _run(scenario))
        yield _steps(f"1D {name}, warm", outcome, "6 stages in PETSc", outcome.found["floors"]["rosenbrock"])


def axisymmetric(quick: bool) -> Iterator[Row]:
    """The pair on a half disc of about 35 000 unknowns."""
    sizes = {"pristine": (40, 32), "Ru-1": (34, 30)}
    if quick:
        sizes = {"pristine": (20, 12), "Ru-1": (16, 10)}
    for name, scenario in _PAIR.items():
        outcome = process.run("worker", {"task": "particle", **_run(scenario, _elements(2, *sizes[name]))})
        floors = outcome.found["floors"]
        solve = floors["back_substitution"]
        label = f"axisymmetric {name}"
        yield _steps(label, outcome, "one MUMPS solve (displacement, factorised once)", solve, 1.6)
        both = solve + floors["occupancy_solve"]
        yield _steps(label, outcome, "the same + one MUMPS solve of the occupancy, with factorisation", both)


def solid(quick: bool) -> Iterator[Row]:
    """Octants of uniform material with multigrid at three sizes, and one with the shell's thin layers."""
    sizes = (12,) if quick else (12, 28, 48)
    cases = {f"3D octant, {n} elements along R": _run(_PRISTINE, _octant(n)) for n in sizes}
    thin = (8, 6) if quick else (16, 12)
    cases |= {"3D octant Ru-1, thin layers": _run(_RU1, _elements(3, *thin))}
    for name, run in cases.items():
        run["values"] |= {"numerics.linear_solver": "multigrid", "numerics.degree": 1}
        outcome = process.run("worker", {"task": "particle", **run})
        found = outcome.found
        floor = "1 CG iteration + 1 occupancy residual + 1 Jacobian"
        yield _steps(name, outcome, floor, found["floors"]["step"], 2.5)
        yield Row(
            case=name, of="CG iterations per step", measured=found["iterations"] / found["steps"], target=3
        )


def coupling(quick: bool) -> Iterator[Row]:
    """Cost of the coupling: a step with drift against one without."""
    n = 12 if quick else 20
    shell = (10, 8) if quick else (14, 12)
    for name, run, target in (
        ("uniform octant", _run(_PRISTINE, _octant(n)), 1.2),
        ("graded octant", _run(_RU1, _elements(3, *shell)), 2.2),
    ):
        run = _with(run, {"numerics.degree": 1})
        alone = process.run("worker", {"task": "particle", **_with(run, {"material.drift": "none"})}).found
        coupled = process.run("worker", {"task": "particle", **run})
        floor = f"one-way step ({alone['steps']} steps)"
        yield _steps(f"coupled, {name}", coupled, floor, alone["run_s"] / alone["steps"], target)


def interfaces(quick: bool) -> Iterator[Row]:
    """Cost of an interface: a step with a layer that is a region against one with the same layer graded."""
    runs = {"1D": {}, "axisymmetric": _elements(2, *((16, 10) if quick else (34, 30)))}
    runs |= {"octant": _elements(3, *((8, 6) if quick else (14, 12))) | {"numerics.degree": 1}}
    for name, elements in runs.items():
        count = (30 if quick else 70) if name == "1D" else 1
        tasks = {
            profile: {"task": "particle", "repeats": count}
            | _run(_RU1, elements | {"shell.profile": profile})
            for profile in ("linear", "step")
        }
        graded = process.run("worker", tasks["linear"]).found
        floor = f"step of a graded layer ({graded['steps']} steps)"
        sharp = process.run("worker", tasks["step"])
        yield _steps(f"interface, {name}", sharp, floor, graded["run_s"] / graded["steps"], 1.3)


def oxygen(quick: bool) -> Iterator[Row]:
    """Cost of oxygen on a charge, and 40 minutes of oxygen alone, step by step."""
    repeats = 5 if quick else 20
    charges = {"1D": {}, "axisymmetric": _elements(2, *((16, 10) if quick else (34, 30)))}
    charges |= {} if quick else {"octant": _elements(3, 8, 6)}
    for name, elements in charges.items():
        count = repeats if name == "1D" else 1
        run = _run(_CHARGE, elements)
        alone = process.run("worker", {"task": "particle", "repeats": count} | _with(run, {"oxygen": None}))
        outcome = process.run("worker", {"task": "oxygen", "repeats": count} | run)
        found, ions = outcome.found, alone.found
        yield Row(
            case=f"charge with oxygen, {name}", seconds=found["run_s"], of="run",
            unknowns=found["unknowns"] + found["oxygen_unknowns"], steps=found["steps"],
            rejected=found["rejected"], floor=f"the same charge without ({ions['steps']} steps)",
            floor_seconds=ions["run_s"], megabytes=outcome.megabytes,
            note=f"{found['oxygen_steps']} steps of oxygen, {_percent(found, 'oxygen_s')} of the run",
        )  # fmt: skip
    stays = {"1D": {}, "axisymmetric": _elements(2, 16, 10), "octant": _elements(3, 8, 6)}
    for name, elements in stays.items():
        count = repeats if name == "1D" else 1
        outcome = process.run("worker", {"task": "oxygen", "repeats": count} | _run(_SHELL, elements))
        found = outcome.found
        shares = f"{_percent(found, 'oxygen_s')} of a run of {found['run_s']:.2g} s"
        yield Row(
            case=f"40 min under a shell, {name}", seconds=found["oxygen_s"] / found["oxygen_steps"],
            of="step of oxygen", unknowns=found["oxygen_unknowns"], steps=found["oxygen_steps"],
            rejected=found["oxygen_rejected"], floor="6 stages in PETSc",
            floor_seconds=found["floors"]["stages"], megabytes=outcome.megabytes,
            note=f"{shares}; beside it {found['steps']} steps of ions at rest",
        )  # fmt: skip


def parameters(quick: bool) -> Iterator[Row]:
    """Files that the form compiler writes when parameters change."""
    changes = {
        "particle.radius": "201 nm",
        "material.diffusivity": "1.7e-19 m^2/s",
        "material.elasticity.young_modulus": "171 GPa",
        "material.chemical_strain.volume_change": "2.7 %",
        "shell.thickness": "5 nm",
        "shell.deficiency": 0.21,
        "protocol.0.charge.rate": "0.2 C",
        "temperature": "310 K",
    }
    for dimension, bulk, tangential in ((1, 8, 1), (2, 8, 4)) + (() if quick else ((3, 6, 4),)):
        before = _run(_RU1, _elements(dimension, bulk, tangential))
        yield _compiled(f"{len(changes)} parameters changed, {dimension}D", before, [_with(before, changes)])


def laws(quick: bool) -> Iterator[Row]:
    """Files that the form compiler writes when the oxygen's surface law and its numbers change."""
    transfer = {"biot": 900}
    others: tuple[dict[str, Any], ...] = (
        {"law": "open", "transfer": transfer},
        {"law": "sealed"},
        {"law": "fixed", "content": 100.0},
        {"law": "barrier", "transfer": transfer, "thickness": "1 nm", "diffusivity": "1e-21 m^2/s"},
    )
    changes: list[dict[str, Any]] = [{"oxygen.surface": law} for law in others]
    changes += [
        {"oxygen.surface.layers": 2, "oxygen.surface.coverage": 0.9},
        {"oxygen.surface.adsorption.energy": "-0.484 eV"},
        {"oxygen.initial": 7000, "oxygen.diffusivity": "1e-18 m^2/s"},
    ]
    for dimension, bulk, tangential in ((1, 8, 1),) + (() if quick else ((2, 8, 4), (3, 6, 4))):
        before = _run(_SHELL, _elements(dimension, bulk, tangential))
        after = [_with(before, change) for change in changes]
        yield _compiled(f"{len(after)} changes of the oxygen, {dimension}D", before, after)


CASES: Mapping[str, Case] = {
    "line": line,
    "axisymmetric": axisymmetric,
    "solid": solid,
    "coupling": coupling,
    "interfaces": interfaces,
    "oxygen": oxygen,
    "parameters": parameters,
    "laws": laws,
    "cycling": cycling,
    "sweeps": sweeps,
}


def _compiled(case: str, before: dict[str, Any], after: list[dict[str, Any]]) -> Row:
    """New files in a cache that only these runs have filled, so that no earlier compilation hides them."""
    with tempfile.TemporaryDirectory() as cache:
        task = {"task": "parameters", "before": before, "after": after}
        found = process.run("worker", task, more={"XDG_CACHE_HOME": cache}).found
    return Row(
        case=case, of="newly compiled files", measured=found["new_files"], target=0,
        note=f"{found['files_before']} files before",
    )  # fmt: skip


def _percent(found: Mapping[str, Any], name: str) -> str:
    return f"{100 * found[name] / found['run_s']:.0f} %"


def _with(run: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return run | {"values": run["values"] | changes}


def _steps(
    case: str, outcome: process.Outcome, floor: str, floor_seconds: float, target: float | None = None
) -> Row:
    """Seconds per accepted step, stresses and balance of every step included."""
    found = outcome.found
    solving = 100 * found["attempts_s"] / found["run_s"]
    return Row(
        case=case, seconds=found["run_s"] / found["steps"], of="step",
        unknowns=found["unknowns"], steps=found["steps"], rejected=found["rejected"],
        floor=floor, floor_seconds=floor_seconds, target=target, megabytes=outcome.megabytes,
        note=f"{solving:.0f} % of it solving; process {outcome.seconds:.1f} s",
    )  # fmt: skip


def _largest_error(values: list[float], reference: list[float]) -> float:
    return max(abs(a - b) for a, b in zip(values, reference, strict=True)) / max(reference)
