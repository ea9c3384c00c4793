"""The command that draws figures of results that are there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import say
from oxyshell.errors import InputError
from oxyshell.figure_format import SUFFIXES, TWO_COLUMNS, FigureFormat, width_in_inches


class Drawn(StrEnum):
    """The formats in which the command draws."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished run or study.")]
_Format = Annotated[Drawn, typer.Option("--format", "--figures", help="Format of the figures.")]
_Width = Annotated[
    str, typer.Option(metavar="WIDTH", help="Width on paper: 7in (two columns), 3.4in or 86mm (one).")
]
_What = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Draw this quantity of a run: an array of its profiles, a column of its history, or 'stress'. "
        "May be repeated.",
    ),
]
_At = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PLACE",
        help="Draw profiles at the output nearest to a content extracted per formula unit (0.5) or to a time "
        "('2 h'). May be repeated.",
    ),
]
_Over = Annotated[
    str,
    typer.Option(
        metavar="AXIS",
        help="Draw profiles over depth or radius, columns of the history over time or content.",
    ),
]
_File = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="File for the quantities of --what.")
]
_ParaView = Annotated[
    bool,
    typer.Option("--paraview", help="Write paraview_state.py, which opens the fields of a run in ParaView."),
]


def plot(
    folder: _Folder,
    *,
    what: _What = None,
    at: _At = None,
    over: _Over = "",
    figures: _Format = Drawn.PNG,
    width: _Width = f"{TWO_COLUMNS:g}in",
    out: _File = None,
    paraview: _ParaView = False,
    reporting: Reporting,
) -> None:
    """Draw the figures of a finished run or study from its folder, or quantities of a run by name."""
    inches = width_in_inches(width)
    chosen = FigureFormat(figures.value)
    if paraview:
        told = _write_state(folder)
    elif what:
        told = _draw_asked(folder, what, at or [], over, chosen, inches, out)
    else:
        _refuse_without_names(at, over, out)
        from oxyshell.studies.drawing_again import draw_again

        draw_again(folder, chosen, inches)
        told = [f"Figures in {folder}"]
    if not reporting.quiet:
        say("\n".join(told))


def _write_state(folder: Path) -> list[str]:
    """Write the state script of a run; the lines that say how it is opened."""
    from oxyshell.outputs import read_run
    from oxyshell.outputs.paraview import write_state

    script = write_state(read_run(folder))
    return [
        f"State of ParaView in {script.path}; displacements are drawn {script.warp:g} times larger",
        f"Open it by File > Load State, or by: paraview --script={script.path}",
    ]


def _draw_asked(
    folder: Path,
    what: list[str],
    at: list[str],
    over: str,
    figures: FigureFormat,
    width: float,
    out: Path | None,
) -> list[str]:
    """Draw quantities of a run into a file; the lines that say which file, and which outputs."""
    if out is not None and out.suffix not in SUFFIXES:
        raise InputError(f"found the file '{out}', expected one that ends in {', '.join(SUFFIXES)}")
    from oxyshell.drawing.style import save
    from oxyshell.running.asked import asked
    from oxyshell.running.reading import read_run

    found = asked(read_run(folder), what, at, over)
    file = out or folder / "figures" / f"{'-'.join(found.names)}{figures.suffixes[0]}"
    save(found.figure(width), file)
    return [*found.told, f"Figure in {file}"]


def _refuse_without_names(at: list[str] | None, over: str, out: Path | None) -> None:
    given = {"--at": at, "--over": over, "--out": out}
    if alone := [name for name, value in given.items() if value]:
        raise InputError(
            f"found {', '.join(alone)} without --what, expected the quantity that is drawn there"
        )
