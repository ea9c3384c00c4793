"""The parts of a report as a notebook shows them."""

from __future__ import annotations

import html
from collections.abc import Iterable

from oxyshell.presentation.table import RIGHT, Table
from oxyshell.printable import printable_lines

# Colours and fonts are those of the notebook, so that light and dark themes have their own.
_CELL = "padding: 0.15em 0.7em; vertical-align: top; white-space: pre-line;"


def fragment(parts: Iterable[Table | str], title: str = "") -> str:
    """HTML of the parts of a report, without a page around it.

    Args:
        parts: As `render` of a report gives them.
        title: Above them; none if empty.

    Returns:
        A `div`; every text is escaped.
    """
    heading = f"<p><strong>{_escaped(title)}</strong></p>" if title else ""
    body = "".join(_table(part) if isinstance(part, Table) else _paragraph(part) for part in parts)
    return f'<div class="oxyshell">{heading}{body}</div>'


def _paragraph(text: str) -> str:
    return f'<p style="margin: 0.3em 0; white-space: pre-line;">{_escaped(text.strip())}</p>'


def _table(table: Table) -> str:
    aligned = [("right" if one.startswith(RIGHT) else "left") for one in table.headings]
    names = [one.removeprefix(RIGHT) for one in table.headings]
    caption = f"<caption>{_escaped(table.title)}</caption>" if table.title else ""
    head = "".join(map(_heading, names, aligned))
    rows = "".join(f"<tr>{''.join(map(_cell, row, aligned))}</tr>" for row in table.rows)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _heading(text: str, side: str) -> str:
    return f'<th scope="col" style="{_CELL} text-align: {side};">{_escaped(text)}</th>'


def _cell(text: str, side: str) -> str:
    return f'<td style="{_CELL} text-align: {side};">{_escaped(text)}</td>'


def _escaped(text: str) -> str:
    return html.escape(printable_lines(text))
