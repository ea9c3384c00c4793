"""Pictures of a sweep: those on its page."""

from __future__ import annotations

from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.study_page import write_page


def draw(study: Study, suffix: str, width: float = TWO_COLUMNS) -> None:
    """Write the page of a sweep with its pictures in it, which are PNG whatever the format of files.

    Raises:
        OutputError: If the disk refuses.
    """
    assert study.path is not None
    write_page(study, study.path)
