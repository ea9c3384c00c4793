"""Tables as lines of a given width, laid out so that no word is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oxyshell.presentation.wrapping import HANGING, breadth, words, wrapped

_GAP = "  "
_RULE = "─"
_NUMBER_AND_UNIT = re.compile(
    r"(?P<number>[-+−–]?\d[\d.,]*(e[-+]?\d+)?( to [-+−–]?\d[\d.,]*(e[-+]?\d+)?)?) (?P<unit>[^\d,;:()]+)"
)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        heading: Above it.
        cells: Of each row.
        right: Whether it is aligned to the right; its cells are then not wrapped.
    """

    heading: str
    cells: Sequence[str]
    right: bool

    @property
    def natural(self) -> int:
        """Width at which nothing is wrapped."""
        return max(breadth(line) for text in (self.heading, *self.cells) for line in text.split("\n"))

    @property
    def least(self) -> int:
        """Width below which a word, or a number and its unit, would be broken."""
        hanging = breadth(HANGING)
        pieces = [breadth(word) for word in words(self.heading)]
        for cell in self.cells:
            if self.right:
                pieces += [breadth(line) for line in cell.split("\n")]
            else:
                first, *rest = [breadth(word) for word in words(cell)] or [0]
                pieces += [first, *(hanging + one for one in rest)]
        return max(pieces, default=0)


@dataclass(frozen=True)
class Grid:
    """Some columns side by side.

    Attributes:
        columns: From left to right.
        above: Lines above them.
        below: Text below each row; empty where there is none.
        below_heading: Says below the headings what these texts are.
    """

    columns: Sequence[Column]
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    below_heading: str = ""

    def lines(self, width: int) -> list[str] | None:
        """The lines; None if a word would have to be broken."""
        widths = _widths(self.columns, width)
        if widths is None:
            return None
        made = [line for text in self.above for line in wrapped(text, width)]
        made += _row([column.heading for column in self.columns], self.columns, widths, bottom=True)
        if self.below_heading and any(self.below):
            made += wrapped(f"{HANGING}{self.below_heading}", width)
        made.append(_GAP.join(_RULE * one for one in widths))
        for index in range(len(self.columns[0].cells)):
            made += _row([column.cells[index] for column in self.columns], self.columns, widths)
            if index < len(self.below) and self.below[index]:
                made += wrapped(f"{HANGING}{self.below[index]}", width)
        return made


def laid_out(columns: Sequence[Column], keys: int, width: int) -> list[str]:
    """Lines of a table: as it is if it fits, otherwise in the shortest way that breaks no word.

    The ways are: lines within cells; a line above the table for what is the same in every row, and units in
    the headings; the last text of a row on a line below it; rows as columns; blocks that repeat the first
    columns; every row as a list.

    Args:
        columns: At least one.
        keys: Number of first columns that say what a row is.
        width: Largest number of columns of a terminal.
    """
    columns = [one for index, one in enumerate(columns) if index < keys or any(one.cells)] or columns
    whole = Grid(columns)
    if _natural(columns) <= width:
        return whole.lines(width) or []
    spared = _spared(columns, keys)
    ways = [[whole], [spared], *_with_text_below(spared), *_turned(columns, keys)]
    made = [lines for way in ways if (lines := _all_lines(way, width)) is not None]
    blocks = _blocks(spared, keys, width)
    made += [lines for lines in [_all_lines(blocks, width)] if lines is not None]
    return min(made, key=len) if made else list(_listed(columns, keys, width))


def _all_lines(grids: Sequence[Grid], width: int) -> list[str] | None:
    made: list[str] = []
    for grid in grids:
        lines = grid.lines(width)
        if lines is None:
            return None
        made += ["", *lines] if made else lines
    return made or None


def _natural(columns: Sequence[Column]) -> int:
    return sum(one.natural for one in columns) + len(_GAP) * (len(columns) - 1)


def _widths(columns: Sequence[Column], width: int) -> list[int] | None:
    """Widths of columns: what is left goes where texts would be wrapped most; None if there is too little."""
    widths, natural = [one.least for one in columns], [one.natural for one in columns]
    left = width - sum(widths) - len(_GAP) * (len(columns) - 1)
    if left < 0:
        return None
    while left > 0:
        # The first column names the row: it is the last that is wrapped.
        most = max(range(len(widths)), key=lambda i: (2 if i == 0 else 1) * natural[i] / max(widths[i], 1))
        if widths[most] >= natural[most]:
            natural[most] = 0
            if not any(natural):
                break
            continue
        widths[most] += 1
        left -= 1
    return widths


def _row(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], bottom: bool = False
) -> Iterator[str]:
    hanging = "" if bottom else HANGING
    parts = [list(wrapped(cell, size, hanging)) for cell, size in zip(cells, widths, strict=True)]
    tallest = max(len(part) for part in parts)
    filled = [
        [""] * (tallest - len(part)) + part if bottom else part + [""] * (tallest - len(part))
        for part in parts
    ]
    for pieces in zip(*filled, strict=True):
        placed = (_placed(*one) for one in zip(pieces, columns, widths, strict=True))
        yield _GAP.join(placed).rstrip()


def _placed(text: str, column: Column, width: int) -> str:
    blank = " " * (width - breadth(text))
    return blank + text if column.right else text + blank


def _spared(columns: Sequence[Column], keys: int) -> Grid:
    """Without columns that are the same in every row, which stand above it; with units in the headings."""
    rows = len(columns[0].cells)
    same = [
        one
        for one in columns[keys:]
        if rows > 1 and one.heading and one.cells[0] and len(set(one.cells)) == 1
    ]
    left = [_with_unit_above(one) for one in columns if one not in same]
    above = [f"{' '.join(one.heading.split())}: {one.cells[0]}" for one in same]
    return Grid(left, above)


def _with_unit_above(column: Column) -> Column:
    """A column of numbers in one unit, with the unit in its heading."""
    found = [_NUMBER_AND_UNIT.fullmatch(cell) for cell in column.cells if cell]
    units = {one["unit"] if one else "" for one in found}
    if not column.right or len(units) != 1 or "" in units or not column.heading:
        return column
    (unit,) = units
    cells = [cell.removesuffix(f" {unit}") for cell in column.cells]
    return replace(column, heading=f"{column.heading} ({unit})", cells=cells)


def _with_text_below(grid: Grid) -> Iterator[Sequence[Grid]]:
    """The last column below each row, if it is a text."""
    *columns, last = grid.columns
    if len(columns) > 1 and not last.right:
        yield [Grid(columns, grid.above, last.cells, last.heading)]


def _turned(columns: Sequence[Column], keys: int) -> Iterator[Sequence[Grid]]:
    """Every row as a column, if there are fewer rows than columns."""
    rows = len(columns[0].cells)
    if not 0 < rows < len(columns) - keys:
        return
    first = Column(columns[0].heading, [one.heading for one in columns[keys:]], right=False)
    named = [_filled(key.cells) for key in columns[:keys]]
    names = [" ".join(filter(None, (cells[row] for cells in named))) for row in range(rows)]
    others = [
        Column(name, [one.cells[row] for one in columns[keys:]], right=any(one.right for one in columns))
        for row, name in enumerate(names)
    ]
    yield [Grid([first, *others])]


def _filled(cells: Sequence[str]) -> list[str]:
    """Cells of which an empty one stands for the one above it."""
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _blocks(grid: Grid, keys: int, width: int) -> Sequence[Grid]:
    """Blocks of columns that fit, each behind the first columns."""
    first, rest = list(grid.columns[:keys]), list(grid.columns[keys:])
    blocks: list[Grid] = []
    while rest:
        taken = 1
        while taken < len(rest) and _comfortable([*first, *rest[: taken + 1]], width):
            taken += 1
        blocks.append(Grid([*first, *rest[:taken]], () if blocks else grid.above))
        rest = rest[taken:]
    return blocks


def _comfortable(columns: Sequence[Column], width: int) -> bool:
    widths = _widths(columns, width)
    return widths is not None and all(
        one.natural <= 2 * size for one, size in zip(columns, widths, strict=True)
    )


def _listed(columns: Sequence[Column], keys: int, width: int) -> Iterator[str]:
    """Every row as a list, for texts that fit into no column."""
    for row in range(len(columns[0].cells)):
        yield from wrapped(" ".join(filter(None, (one.cells[row] for one in columns[:keys]))), width)
        for one in columns[keys:]:
            if one.cells[row]:
                heading = " ".join(one.heading.split())
                text = f"{heading}: {one.cells[row]}" if heading else one.cells[row]
                yield from wrapped(f"{HANGING}{text}", width)
