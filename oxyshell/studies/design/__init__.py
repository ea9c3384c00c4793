"""Design studies: Pareto-optimal designs, and the verdict on a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

if TYPE_CHECKING:
    from oxyshell.studies.design.file import Design


DESIGN: StudyKind[Design] = StudyKind(
    FileKind(
        "design",
        "a design study",
        "optimise",
        frozenset({"design", "objectives"}),
        frozenset({"variables", "reference"}),
    ),
    ("design.json", "front.csv"),
    "oxyshell.studies.design.file",
    ("front",),
)
