"""A sweep, read back from its folder."""

from __future__ import annotations

from pathlib import Path

from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.study import Study


def read(folder: Path) -> Study:
    """The study in a folder.

    Raises:
        OutputError: If it cannot be read.
    """
    return study_store.read(folder)
