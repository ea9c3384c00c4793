"""The page of whatever finished results a folder holds."""

from __future__ import annotations

from pathlib import Path

from oxyshell.reports import run_page, study_page
from oxyshell.reports.page import Page
from oxyshell.running.overwrite_protection import holds_run
from oxyshell.studies.registry import study_in


def page_of(folder: Path) -> Page:
    """The page of a finished run or study.

    Args:
        folder: Its folder.

    Raises:
        InputError: If there are no finished results in it.
        OutputError: If a file cannot be read.
    """
    if holds_run(folder):
        return run_page.page(folder)
    return study_page.page(folder, study_in(folder))
