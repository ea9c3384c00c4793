"""A table of a run on disk: as CSV, complete after every row, and as HDF5."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.hdf5 import add_column, column_of, dataset
from oxyshell.outputs.records import Columns, Row
from oxyshell.outputs.table import GrowingTable, Table
from oxyshell.outputs.table_csv import TableCsv, read_table_if_there


class StoredTable:
    """The files of a growing table: `NAME.csv`, and `NAME.h5` whenever it is written.

    It is written with the first row, which keeps the meanings of the columns for a run that goes on.

    Args:
        folder: Where they are.
        name: Without the ending.
        kind: Of what it is: "a history".
        rows: Takes the rows.
    """

    def __init__(self, folder: Path, name: str, kind: str, rows: GrowingTable) -> None:
        self._csv_path, self._h5_path = folder / f"{name}.csv", folder / f"{name}.h5"
        self._kind, self._rows = kind, rows
        self._csv = TableCsv(self._csv_path)
        self._is_open = False

    def open(self) -> None:
        """Leave an empty CSV file, in place of earlier files.

        Raises:
            OutputError: If the disk refuses.
        """
        self._remove(self._h5_path)
        self._csv.open()
        self._is_open = True

    def stored(self) -> Table:
        """The table of the CSV file; an empty one if there is none.

        Raises:
            OutputError: If the file cannot be read.
        """
        return read_table_if_there(self._csv_path, self._kind)

    def go_on(self, stored: Table, rows: int) -> None:
        """Cut the CSV file back to its first rows, take these over, and append to them from now on.

        Args:
            stored: As `stored` gave it.
            rows: How many.

        Raises:
            OutputError: If the disk refuses.
        """
        if not rows:
            self.clear()
            return
        self._rows.restore(stored, self._described(stored.columns), rows)
        self._csv.go_on(rows)
        self._is_open = True

    def clear(self) -> None:
        """Remove the files.

        Raises:
            OutputError: If the disk refuses.
        """
        self._remove(self._csv_path)
        self._remove(self._h5_path)

    def add(self, row: Row) -> None:
        """Append a row to the CSV file; the first one brings the header.

        Raises:
            OutputError: If the row does not have the columns of the first one, or the disk refuses.
        """
        values, is_first = self._rows.add(row), len(self._rows) == 1
        if not self._is_open:
            self.open()
        if is_first:
            self._csv.head(self._rows.columns)
        self._csv.append(values)
        if is_first:
            self.write()

    def write(self) -> None:
        """Write all rows as HDF5, if there are columns.

        Raises:
            OutputError: If the disk refuses; the file is then unchanged.
        """
        if self._rows.columns:
            write_table(self._h5_path, self._rows.table())

    def close(self) -> None:
        """Close the CSV file."""
        self._csv.close()

    @staticmethod
    def _remove(path: Path) -> None:
        with disk.errors_at(path):
            path.unlink(missing_ok=True)

    def _described(self, columns: Columns) -> Columns:
        """The columns with the meanings that a HDF5 file that can be read gives them."""
        import h5py

        # It is only there from some row on.
        with (
            contextlib.suppress(OutputError),
            disk.readable(self._h5_path, self._kind),
            h5py.File(self._h5_path, "r") as file,
        ):
            return {name: column_of(dataset(file, name)) for name in columns}
        return columns


def write_table(path: Path, table: Table) -> None:
    """Write a table as HDF5: one dataset (rows,) per column, over the dimension scale of the first.

    Args:
        path: The file, replaced as a whole.
        table: The table; units and descriptions of its columns become attributes of the datasets.

    Raises:
        OutputError: If the disk refuses.
    """
    import h5py

    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        for name, column in table.columns.items():
            add_column(file, name, table[name], column, [next(iter(table.columns))])
    disk.replace_bytes(path, image.getvalue())
