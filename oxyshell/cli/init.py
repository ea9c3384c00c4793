"""The command that writes a scenario to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import say

_New = Annotated[Path, typer.Argument(metavar="FILE", help="The new file, such as my-particle.yaml.")]
_Material = Annotated[
    str, typer.Option("--from", metavar="MATERIAL", help="A material of the library; 'materials' lists them.")
]


def init(file: _New, *, material: _Material = "NMC811", reporting: Reporting) -> None:
    """Write a commented scenario that runs as it is."""
    from oxyshell.scenario import template

    template.write(file, material)
    if not reporting.quiet:
        say(f"{file} written; next: oxyshell run {file}")
