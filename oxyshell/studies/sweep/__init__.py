"""Sweeps: one scenario over many points, on this machine or on a cluster, resumable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

if TYPE_CHECKING:
    from oxyshell.studies.sweep.file import Sweep


EFFECTS = tuple(f"effect_{number}" for number in range(1, 5))
"""Names of the figures: at most four pairs of a quantity and a parameter."""

SWEEP: StudyKind[Sweep] = StudyKind(
    FileKind("sweep", "a sweep", "sweep", frozenset({"sweep", "over"}), frozenset({"plan"})),
    ("study.h5", "study.csv"),
    "oxyshell.studies.sweep.file",
    EFFECTS,
)
