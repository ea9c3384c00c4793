"""Sweeps: one scenario over many points, on this machine or on a cluster, resumable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

if TYPE_CHECKING:
    from oxyshell.studies.sweep.file import Sweep


SWEEP: StudyKind[Sweep] = StudyKind(
    FileKind("sweep", "a sweep", "sweep", frozenset({"sweep", "over"}), frozenset({"plan"})),
    ("study.h5", "study.csv", "study.html"),
    "oxyshell.studies.sweep.file",
)
