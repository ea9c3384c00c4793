"""Tables of texts: one value for the terminal, pages and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxyshell.printable import printable_lines

if TYPE_CHECKING:
    import rich.table

RIGHT = ">"
"""At the beginning of a heading: the column is aligned to the right."""


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes:
        title: Above the table.
        headings: Of the columns; ">" at the beginning aligns a column to the right.
        rows: Cells of each row.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __rich__(self) -> rich.table.Table:
        """The table as rich prints it: neither markup nor anything that controls a terminal."""
        import rich.table
        from rich.box import SIMPLE_HEAD
        from rich.text import Text

        title = Text(printable_lines(self.title))
        table = rich.table.Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for heading in self.headings:
            right = heading.startswith(RIGHT)
            name = Text(printable_lines(heading.removeprefix(RIGHT)))
            table.add_column(name, justify="right" if right else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(printable_lines(cell)) for cell in row))
        return table
