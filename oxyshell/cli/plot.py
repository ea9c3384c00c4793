"""The command that draws figures of results that are there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import say
from oxyshell.errors import InputError
from oxyshell.figure_format import FigureFormat

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished run or study.")]
_Format = Annotated[FigureFormat, typer.Option("--figures", "--format", help="Format of the figures.")]


def plot(folder: _Folder, *, figures: _Format = FigureFormat.PNG, reporting: Reporting) -> None:
    """Draw the figures of a finished run or study from its folder."""
    if not figures.suffixes:
        raise InputError("found the figures 'none', expected png, svg or pdf")
    from oxyshell.studies.drawing_again import draw_again

    draw_again(folder, figures)
    if not reporting.quiet:
        say(f"Figures in {folder}")
