"""The command that shows the library of materials."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import print_all
from oxyshell.errors import InputError

if TYPE_CHECKING:
    from oxyshell.language.library import Source
    from oxyshell.presentation.table import Table

_Material = Annotated[
    str | None,
    typer.Argument(metavar="MATERIAL", help="A name of the library, or a file of your own; all if absent."),
]


def materials(name: _Material = None, *, reporting: Reporting) -> None:
    """List the materials of the library, or show every value of one, with its source."""
    parts = list(_list() if name is None else _one(_source(name)))
    if not reporting.quiet:
        print_all(parts)


def _list() -> Iterable[Table | str]:
    from oxyshell.language import library
    from oxyshell.presentation.table import Table
    from oxyshell.scenario import material_report

    rows = []
    for name in library.names():
        source = library.material(name)
        marks = ("no" if lacking else "yes" for lacking in material_report.missing(source).values())
        rows.append([name, str(source.document.data["formula"]), *marks])
    yield Table("", ["material", "formula", *material_report.CARRIED], rows)
    yield "'oxyshell materials NAME' shows the values of one, and what it lacks."


def _one(source: Source) -> Iterable[str]:
    from oxyshell.scenario import material_report

    yield material_report.title(source)
    if about := material_report.about(source):
        yield about
    for value in material_report.values(source):
        yield ""
        yield f"{value.path}: {value.shown}" + (f" ({value.status})" if value.status else "")
        doi = f" [doi {value.doi}]" if value.doi else ""
        if value.source or doi:
            yield f"  {value.source}{doi}"
    yield ""
    yield "Results that it carries"
    yield from (f"  {line}" for line in material_report.carried_in_words(source))


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
