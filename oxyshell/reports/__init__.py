"""Pages of finished runs and studies, each one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxyshell.reports.page import Page


def report(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the report of a finished run or study as one HTML page.

        import oxyshell.reports
        oxyshell.reports.report("results/lrmo-ru1")

    Args:
        folder: Folder of the run or of the study.
        out: The page; `report.html` in the folder by default.

    Returns:
        The page.

    Raises:
        InputError: If there are no finished results in the folder.
        OutputError: If a file cannot be read, or the disk refuses.
    """
    from oxyshell.filenames import REPORT
    from oxyshell.reports.of_folder import page_of

    return _written(page_of(Path(folder)), Path(out) if out is not None else Path(folder) / REPORT)


def view(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write a page with an interactive view of all scalar fields of a run, at up to six output times.

    Args:
        folder: The run folder; of a radial run a section of the particle is shown.
        out: The page; `view.html` in the folder by default.

    Returns:
        The page.

    Raises:
        InputError: If the run has no fields.
        OutputError: If a file cannot be read, or the disk refuses.
        OxyshellError: If the extra 'view' is not installed.
    """
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
