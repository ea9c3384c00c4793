"""The kind of file of a refinement; it imports nothing heavy."""

from __future__ import annotations

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

REFINEMENT = StudyKind(
    FileKind("refinement", "a refinement", "study", frozenset({"refinement"})),
    results=("refinement.json", "study.h5", "study.csv"),
    module="refinement.study",
)
