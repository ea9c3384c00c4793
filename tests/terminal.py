"""Whole reports as a terminal of a given width shows them."""

from __future__ import annotations

from collections.abc import Iterable

from oxyshell.presentation.document import lines_of
from oxyshell.presentation.table import Table
from oxyshell.presentation.wrapping import breadth, words

WIDTHS = (80, 60)


def assert_fits(parts: Iterable[Table | str]) -> None:
    """No line is wider than the terminal, but for a single word; every word of every cell is whole."""
    listed = list(parts)
    assert any(isinstance(part, Table) for part in listed)
    for width in WIDTHS:
        lines = list(lines_of(listed, width))
        assert [line for line in lines if breadth(line) > width and len(words(line)) > 1] == []
        shown = {_bare(word) for line in lines for word in line.split()}
        wanted = {_bare(word) for part in listed for text in _texts(part) for word in text.split()}
        assert wanted <= shown
        assert lines[0]


def _texts(part: Table | str) -> Iterable[str]:
    if isinstance(part, str):
        return [part]
    filled = [index for index in range(len(part.headings)) if any(row[index] for row in part.rows)]
    headings = [part.headings[index].removeprefix(">") for index in filled]
    return [part.title, *headings, *(cell for row in part.rows for cell in row)]


def _bare(word: str) -> str:
    # Units of a whole column stand in parentheses behind its heading.
    return word.strip("():,")
