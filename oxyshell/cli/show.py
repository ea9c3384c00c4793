"""The command that prints the tables of results that are there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oxyshell.cli.printing import print_all

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run or a finished study.")]
_Steps = Annotated[bool, typer.Option("--steps", help="Of a run: the table of its steps instead.")]
_Cycles = Annotated[bool, typer.Option("--cycles", help="Of a run: the table of its cycles instead.")]


def show(folder: _Folder, *, steps: _Steps = False, cycles: _Cycles = False) -> None:
    """Print the tables of a finished run or study again, or how far an unfinished run came."""
    from oxyshell.studies import shown_again

    if steps or cycles:
        print_all(shown_again.tables(folder, steps, cycles))
    else:
        print_all(shown_again.report(folder))
