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
from oxyshell.outputs.records import COLUMNS, Array, Column

_HEADER = 2
"""Lines before the first row."""


class HistoryCsv:
    """A CSV file that is complete after every row.

    Line 1 has the names, line 2 the units behind a "#"; `numpy.genfromtxt(path, delimiter=",", names=True)`
    and `pandas.read_csv(path, comment="#")` read it as it is. Which columns there are shows at the first row:
    `open` leaves an empty file, `head` writes the two lines.

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

    def head(self, columns: Mapping[str, Column]) -> None:
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

    A run that stopped before its first step has no header yet; it reads as `COLUMNS` without a row.

    Returns:
        One array (steps,) per column, by name.

    Raises:
        OutputError: If the file is not there or is not a history.
    """
    with disk.errors_at(path):
        content = path.read_bytes()
    with disk.readable(path, "a history"):
        complete, _, _ = content.decode().rpartition("\n")
    names, *lines = complete.splitlines() or [",".join(COLUMNS)]
    columns = names.split(",")
    try:
        rows = [[float(value) for value in line.split(",")] for line in lines if not line.startswith("#")]
        table = np.array(rows, dtype=float).reshape(len(rows), len(columns))
    except ValueError as error:
        raise OutputError(f"{path} is not a history that oxyshell wrote: {error}.") from error
    return {name: table[:, index].copy() for index, name in enumerate(columns)}


def write_history(path: Path, columns: Mapping[str, Column], history: Mapping[str, Array]) -> None:
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
            dataset = file.create_dataset(name, data=history[name])
            dataset.attrs["units"] = column.unit
            dataset.attrs["description"] = column.description
        file["time_s"].make_scale("time_s")
        for name in columns.keys() - {"time_s"}:
            file[name].dims[0].attach_scale(file["time_s"])
    disk.replace_bytes(path, image.getvalue())
