"""Lines of CSV files whose text cells are text for every program that opens them."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator

# Spreadsheets take a cell that begins so for a formula (OWASP, "CSV injection"); the last is our own mark.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
# "-1.497 eV" is no formula in any of them.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(\s+[^\W\d_%][\w/^·%³²\s-]*|\s*%)?")
# The last one begins a comment for readers that are told so.
_QUOTED = re.compile(r'[,"\r\n#]')


def line(cells: Iterable[float | str], nan: str = "") -> str:
    """One line, ended.

    Args:
        cells: Numbers, written with every digit that is needed to read the same ones back, and texts.
        nan: Cell of a NaN.
    """
    return ",".join(_cell(cell, nan) for cell in cells) + "\n"


def units(cells: Iterable[str]) -> str:
    """The line of the units, which is a comment: behind a "#"."""
    first, *others = cells
    return f"# {','.join([first, *(_quoted(cell) for cell in others)])}\n"


def records(content: bytes) -> Iterator[bytes]:
    """Complete lines of a file in UTF-8, with their ends; one with a quoted line feed is one.

    A last line that has not been finished is left out.
    """
    pending = b""
    for piece in content.split(b"\n")[:-1]:
        pending += piece + b"\n"
        if pending.count(b'"') % 2 == 0:
            yield pending
            pending = b""


def cells(record: str) -> list[str]:
    """Cells of a line as they are written.

    Raises:
        csv.Error: If it is none.
    """
    (found,) = csv.reader([record.removesuffix("\n")], strict=True)
    return found


def text(cell: str) -> str:
    """The text of a cell of texts that `line` has written."""
    return cell.removeprefix("'")


def _cell(value: float | str, nan: str) -> str:
    if isinstance(value, str):
        marked = value.startswith(_ACTIVE) and not _NUMBER.fullmatch(value)
        return _quoted(f"'{value}" if marked else value)
    return nan if math.isnan(value) else repr(value)


def _quoted(text: str) -> str:
    if not _QUOTED.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
