"""Cost of oxygen, and files that the form compiler writes when numbers change."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks import process
from benchmarks.runs import CHARGE, RU1, SHELL, Run, changed, elements, run_of
from benchmarks.table import Row


def oxygen(quick: bool) -> Iterator[Row]:
    """Cost of oxygen on a charge, and 40 minutes of oxygen alone, step by step."""
    repeats = 5 if quick else 20
    charges = {"1D": {}, "axisymmetric": elements(2, *((16, 10) if quick else (34, 30)))}
    charges |= {} if quick else {"octant": elements(3, 8, 6)}
    for name, values in charges.items():
        repeated = {"repeats": repeats if name == "1D" else 1}
        run = run_of(CHARGE, values)
        jobs = {
            "alone": process.worker(
                "worker", {"task": "particle", **repeated, **changed(run, {"oxygen": None})}
            ),
            "oxygen": process.worker("worker", {"task": "oxygen", **repeated, **run}),
        }
        both = process.in_turn(jobs, 1)
        found, ions = both["oxygen"].found, both["alone"].found
        yield Row(
            case=f"charge with oxygen, {name}", seconds=found["run_s"], of="run",
            unknowns=found["unknowns"] + found["oxygen_unknowns"], steps=found["steps"],
            rejected=found["rejected"], floor="the same charge without", floor_seconds=ions["run_s"],
            megabytes=both["oxygen"].megabytes, target=1.6, limit=1.3,
            note=f"without: {ions['steps']} steps; {found['oxygen_steps']} steps of oxygen, "
            f"{_percent(found, 'oxygen_s')} of the run",
        )  # fmt: skip
    stays = {"1D": {}, "axisymmetric": elements(2, 16, 10)} | ({} if quick else {"octant": elements(3, 8, 6)})
    for name, values in stays.items():
        task = {"task": "oxygen", "repeats": repeats if name == "1D" else 1}
        outcome = process.run("worker", task | run_of(SHELL, values))
        found = outcome.found
        yield Row(
            case=f"40 min under a shell, {name}", seconds=found["oxygen_s"] / found["oxygen_steps"],
            of="step of oxygen", unknowns=found["oxygen_unknowns"], steps=found["oxygen_steps"],
            rejected=found["oxygen_rejected"], floor="6 stages in PETSc",
            floor_seconds=found["floors"]["stages"], megabytes=outcome.megabytes,
            note=f"{_percent(found, 'oxygen_s')} of a run of {found['run_s']:.2g} s; beside it "
            f"{found['steps']} steps of ions at rest",
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
        before = run_of(RU1, elements(dimension, bulk, tangential))
        yield from _compiled(
            f"{len(changes)} parameters changed, {dimension}D", before, [changed(before, changes)]
        )


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
        {"oxygen.surface.monolayers": 2, "oxygen.surface.coverage": 0.9},
        {"oxygen.surface.adsorption.energy": "-0.484 eV"},
        {"oxygen.initial": 7000, "oxygen.diffusivity": "1e-18 m^2/s"},
    ]
    for dimension, bulk, tangential in ((1, 8, 1),) + (() if quick else ((2, 8, 4), (3, 6, 4))):
        before = run_of(SHELL, elements(dimension, bulk, tangential))
        after = [changed(before, change) for change in changes]
        yield from _compiled(f"{len(after)} changes of the oxygen, {dimension}D", before, after)


def _compiled(case: str, before: Run, after: list[Run]) -> Iterator[Row]:
    """New files in a cache that only these runs have filled, so that no earlier compilation hides them."""
    with tempfile.TemporaryDirectory() as cache:
        task = {"task": "parameters", "before": before, "after": after}
        found = process.run("worker", task, more={"XDG_CACHE_HOME": cache}).found
    note = f"{found['files_before']} files before"
    counts = {"newly compiled files": "new_files", "newly compiled files, set up again unchanged": "again"}
    for of, name in counts.items():
        yield Row(case=case, of=of, measured=found[name], target=0, noise=0.0, note=note)


def _percent(found: Mapping[str, Any], name: str) -> str:
    return f"{100 * found[name] / found['run_s']:.0f} %"
