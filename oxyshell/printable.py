"""Text of a user on its way to a screen, a log or a page."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """A text on one line without anything that could control a terminal or fail to be encoded: escaped."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def printable_lines(text: str) -> str:
    """Likewise, but with line feeds, tabulators and blanks of all widths as they are."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or _is_blank(letter) else _escaped(letter) for letter in text
    )


def _is_blank(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) == "Zs"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()
