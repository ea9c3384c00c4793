"""Reports of tables and texts as lines of a given width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oxyshell.presentation.table import Table
from oxyshell.presentation.wrapping import wrapped
from oxyshell.printable import printable_lines


def lines_of(parts: Iterable[Table | str], width: int) -> Iterator[str]:
    """Lines of a report: texts are wrapped with a hanging indent, tables stand between blank lines.

    Args:
        parts: Tables and texts in order.
        width: Columns of the terminal.
    """
    blank = True
    for part in parts:
        if isinstance(part, str):
            yield from wrapped(printable_lines(part), width)
            blank = part.endswith("\n")
        else:
            if not blank:
                yield ""
            yield from part.lines(width)
            yield ""
            blank = True
