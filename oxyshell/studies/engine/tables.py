"""Columns of the tables of studies, and their CSV files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oxyshell.optional_dependencies import require
from oxyshell.outputs import csv_text
from oxyshell.presentation.numbers import named_with_unit, with_unit
from oxyshell.presentation.table import RIGHT
from oxyshell.printable import shortened
from oxyshell.studies.engine.words import different, in_words

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Column:
    """A column of numbers or texts.

    Attributes:
        name: Its heading.
        unit: Unit of the numbers, "1" without.
        values: One number or text per row; NaN where a row has none.
    """

    name: str
    unit: str
    values: Sequence[float | str]

    @property
    def numeric(self) -> bool:
        """Whether all of its values are numbers."""
        return not any(isinstance(value, str) for value in self.values)

    @property
    def numbers(self) -> list[float]:
        """Its numbers, NaN for texts."""
        return [math.nan if isinstance(value, str) else value for value in self.values]

    @property
    def label(self) -> str:
        """Words for it with the unit, where that is not the end of the name."""
        return labels([self])[0]

    def text(self, index: int) -> str:
        """A value with its unit; empty for NaN."""
        value = self.values[index]
        if isinstance(value, str):
            return value
        return "" if math.isnan(value) else with_unit(value, self.unit, 5)


def labels(columns: Sequence[Column]) -> list[str]:
    """Words for columns with their units, as `Column.label`; two that would be the same have their names."""
    words = different([column.name for column in columns])
    return [
        word if word.endswith(f"_{column.unit}") else named_with_unit(word, column.unit)
        for word, column in zip(words, columns, strict=True)
    ]


def frame(columns: Iterable[Column]) -> pandas.DataFrame:
    """The columns in pandas; `frame.attrs["units"]` has the unit of each.

    Raises:
        OxyshellError: If pandas is not installed.
    """
    require("studies", "A table of a study", "pandas")
    import pandas

    listed = list(columns)
    found = pandas.DataFrame({column.name: list(column.values) for column in listed})
    found.attrs["units"] = {column.name: column.unit for column in listed}
    return found


def told_of(name: str, content: str, path: Path | None) -> str:
    """A result of a study in one line, for `repr`."""
    folder = "" if path is None else f"; in {path}"
    return f"'{shortened(name)}': {content}{folder}"


def csv(columns: Iterable[Column]) -> str:
    """Names, then units behind a "#", then the rows; numbers with all digits."""
    listed = list(columns)
    rows = zip(*(column.values for column in listed), strict=True)
    lines = [
        csv_text.line([column.name for column in listed]),
        csv_text.units([column.unit for column in listed]),
        *(csv_text.line([_plain(value) for value in row]) for row in rows),
    ]
    return "".join(lines)


def _plain(value: float | str) -> float | str:
    # Numbers of NumPy say their type.
    return value if isinstance(value, str | int) else float(value)


def heading(column: Column) -> str:
    """The heading of a column in a `Table`."""
    words = in_words(column.name)
    return f"{RIGHT}{words}" if column.numeric else words
