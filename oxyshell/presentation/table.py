"""Tables of texts: one value for the terminal, pages and notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxyshell.presentation.layout import Column, laid_out
from oxyshell.presentation.wrapping import wrapped
from oxyshell.printable import printable_lines

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

RIGHT = ">"
"""At the beginning of a heading: the column is aligned to the right."""


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes:
        title: Above the table.
        headings: Of the columns; ">" at the beginning aligns a column to the right.
        rows: Cells of each row.
        keys: Number of first columns that say what a row is; a table that is too wide repeats them.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    keys: int = 1

    def lines(self, width: int) -> Iterator[str]:
        """Lines of at most a width, without anything that controls a terminal; no word is broken.

        Args:
            width: Columns of a terminal; only a single word that is longer goes beyond it.
        """
        if self.title:
            yield from wrapped(printable_lines(self.title), width)
        columns = [
            Column(
                printable_lines(heading.removeprefix(RIGHT)),
                [printable_lines(row[index]) for row in self.rows],
                heading.startswith(RIGHT),
            )
            for index, heading in enumerate(self.headings)
        ]
        yield from laid_out(columns, self.keys, width)

    def __str__(self) -> str:
        return "\n".join(self.lines(80))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The same lines for consoles of rich."""
        from rich.text import Text

        for line in self.lines(options.max_width):
            yield Text(line)
