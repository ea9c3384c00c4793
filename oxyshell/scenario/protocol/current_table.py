"""The course of a current in a file of columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oxyshell.language.mistakes import Refusal, describe, listed

NAMES = ("time", "current")
"""Columns that are read."""
_LARGEST_FILE = 20_000_000
_MOST_ROWS = 100_000
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class CurrentTable:
    """A current that is linear between points, in the units of the file.

    Attributes:
        times: Increasing, from 0; at least two.
        currents: One for each, positive on charge.
    """

    times: tuple[float, ...]
    currents: tuple[float, ...]


def read_current_table(path: Path) -> CurrentTable:
    """Read a file of columns, separated by commas, semicolons, tabs or blanks.

    A first line of words names the columns, of which `time` and `current` are read; without it, these are the
    first two. Lines that begin with "#" are comments. Times count from that of the first row.

    Args:
        path: The file.

    Raises:
        Refusal: Where it has no such table; says in which line.
    """
    lines = list(_lines(path))
    if not lines:
        raise Refusal(f"{path.name} without a row", "rows of a time and a current")
    header = lines[0]
    separator = next((one for one in _SEPARATORS if one in header[1]), None)
    cells = [cell.strip().strip('"') for cell in header[1].split(separator)]
    named = not all(map(_is_number, cells))
    columns = _columns(cells, f"{path.name}, line {header[0]}") if named else range(len(NAMES))
    rows = [_row(path, number, line.split(separator), columns) for number, line in lines[named:]]
    if not 2 <= len(rows) <= _MOST_ROWS:
        raise Refusal(
            f"{path.name} with {len(rows)} rows", f"from 2 to {_MOST_ROWS} rows of a time and a current"
        )
    numbers = [number for number, _ in lines[named:]]
    for number, (before, _), (time, _) in zip(numbers[1:], rows, rows[1:], strict=False):
        if not time > before:
            found = f"the time {time:g} after {before:g} in {path.name}, line {number}"
            raise Refusal(found, "times that increase from row to row")
    begin = rows[0][0]
    return CurrentTable(tuple(time - begin for time, _ in rows), tuple(current for _, current in rows))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are no comments, with their numbers."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise Refusal(f"{path.name}, a file of more than {_LARGEST_FILE} bytes", "a smaller file")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path.name}, which cannot be read ({error})", "a text file in UTF-8") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()


def _columns(cells: list[str], where: str) -> Sequence[int]:
    """Positions of the columns that are read."""
    lower = [cell.lower() for cell in cells]
    missing = [name for name in NAMES if lower.count(name) != 1]
    if missing:
        found = f"the columns {listed(cells)} in {where}"
        raise Refusal(found, f"one column for each of {listed(NAMES)}, or rows of numbers without names")
    return [lower.index(name) for name in NAMES]


def _row(path: Path, number: int, cells: list[str], columns: Sequence[int]) -> tuple[float, float]:
    values = []
    for name, position in zip(NAMES, columns, strict=True):
        cell = cells[position].strip() if position < len(cells) else ""
        if not _is_number(cell):
            found = describe(cell) if cell else "nothing"
            raise Refusal(f"{found} in {path.name}, line {number}", f"a number as its {name}")
        values.append(float(cell))
    return values[0], values[1]


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
