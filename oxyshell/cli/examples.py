"""The command that lists the shipped scenarios and studies, or copies them."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import print_all, say

_Target = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="Folder that they are copied into; without it, a list.")
]


def examples(target: _Target = None, *, reporting: Reporting) -> None:
    """List the scenarios and studies that come with oxyshell, or copy them into a folder."""
    from oxyshell.presentation.table import Table
    from oxyshell.studies import examples as known

    if target is not None:
        copied = known.copy(target)
        if not reporting.quiet:
            say(f"{len(copied)} files in {target}; next: oxyshell run {target / 'lrmo-ru1.yaml'}")
        return
    if reporting.quiet:
        return
    for command, group in groupby(known.examples(), key=lambda one: one.command):
        rows = [[one.name, one.title] for one in group]
        print_all([Table(f"oxyshell {command} NAME", ["name", "title"], rows)])
    say("'oxyshell examples DIR' copies the files into a folder, to change them there.")
