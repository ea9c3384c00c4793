"""Tables on screen, whose cells are text: neither markup nor anything that controls a terminal."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from oxyshell.printable import printable_lines


class PlainTable(Table):
    """A table with a title.

    Args:
        title: The title.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title=printable_lines(title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)

    def add_column(self, header: Any = "", *arguments: Any, **options: Any) -> None:
        """Add a column; see rich."""
        super().add_column(printable_lines(header), *arguments, **options)

    def add_row(self, *cells: Any, **options: Any) -> None:
        """Add a row of texts; see rich."""
        super().add_row(*(printable_lines(cell) for cell in cells), **options)
