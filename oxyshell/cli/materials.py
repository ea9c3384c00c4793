"""The command that shows the library of materials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from oxyshell.cli.options import Reporting
from oxyshell.cli.printing import print_all

if TYPE_CHECKING:
    from oxyshell.presentation.table import Table

_Material = Annotated[
    str | None,
    typer.Argument(metavar="MATERIAL", help="A name of the library, or a file of your own; all if absent."),
]


def materials(name: _Material = None, *, reporting: Reporting) -> None:
    """List the materials of the library, or show every value of one, with its source."""
    parts = list(_list() if name is None else _one(name))
    if not reporting.quiet:
        print_all(parts)


def _list() -> Iterable[Table | str]:
    from oxyshell.scenario.material_sheet import MaterialLibrary

    yield from MaterialLibrary().report_parts()
    yield "'oxyshell materials NAME' shows the values of one, and what it lacks."


def _one(name: str) -> Iterable[str]:
    from oxyshell.scenario import material_report
    from oxyshell.scenario.material_sheet import source_of

    source = source_of(name)
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
