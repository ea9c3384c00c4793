"""Text of a user on its way to a screen, a log or a page."""

from __future__ import annotations


def printable(text: str, keep: str = "") -> str:
    """A text without anything that could control a terminal or fail to be encoded: escaped.

    Args:
        text: Anything.
        keep: Control characters that stay, such as a line feed.
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in keep else letter.encode("unicode_escape").decode()
        for letter in text
    )
