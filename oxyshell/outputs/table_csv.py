"""A table of a run as text that grows row by row (CSV), and read back."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oxyshell.errors import OutputError
from oxyshell.models.base.observable import Cell
from oxyshell.outputs import csv_text, disk
from oxyshell.outputs.records import Column, Columns
from oxyshell.outputs.table import Table

_HEADER = 2
"""Lines before the first row."""
_NAN = "nan"
_UNITS = "# "


class TableCsv:
    """A CSV file that is complete after every row.

    Line 1 has the names, line 2 the units behind a "#", nothing for texts.
    `pandas.read_csv(path, comment="#")` reads it as it is, and one without texts
    `numpy.genfromtxt(path, delimiter=",", names=True)`. The first row brings the columns: `open` leaves an
    empty file, `head` writes the two lines.

    Args:
        path: The file; nothing is touched before `open`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: io.TextIOBase = io.StringIO()

    def open(self) -> None:
        """Start the file anew, without a line.

        Raises:
            OutputError: If the disk refuses.
        """
        with disk.errors_at(self._path):
            self._file = self._path.open("w", encoding="utf-8", newline="\n")

    def go_on(self, rows: int) -> None:
        """Cut a file that is there back to its first rows, and append to it from now on.

        Raises:
            OutputError: If the disk refuses.
        """
        with disk.errors_at(self._path):
            kept = itertools.islice(csv_text.records(self._path.read_bytes()), _HEADER + rows)
            os.truncate(self._path, sum(map(len, kept)))
            self._file = self._path.open("a", encoding="utf-8", newline="\n")

    def head(self, columns: Columns) -> None:
        """Write the two header lines.

        Raises:
            OutputError: If the disk refuses.
        """
        units = csv_text.units([column.unit for column in columns.values()])
        self._write(f"{csv_text.line(columns)}{units}")

    def append(self, values: Sequence[Cell]) -> None:
        """Add a row, with every digit needed to read the same numbers back.

        Raises:
            OutputError: If the disk refuses.
        """
        self._write(csv_text.line(values, _NAN))

    def _write(self, text: str) -> None:
        with disk.errors_at(self._path):
            self._file.write(text)
            self._file.flush()

    def close(self) -> None:
        """Close the file; every row is already in it."""
        # What `close` could still fail to flush is a row whose error has been raised already.
        with contextlib.suppress(OSError):
            self._file.close()


def read_table(path: Path, kind: str, bare: Columns | None = None) -> Table:
    """Read a table, leaving out a last row that a killed run did not finish.

    Args:
        path: A file that `TableCsv` has written.
        kind: Of what it is: "a history".
        bare: Columns of a file that has not got any line yet; none by default.

    Raises:
        OutputError: If the file is not there or is not such a table.
    """
    with disk.errors_at(path):
        content = path.read_bytes()
    with disk.readable(path, kind):
        head, *lines = [record.decode() for record in csv_text.records(content)] or [""]
    if not head:
        return Table(bare or {}, {name: np.empty(0) for name in bare or {}})
    try:
        names = csv_text.cells(head)
        units = next((csv_text.cells(line.removeprefix(_UNITS)) for line in lines[:1]), ["1"] * len(names))
        columns = {name: Column(unit, "") for name, unit in zip(names, units, strict=True)}
        rows = [csv_text.cells(line) for line in lines if not line.startswith("#")]
        stored = zip(*rows, strict=True) if rows else [()] * len(names)
        values = {
            name: _values(column, cells)
            for (name, column), cells in zip(columns.items(), stored, strict=True)
        }
    except (ValueError, csv.Error) as error:
        raise OutputError(f"{path} is not {kind} that oxyshell wrote: {error}.") from error
    return Table(columns, values)


def read_table_if_there(path: Path, kind: str) -> Table:
    """Read a table as `read_table`; without the file, an empty one.

    Raises:
        OutputError: If the file is not such a table.
    """
    return read_table(path, kind) if path.exists() else Table()


def _values(column: Column, cells: Sequence[str]) -> NDArray[Any]:
    if column.is_text:
        return np.array([csv_text.text(cell) for cell in cells], dtype=str)
    # Whole numbers are counts, and written without a point.
    whole = cells and all(cell.removeprefix("-").isdecimal() for cell in cells)
    return np.array([float(cell) for cell in cells], dtype=float).astype(np.int64 if whole else float)
