"""Pages of finished runs and studies, each one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxyshell.reports.page import Page


def report(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the report of the finished run or study in a folder; see `oxyshell.report`."""
    from oxyshell.filenames import REPORT
    from oxyshell.reports.of_folder import page_of

    return _written(page_of(Path(folder)), Path(out) if out is not None else Path(folder) / REPORT)


def view(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write a page with all scalar fields of a run, at up to six output times; see `oxyshell.view`."""
    from oxyshell.filenames import VIEW
    from oxyshell.reports.view_page import page

    return _written(page(Path(folder)), Path(out) if out is not None else Path(folder) / VIEW)


def _written(page: Page, path: Path) -> Path:
    from oxyshell.outputs import disk

    text = page.html()
    with disk.errors_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_text(path, text)
    return path
