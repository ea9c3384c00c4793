"""Escapes for a user's text in a terminal, a log or a page."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """The text on one line, with everything escaped that could control a terminal or fail to be encoded."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def printable_lines(text: str) -> str:
    """The same, but line feeds, tabulators and blanks of all widths stay."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or _is_blank(letter) else _escaped(letter) for letter in text
    )


def _is_blank(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) == "Zs"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def shortened(text: str, most: int = 60) -> str:
    """The text on one line, with the end left out if it is longer than so many characters."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= most else f"{line[: most - 3]}..."
