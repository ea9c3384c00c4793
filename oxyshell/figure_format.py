"""Formats of the files that figures are drawn into."""

from __future__ import annotations

from enum import StrEnum

from oxyshell.errors import InputError


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


def drawn_later(folder: object) -> str:
    """The line that says how the figures of a folder are drawn after all."""
    return f"No figures were drawn: 'oxyshell plot {folder}' draws them."
