"""The command that reads protocols of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oxyshell import streams
from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import write

_Foreign = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON of aurora-unicycler, or experiment strings of PyBaMM.")
]
_Part = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="File to write in place of the terminal.")
]


def import_(file: _Foreign, *, out: _Part = None, reporting: Reporting) -> None:
    """Print another program's protocol as the key 'protocol' of a scenario."""
    from oxyshell.scenario.importing.reading import read_protocol

    text = read_protocol(file).to_yaml()
    if out is not None:
        write(out, text)
    elif not reporting.quiet:
        typer.echo(text, nl=False)
        streams.secure().check()
