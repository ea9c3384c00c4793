"""Comparisons: calibrate some parameters, predict the rest, set it beside published values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

if TYPE_CHECKING:
    from oxyshell.studies.comparison.file import Comparison


COMPARISON: StudyKind[Comparison] = StudyKind(
    FileKind(
        "comparison",
        "a comparison",
        "compare",
        frozenset({"comparison"}),
        frozenset({"systems", "factorial"}),
    ),
    ("comparison.json",),
    "oxyshell.studies.comparison.file",
    ("comparison", "reported", "factorial"),
)
