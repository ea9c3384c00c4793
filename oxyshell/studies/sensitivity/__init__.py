"""Sensitivity analyses: parameters varied one at a time, and all together (Sobol' indices)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

if TYPE_CHECKING:
    from oxyshell.studies.sensitivity.file import Sensitivity


SENSITIVITY: StudyKind[Sensitivity] = StudyKind(
    FileKind("sensitivity", "a sensitivity analysis", "sensitivity", frozenset({"ranges"})),
    ("sensitivity.json", "sensitivity.csv"),
    "oxyshell.studies.sensitivity.file",
    ("tornado", "indices"),
)
