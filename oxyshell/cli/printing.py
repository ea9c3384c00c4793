"""Text for the terminal, and text files at a path that the user gave."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from oxyshell.printable import printable_lines

if TYPE_CHECKING:
    from oxyshell.presentation.table import Table

_WIDTH = 80
"""Columns where neither a terminal nor the environment says how many there are."""


def say(text: str, err: bool = False) -> None:
    """Print a text, with what could control a terminal escaped."""
    typer.echo(printable_lines(text), err=err)


def print_all(parts: Iterable[Table | str]) -> None:
    """Print texts and tables in turn, at the width of the terminal; through a pipe at that of COLUMNS."""
    from oxyshell.presentation.document import lines_of

    for line in lines_of(parts, width()):
        typer.echo(line)


def width() -> int:
    """Columns of the terminal; off a terminal those of the environment's COLUMNS, otherwise 80."""
    if sys.stdout.isatty():
        try:
            return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDTH
        except OSError:
            return _WIDTH
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) > 0 else _WIDTH


def write(path: Path, text: str) -> None:
    """Write a text file and the folders above it.

    Raises:
        OutputError: If the disk refuses.
    """
    from oxyshell.outputs import disk

    with disk.errors_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_text(path, text)
