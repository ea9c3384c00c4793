"""The command that shows the library of materials."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import say
from oxyshell.errors import InputError

if TYPE_CHECKING:
    from oxyshell.language.library import Source

_Material = Annotated[
    str | None,
    typer.Argument(metavar="MATERIAL", help="A name of the library, or a file of your own; all if absent."),
]
_WIDTH = 110


def materials(name: _Material = None, *, reporting: Reporting) -> None:
    """List the materials of the library, or show every value of one, with its source."""
    text = "\n".join(_list() if name is None else _one(_source(name)))
    if not reporting.quiet:
        say(text)


def _list() -> Iterable[str]:
    from oxyshell.language import library
    from oxyshell.scenario import material_report

    rows = [["material", "formula", *material_report.CARRIED]]
    for name in library.names():
        source = library.material(name)
        marks = ("no" if lacking else "yes" for lacking in material_report.missing(source).values())
        rows.append([name, str(source.document.data["formula"]), *marks])
    yield from _aligned(rows)
    yield ""
    yield "'oxyshell materials NAME' shows the values of one, and what it lacks."


def _one(source: Source) -> Iterable[str]:
    from oxyshell.scenario import material_report

    yield source.name
    yield from textwrap.wrap(material_report.about(source), _WIDTH)
    for value in material_report.values(source):
        yield ""
        text = f"{value.path}: {value.text}" + (f" ({value.status})" if value.status else "")
        yield from textwrap.wrap(text, _WIDTH, subsequent_indent="  ")
        doi = f" [doi {value.doi}]" if value.doi else ""
        yield from textwrap.wrap(value.source + doi, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield ""
    yield "Results that it carries"
    for line in material_report.carried_in_words(source):
        yield from textwrap.wrap(line, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _source(name: str) -> Source:
    from oxyshell.language import library
    from oxyshell.language.mistakes import Refusal

    if name in library.names():
        return library.material(name)
    # Of a file of one's own, mistakes are told before anything is shown.
    from oxyshell.scenario import material_file

    try:
        return material_file.given(name, Path.cwd())
    except Refusal as refusal:
        raise InputError(f"found {refusal.found}, expected {refusal.expected}") from None


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
