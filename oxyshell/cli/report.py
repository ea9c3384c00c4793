"""The command that makes one page of finished results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import say

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished run or study.")]
_Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The page, instead of DIR/report.html.")
]


def report(folder: _Folder, *, out: _Out = None, reporting: Reporting) -> None:
    """Write one HTML page of a finished run or study: tables, figures, sources of all numbers."""
    from oxyshell.reports import report as write

    page = write(folder, out)
    if not reporting.quiet:
        say(f"Report in {page}")
