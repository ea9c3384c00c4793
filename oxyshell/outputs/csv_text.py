"""Lines of CSV files whose text cells are text for every program that opens them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

# Spreadsheets take a cell that begins so for a formula (OWASP, "CSV injection"); the last is our own mark.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
# "-1.497 eV" is no formula in any of them.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(\s+[^\W\d_%][\w/^·%³²\s-]*|\s*%)?")
# The last one begins a comment for readers that are told so.
_QUOTED = re.compile(r'[,"\r\n#]')


def line(cells: Iterable[float | str]) -> str:
    """One line, ended.

    Args:
        cells: Numbers, written with every digit that is needed to read the same ones back (NaN as an empty
            cell), and texts.
    """
    return ",".join(_cell(cell) for cell in cells) + "\n"


def units(cells: Iterable[str]) -> str:
    """The line of the units, which is a comment: behind a "#"."""
    first, *others = cells
    return f"# {','.join([first, *(_quoted(cell) for cell in others)])}\n"


def _cell(value: float | str) -> str:
    if isinstance(value, str):
        marked = value.startswith(_ACTIVE) and not _NUMBER.fullmatch(value)
        return _quoted(f"'{value}" if marked else value)
    return "" if math.isnan(value) else repr(value)


def _quoted(text: str) -> str:
    if not _QUOTED.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
