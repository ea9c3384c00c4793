"""File and run of a refinement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from oxyshell.language.mistakes import Refusal
from oxyshell.language.sections import Section, Text
from oxyshell.outputs import disk
from oxyshell.presentation.table import Table
from oxyshell.studies import held_results
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.ensemble import Ensemble
from oxyshell.studies.engine.ensemble_runner import run_ensemble
from oxyshell.studies.engine.points import resolve as resolve_points
from oxyshell.studies.engine.references import References
from oxyshell.studies.engine.study_file import StudyFile, StudyRun
from oxyshell.studies.engine.tables import Column, heading

from .kind import REFINEMENT


class RefinementFile(Section):
    """A scenario with finer and finer numerics."""

    refinement: Text
    """Title."""
    scenario: Text
    """Scenario file, relative to this file."""
    steps: Annotated[list[dict[str, Any]], Field(min_length=2)]
    """Values by path, from coarse to fine."""
    quantity: Text
    """Path into the summary, or a reduction such as "max of history.surface_hoop_MPa"."""


@dataclass(frozen=True, kw_only=True)
class Refinement(Ensemble):
    """A refinement."""


def resolve(file: RefinementFile, references: References) -> Refinement:
    """The study of a file; mistakes are raised at their lines, nothing has run by then."""
    scenario = references.scenario(file.scenario)
    for index, changes in enumerate(file.steps):
        references.with_changes_checked(scenario, changes, "steps", index)
    interests = []
    try:
        interests.append(quantities.read(file.quantity))
    except Refusal as refusal:
        references.refuse(refusal.found, refusal.expected, "quantity")
    references.check()
    return Refinement(
        name=file.refinement,
        about="",
        base=scenario,
        points=resolve_points(scenario, file.steps),
        interests=interests,
        content=file.to_data(),
    )


def run(study: Refinement, circumstances: StudyRun) -> Iterator[str | Table]:
    """Run it, or what is left of it, and report."""
    out = circumstances.out
    held_results.claim(out, REFINEMENT, study.name, circumstances.overwrite)
    found = run_ensemble(
        study, out, circumstances.executor_for, None, circumstances.retry, circumstances.progress
    )
    (column,) = found.quantities
    values = [float(value) for value in column.values]
    away = [value - values[-1] for value in values]
    content = {"refinement": study.name, "quantity": column.name, "values": values, "from_finest": away}
    disk.replace_text(out / "refinement.json", json.dumps(content, indent=2) + "\n")
    columns = [*found.parameters, column, Column("from the finest", column.unit, away)]
    rows = [tuple(one.text(index) for one in columns) for index in range(len(found))]
    yield Table(study.name, tuple(map(heading, columns)), rows)
    yield f"Results in {out}: refinement.json"


FILE = StudyFile(RefinementFile, resolve, run)
