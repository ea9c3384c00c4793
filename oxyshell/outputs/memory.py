"""Rows and profiles that a run has handed over so far, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oxyshell.errors import OutputError
from oxyshell.outputs.records import NO_COLUMNS, Array, Columns, FieldSnapshot, HistoryRow, Profile, Summary
from oxyshell.outputs.result import Profiles, Result


@dataclass(frozen=True)
class Extent:
    """Extent of the output of a run at a checkpoint.

    Attributes:
        rows: Rows of the history.
        snapshots: Output times.
    """

    rows: int
    snapshots: int


class Memory:
    """Rows and profiles that a run has handed over so far, kept for the result."""

    def __init__(self) -> None:
        self.columns = NO_COLUMNS
        self.scenario = ""
        self.rows: list[list[float]] = []
        self.profiles: list[Profile] = []

    @property
    def place(self) -> Extent:
        """Position that has been recorded."""
        return Extent(len(self.rows), len(self.profiles))

    def restore(
        self, place: Extent, columns: Columns, history: Mapping[str, Array], profiles: Profiles
    ) -> None:
        """Take over what was recorded up to a place."""
        self.columns = columns
        self.rows = np.column_stack([*history.values()]).tolist()[: place.rows]
        self.profiles = profiles.single()[: place.snapshots]

    def step(self, row: HistoryRow) -> list[float]:
        """Keep a row, and give back its numbers in the order of the columns.

        Raises:
            OutputError: If it does not have the columns of the first one.
        """
        if self.rows and list(row.columns) != list(self.columns):
            raise OutputError(
                f"The history has the columns {', '.join(self.columns)}; the row at "
                f"{row.values['time_s']:g} s has {', '.join(row.columns)}. The rows of a run have the same "
                "columns: start the run again without --resume."
            )
        self.columns = row.columns
        self.rows.append([float(row.values[name]) for name in self.columns])
        return self.rows[-1]

    def history(self) -> dict[str, Array]:
        """One array (steps,) per column."""
        table = np.array(self.rows, dtype=float).reshape(len(self.rows), len(self.columns))
        return {name: table[:, index].copy() for index, name in enumerate(self.columns)}

    def result(self, summary: Summary, fields: Sequence[FieldSnapshot], path: Path | None) -> Result:
        """All of it."""
        profiles = Profiles.stack(self.profiles)
        return Result(dict(summary), self.history(), profiles, fields, self.scenario, path)
