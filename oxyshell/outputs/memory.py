"""Records of a run so far, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oxyshell.errors import OutputError
from oxyshell.outputs.records import COLUMNS, Array, FieldSnapshot, HistoryRow, Profile, Summary, columns_of
from oxyshell.outputs.result import Profiles, Result


@dataclass(frozen=True)
class Place:
    """Position in the output of a run at a checkpoint.

    Attributes:
        rows: Rows of the history.
        snapshots: Output times.
    """

    rows: int
    snapshots: int


class Memory:
    """Records of a run so far, kept for its result."""

    def __init__(self) -> None:
        self.columns = COLUMNS
        self.scenario = ""
        self.rows: list[list[float]] = []
        self.profiles: list[Profile] = []

    @property
    def place(self) -> Place:
        """Position that has been recorded."""
        return Place(len(self.rows), len(self.profiles))

    def restore(self, place: Place, history: Mapping[str, Array], profiles: Profiles) -> None:
        """Take over what was recorded up to a place.

        Raises:
            OutputError: If the history has other columns than a run writes.
        """
        self.columns = columns_of(dict.fromkeys(history, 0.0))
        if history.keys() != self.columns.keys():
            raise OutputError(
                f"The history has the columns {', '.join(history)}; those of a run are "
                f"{', '.join(self.columns)}. Start the run again without --resume."
            )
        self.rows = np.column_stack([history[name] for name in self.columns]).tolist()[: place.rows]
        self.profiles = profiles.single()[: place.snapshots]

    def step(self, row: HistoryRow) -> list[float]:
        """Keep a row, and give back its numbers in the order of the columns.

        Raises:
            OutputError: If it does not have the columns of the first one.
        """
        if not self.rows:
            self.columns = columns_of(row)
        if row.keys() != self.columns.keys():
            missing = ", ".join(sorted(self.columns.keys() - row.keys())) or "none"
            unknown = ", ".join(sorted(row.keys() - self.columns.keys())) or "none"
            raise OutputError(
                f"A history row has one number for every column; missing: {missing}; unknown: {unknown}."
            )
        self.rows.append([float(row[name]) for name in self.columns])
        return self.rows[-1]

    def history(self) -> dict[str, Array]:
        """One array (steps,) per column."""
        table = np.array(self.rows, dtype=float).reshape(len(self.rows), len(self.columns))
        return {name: table[:, index].copy() for index, name in enumerate(self.columns)}

    def result(self, summary: Summary, fields: Sequence[FieldSnapshot], path: Path | None) -> Result:
        """All of it."""
        profiles = Profiles.stack(self.profiles)
        return Result(dict(summary), self.history(), profiles, fields, self.scenario, path)
