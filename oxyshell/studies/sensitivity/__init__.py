"""Sensitivity analyses: parameters varied one at a time, and all together (Sobol' indices)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

if TYPE_CHECKING:
    from oxyshell.studies.engine.study_file import StudyFile
    from oxyshell.studies.sensitivity.file import Sensitivity


def _load() -> StudyFile[Sensitivity]:
    from oxyshell.studies.sensitivity.file import FILE

    return FILE


SENSITIVITY = StudyKind(
    FileKind("sensitivity", "a sensitivity analysis", "sensitivity", frozenset({"ranges"})),
    ("sensitivity.json", "sensitivity.csv", "tornado.png", "indices.png"),
    _load,
)
