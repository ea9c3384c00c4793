"""The history: one row per time step, as text that grows (CSV) and as HDF5."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.hdf5 import add_column, column_of, dataset
from oxyshell.outputs.records import NO_COLUMNS, Array, Column, Columns

_HEADER = 2
"""Lines before the first row."""


class HistoryCsv:
    """A CSV file that is complete after every row.

    Line 1 has the names, line 2 the units behind a "#"; `numpy.genfromtxt(path, delimiter=",", names=True)`
    and `pandas.read_csv(path, comment="#")` read it as it is. The first row brings the columns: `open` leaves
    an empty file, `head` writes the two lines.

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
            lines = self._path.read_bytes().splitlines(keepends=True)
            os.truncate(self._path, sum(map(len, lines[: _HEADER + rows])))
            self._file = self._path.open("a", encoding="utf-8", newline="\n")

    def head(self, columns: Columns) -> None:
        """Write the two header lines.

        Raises:
            OutputError: If the disk refuses.
        """
        units = ",".join(column.unit for column in columns.values())
        self._write(f"{','.join(columns)}\n# {units}\n")

    def append(self, values: Sequence[float]) -> None:
        """Add a row, with every digit needed to read the same numbers back.

        Raises:
            OutputError: If the disk refuses.
        """
        self._write(",".join(repr(value) for value in values) + "\n")

    def _write(self, text: str) -> None:
        with disk.errors_at(self._path):
            self._file.write(text)
            self._file.flush()

    def close(self) -> None:
        """Close the file; every row is already in it."""
        # What `close` could still fail to flush is a row whose error has been raised already.
        with contextlib.suppress(OSError):
            self._file.close()


def read_history_csv(path: Path) -> dict[str, Array]:
    """Read a `history.csv`, leaving out a last line that a killed run did not finish.

    A run that stopped before its first step has no header yet; it reads as a column of times without a row.

    Returns:
        One array (steps,) per column, by name.

    Raises:
        OutputError: If the file is not there or is not a history.
    """
    names, *lines = _lines(path) or [",".join(NO_COLUMNS)]
    columns = names.split(",")
    try:
        rows = [[float(value) for value in line.split(",")] for line in lines if not line.startswith("#")]
        table = np.array(rows, dtype=float).reshape(len(rows), len(columns))
    except ValueError as error:
        raise OutputError(f"{path} is not a history that oxyshell wrote: {error}.") from error
    return {name: table[:, index].copy() for index, name in enumerate(columns)}


def read_columns(path: Path, with_descriptions: Path) -> Columns:
    """Read the columns of a `history.csv`, with the descriptions of a `history.h5` that can be read.

    Raises:
        OutputError: If the CSV file cannot be read.
    """
    import h5py

    names, units = ([*(line.removeprefix("# ").split(",") for line in _lines(path)[:2]), [], []])[:2]
    columns = {name: Column(unit, "") for name, unit in zip(names, units, strict=False)} or NO_COLUMNS
    # The HDF5 file is only there from the first output time on, and written anew after the next.
    with (
        contextlib.suppress(OutputError),
        disk.readable(with_descriptions, "a history"),
        h5py.File(with_descriptions, "r") as file,
    ):
        return {name: column_of(dataset(file, name)) for name in columns}
    return columns


def _lines(path: Path) -> list[str]:
    """The complete lines of a CSV file."""
    with disk.errors_at(path):
        content = path.read_bytes()
    with disk.readable(path, "a history"):
        complete, _, _ = content.decode().rpartition("\n")
    return complete.splitlines()


def write_history(path: Path, columns: Columns, history: Mapping[str, Array]) -> None:
    """Write the history as HDF5: one dataset (steps,) per column, over the dimension scale `time_s`.

    Args:
        path: The file, replaced as a whole.
        columns: Unit and description of every column; they become attributes of the datasets.
        history: One array (steps,) per column.

    Raises:
        OutputError: If the disk refuses.
    """
    import h5py

    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        for name, column in columns.items():
            add_column(file, name, history[name], column)
        file["time_s"].make_scale("time_s")
        for name in columns.keys() - {"time_s"}:
            file[name].dims[0].attach_scale(file["time_s"])
    disk.replace_bytes(path, image.getvalue())
