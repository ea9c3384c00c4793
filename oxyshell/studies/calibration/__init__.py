"""Calibrations: parameters that are adjusted to targets, and how well the targets determine them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind
from oxyshell.studies.engine.study_kind import StudyKind

if TYPE_CHECKING:
    from oxyshell.studies.calibration.file import Calibration


CALIBRATION: StudyKind[Calibration] = StudyKind(
    FileKind("calibration", "a calibration", "calibrate", frozenset({"targets", "parameters"})),
    ("calibration.json",),
    "oxyshell.studies.calibration.file",
    ("valleys",),
)
