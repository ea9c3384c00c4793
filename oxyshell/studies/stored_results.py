"""Results of finished studies, read back from their folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oxyshell.errors import InputError
from oxyshell.studies.engine.study_kind import StudyKind
from oxyshell.studies.registry import studies


def kind_in(folder: Path) -> StudyKind[Any] | None:
    """The kind of the study in a folder; None if there is none."""
    # Runs of an analysis are a study as well: the first of the list is what the folder is about.
    return next((kind for kind in studies() if (folder / kind.results[0]).is_file()), None)


def read_study(folder: Path) -> Any:
    """The result of the study in a folder.

    Raises:
        InputError: If there is no finished study, or a calibration.
        OutputError: If a file cannot be read.
    """
    found = kind_in(folder)
    if found is None:
        raise InputError(f"found no finished study in {folder}, expected the folder of one")
    return found.stored(folder)
