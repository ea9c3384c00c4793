"""A page of results: sections of tables, sentences, figures and texts, and their HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import markupsafe

from oxyshell.presentation.table import RIGHT, Table
from oxyshell.printable import printable_lines

if TYPE_CHECKING:
    from oxyshell.reports.drawings import Drawing
    from oxyshell.reports.scenes import View

MOST_ROWS = 200
"""Rows of a table that are shown."""
_REMARK = "- "


@dataclass(frozen=True)
class Text:
    """A text that is unfolded on request.

    Attributes:
        title: Its title.
        content: Any text, shown as it is.
    """

    title: str
    content: str


@dataclass(frozen=True)
class Section:
    """A section of a page; what it lacks is empty.

    Attributes:
        title: Its heading.
        lead: Paragraphs at its beginning.
        tables: Tables, of which the first rows are shown.
        points: Items of a list.
        sentences: Paragraphs after the tables.
        drawings: Figures.
        views: Interactive views.
        folded: Tables that are unfolded on request.
        texts: Texts that are unfolded on request.
        whole: File with all rows of its tables.
    """

    title: str
    lead: Sequence[str] = ()
    tables: Sequence[Table] = ()
    sentences: Sequence[str] = ()
    points: Sequence[str] = ()
    drawings: Sequence[Drawing] = ()
    views: Sequence[View] = ()
    folded: Sequence[Table] = ()
    texts: Sequence[Text] = ()
    whole: str = ""

    @property
    def name(self) -> str:
        """Its name in links."""
        return "-".join(self.title.lower().split())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing below its heading."""
        paragraphs, tables = (*self.lead, *self.sentences, *self.points), (*self.tables, *self.folded)
        return not (paragraphs or tables or self.drawings or self.views or self.texts)


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        title: Name of the run or of the study.
        kind: Words for its kind: "run", "comparison".
        about: Its subject, in sentences; may be empty.
        facts: Numbers at the top, each with words for it.
        sections: Its sections; those that are empty are left out.
    """

    title: str
    kind: str
    about: str
    sections: Sequence[Section]
    facts: Sequence[tuple[str, str]] = field(default=())

    def html(self) -> str:
        """The page as HTML, with all that it needs in it."""
        import jinja2

        environment = jinja2.Environment(
            loader=jinja2.PackageLoader("oxyshell.reports", ""),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {"foldable": _foldable, "raw_json": _raw_json}
        sections = [one for one in self.sections if not one.is_empty]
        views = [view for section in sections for view in section.views]
        viewer = views[0].viewer if views else ""
        # Scripts run only with this word, which nobody can know who writes a name into a scenario.
        word = hashlib.sha256(repr((self.title, [view.scenes for view in views])).encode()).hexdigest()[:24]
        return environment.get_template("page.html.j2").render(
            page=replace(self, sections=sections), most=MOST_ROWS, right=RIGHT, viewer=viewer, word=word
        )


@dataclass(frozen=True)
class Parts:
    """The parts of a report for the terminal, sorted: tables, remarks, and the other sentences.

    Attributes:
        tables: Its tables.
        remarks: Lines that are items of a list there.
        sentences: All other lines.
    """

    tables: Sequence[Table]
    remarks: Sequence[str]
    sentences: Sequence[str]

    @classmethod
    def of(cls, parts: Iterable[Table | str]) -> Self:
        """Sort the parts of a report, which keep their order."""
        listed = list(parts)
        lines = [one.strip() for one in listed if isinstance(one, str)]
        return cls(
            tables=[one for one in listed if isinstance(one, Table)],
            remarks=[line.removeprefix(_REMARK) for line in lines if line.startswith(_REMARK)],
            sentences=[line for line in lines if line and not line.startswith(_REMARK)],
        )


def _shown(value: object) -> object:
    """A value for the page, without characters that no page may hold; markup is made of such texts."""
    return printable_lines(value) if type(value) is str else value


def _foldable(text: str) -> markupsafe.Markup:
    """A text that may be broken within the path of a parameter."""
    folded = markupsafe.escape(printable_lines(text))
    for mark in "._":
        folded = folded.replace(mark, markupsafe.Markup(f"{mark}<wbr>"))
    return folded


def _raw_json(text: str) -> markupsafe.Markup:
    """JSON inside a script element, which nothing in it ends."""
    return markupsafe.Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))


def without_empty_columns(table: Table) -> Table:
    """A table without the columns that have nothing in any row."""
    kept = [index for index in range(len(table.headings)) if any(row[index] for row in table.rows)]
    headings = [table.headings[index] for index in kept]
    return Table(table.title, headings, [[row[index] for index in kept] for row in table.rows])
