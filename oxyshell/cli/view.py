"""The command that shows the fields of a run in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import say

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished run.")]
_Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The page, instead of DIR/view.html.")
]
_Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")]


def view(folder: _Folder, *, out: _Out = None, show: _Open = True, reporting: Reporting) -> None:
    """Show the fields of a run in the browser, from a page that is written for it. Needs the extra 'view'."""
    from oxyshell.reports import view as write

    page = write(folder, out)
    if not reporting.quiet:
        say(f"View in {page}")
    if show:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())
