"""Text for the terminal, and text files at a path that the user gave."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from oxyshell.printable import printable_lines


def say(text: str, err: bool = False) -> None:
    """Print a text, with what could control a terminal escaped."""
    typer.echo(printable_lines(text), err=err)


def print_all(parts: Iterable[object]) -> None:
    """Print texts and tables in turn."""
    from rich.console import Console

    # Off a terminal a table is not squeezed into 80 columns.
    console = Console(width=None if sys.stdout.isatty() else 150, markup=False, emoji=False, highlight=False)
    for part in parts:
        console.print(printable_lines(part) if isinstance(part, str) else part)


def write(path: Path, text: str) -> None:
    """Write a text file and the folders above it.

    Raises:
        OutputError: If the disk refuses.
    """
    from oxyshell.outputs import disk

    with disk.errors_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_text(path, text)
