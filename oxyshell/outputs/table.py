"""A table of a run in memory: as it grows, and as it is read."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from oxyshell.errors import OutputError
from oxyshell.models.base.observable import Cell
from oxyshell.optional_dependencies import require
from oxyshell.outputs.records import Columns, Row, beginning_of

if TYPE_CHECKING:
    import pandas

_PLAIN = (float, int, str)
"""Types of cells that are kept as they are; others, such as those of NumPy, become floating-point numbers."""


@dataclass(frozen=True, eq=False, repr=False)
class Table(Mapping[str, NDArray[Any]]):
    """Columns of equal length: a mapping from name to an array of shape (rows,), of numbers or texts.

        >>> import oxyshell
        >>> history = oxyshell.run("scenarios/lrmo-ru1.yaml").history
        >>> history.units["surface_hoop_MPa"], round(float(history["surface_hoop_MPa"].max()), 1)
        ('MPa', 226.0)

    Attributes:
        columns: Unit and meaning of each column.
        arrays: The arrays, by name.
    """

    columns: Columns = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def units(self) -> dict[str, str]:
        """Unit of each column: "1" without one, empty for texts."""
        return {name: column.unit for name, column in self.columns.items()}

    @property
    def numbers(self) -> Table:
        """The columns that are no texts, as floating-point numbers."""
        kept = {name: column for name, column in self.columns.items() if not column.is_text}
        return Table(kept, {name: np.asarray(self.arrays[name], dtype=float) for name in kept})

    @property
    def rows(self) -> int:
        """Number of rows."""
        return next((len(values) for values in self.arrays.values()), 0)

    def frame(self) -> pandas.DataFrame:
        """The same in pandas; `frame.attrs["units"]` has the unit of every column.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        require("studies", "A table in pandas", "pandas")
        import pandas

        texts = [name for name, column in self.columns.items() if column.is_text]
        found = pandas.DataFrame(
            {name: values.tolist() if name in texts else values for name, values in self.items()}
        )
        found.attrs["units"] = self.units
        return found

    def renamed(self, names: Mapping[str, str]) -> Table:
        """The same table with other names for some columns, by the names that they have."""
        columns = {names.get(name, name): column for name, column in self.columns.items()}
        return Table(columns, {names.get(name, name): values for name, values in self.arrays.items()})

    def __repr__(self) -> str:
        return f"<Table: {self.rows} rows, {len(self)} columns{beginning_of(self)}>"

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


class GrowingTable:
    """Rows that a run has handed over so far, column by column: a number takes eight bytes.

    Args:
        kind: For people: "history".
        columns: The columns before the first row has said which there are.
    """

    def __init__(self, kind: str, columns: Columns | None = None) -> None:
        self._kind = kind
        self.columns: Columns = columns or {}
        self._rows = 0
        self._numbers: dict[str, array[float]] = {}
        self._texts: dict[str, list[str]] = {}
        self._whole: set[str] = set()
        self._take(self.columns)

    def __len__(self) -> int:
        return self._rows

    def restore(self, table: Table, columns: Columns, rows: int) -> None:
        """Take over the first rows of a table that has been read.

        Args:
            table: The table.
            columns: Its columns, with their meanings.
            rows: How many; no more than it has.
        """
        self._take(columns)
        self._rows = rows
        for name, values in table.items():
            kept = values[:rows].tolist()
            if name in self._texts:
                self._texts[name].extend(kept)
            else:
                self._numbers[name].extend(kept)
        self._whole = {name for name in self._numbers if table[name].dtype.kind == "i"}

    def add(self, row: Row) -> list[Cell]:
        """Keep a row, and give back its values in the order of the columns.

        Raises:
            OutputError: If it does not have the columns of the first one.
        """
        if not self._rows:
            self._take(row.columns)
            self._whole = set(self._numbers)
        elif row.columns is not self.columns and list(row.columns) != list(self.columns):
            raise OutputError(
                f"The {self._kind} has the columns {', '.join(self.columns)}; row {self._rows + 1} has "
                f"{', '.join(row.columns)}. The rows of a run have the same columns: start the run again "
                "without --resume."
            )
        self.columns = row.columns
        self._rows += 1
        # Called after every time step: one pass, without a call for each value.
        values = {name: one if type(one) in _PLAIN else float(one) for name, one in row.values.items()}
        for name, texts in self._texts.items():
            texts.append(str(values[name]))
        for name, numbers in self._numbers.items():
            numbers.append(values[name])  # type: ignore[arg-type]
        if self._whole:
            self._whole = {name for name in self._whole if type(values[name]) is int}
        return [values[name] for name in self.columns]

    def table(self) -> Table:
        """All rows so far."""
        return Table(self.columns, {name: self._array(name) for name in self.columns})

    def _take(self, columns: Columns) -> None:
        self.columns = columns
        self._texts = {name: [] for name, column in columns.items() if column.is_text}
        self._numbers = {name: array("d") for name in columns if name not in self._texts}

    def _array(self, name: str) -> NDArray[Any]:
        if name in self._texts:
            return np.array(self._texts[name], dtype=str)
        numbers = np.array(self._numbers[name])
        return numbers.astype(np.int64) if name in self._whole and self._rows else numbers
