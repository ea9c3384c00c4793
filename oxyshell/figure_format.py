"""Formats and widths of the files that figures are drawn into."""

from __future__ import annotations

import re
from enum import StrEnum

from oxyshell.errors import InputError

ONE_COLUMN, TWO_COLUMNS = 3.4, 7.0
"""Widths of figures in inches: one column of a journal, and both."""
_NARROWEST, _WIDEST = 2.8, 14.0
_INCHES = {"in": 1.0, "mm": 1.0 / 25.4, "cm": 1.0 / 2.54}
_WIDTH = re.compile(r"\s*(?P<number>[0-9]+(?:\.[0-9]*)?)\s*(?P<unit>in|mm|cm)\s*")


class FigureFormat(StrEnum):
    """The format of figures, as it is named on the command line."""

    NONE = "none"
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"

    @classmethod
    def of(cls, text: str) -> FigureFormat:
        """The format of a name.

        Raises:
            InputError: If there is none of that name.
        """
        if text not in list(cls):
            raise InputError(f"found the figures '{text}', expected one of {', '.join(cls)}")
        return cls(text)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The ending of the files, such as ".png"; none where nothing is drawn."""
        return () if self is FigureFormat.NONE else (f".{self.value}",)


SUFFIXES = tuple(suffix for one in FigureFormat for suffix in one.suffixes)
"""The endings of figures of any format."""


def width_in_inches(text: str) -> float:
    """Read the width of a figure, such as "3.4in", "86 mm" or "8.6 cm", in inches.

    Raises:
        InputError: If it is no such width, or one at which no figure can be read.
    """
    found = _WIDTH.fullmatch(text)
    if found is None:
        raise InputError(
            f"found the width '{text}', expected a number with its unit: in, mm or cm, as in 3.4in"
        )
    width = float(found["number"]) * _INCHES[found["unit"]]
    if not _NARROWEST <= width <= _WIDEST:
        raise InputError(f"found the width '{text}', expected one of {_NARROWEST:g} in to {_WIDEST:g} in")
    return width


def drawn_later(folder: object) -> str:
    """The line that says how the figures of a folder are drawn after all."""
    return f"No figures were drawn: 'oxyshell plot {folder}' draws them."
