"""Texts on lines of a given width: no word is broken, and no number is parted from its unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

HANGING = "  "
"""In front of the lines of a text that are not its first."""
# A comma behind a number ends what belongs to it: the next word is no unit.
_NUMBER = re.compile(r"[(~<>≤≥=]*[-+−–±]?\d([\d.,]*\d)?(e[-+]?\d+)?%?")
_SIGNS = ("×", "±")
"""Stand on the line of the number behind them."""
# What follows a number's first unit: "mA h/g", "MPa √m", "W h/kg".
_MORE_UNIT = re.compile(r"(h/k?g|√m|(min|g|s)\)|min/g)[.,;:)]*")


def breadth(text: str) -> int:
    """Columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    return sum(_of_letter(letter) for letter in text)


def _of_letter(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def words(text: str) -> list[str]:
    """The pieces of a line that stay together: words, and numbers with their units."""
    pieces: list[str] = []
    number = unit = False
    for part in text.split():
        signed = bool(pieces) and pieces[-1] in _SIGNS
        if signed or (number and not _NUMBER.fullmatch(part)) or (unit and _MORE_UNIT.fullmatch(part)):
            pieces[-1] += f" {part}"
        else:
            pieces.append(part)
        unit, number = number or (unit and bool(_MORE_UNIT.fullmatch(part))), bool(_NUMBER.fullmatch(part))
    return pieces


def wrapped(text: str, width: int, hanging: str = HANGING) -> Iterator[str]:
    """Lines of a text; what is longer than the width by itself stands on a line of its own, unbroken.

    Args:
        text: Its own line feeds stay, and so does the indent of each of its lines.
        width: Largest number of columns.
        hanging: Stands in front of the lines that continue one of the text, behind its indent.
    """
    for line in text.split("\n"):
        yield from _of_line(line, width, hanging)


def _of_line(line: str, width: int, hanging: str) -> Iterator[str]:
    if breadth(line) <= width:
        yield line
        return
    indent = line[: len(line) - len(line.lstrip())]
    current = ""
    for word in words(line):
        if current and breadth(current) + 1 + breadth(word) > width:
            yield current
            current = f"{indent}{hanging}{word}"
        else:
            current = f"{current} {word}" if current else f"{indent}{word}"
    yield current
