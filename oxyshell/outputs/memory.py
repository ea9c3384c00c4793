"""Rows and profiles that a run has handed over so far, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oxyshell.outputs.records import NO_COLUMNS, FieldSnapshot, Profile, Summary
from oxyshell.outputs.result import Profiles, Result
from oxyshell.outputs.table import GrowingTable


@dataclass(frozen=True)
class Extent:
    """Extent of the output of a run at a checkpoint.

    Attributes:
        rows: Rows of the history.
        snapshots: Output times.
        steps: Steps of the protocol that have ended.
        cycles: Cycles that have ended.
    """

    rows: int
    snapshots: int
    steps: int = 0
    cycles: int = 0

    def __str__(self) -> str:
        return (
            f"{self.rows} rows of history, {self.snapshots} output times, {self.steps} steps and "
            f"{self.cycles} cycles"
        )

    def holds(self, other: Extent) -> bool:
        """Whether it is at least as far as another one."""
        return (
            self.rows >= other.rows
            and self.snapshots >= other.snapshots
            and self.steps >= other.steps
            and self.cycles >= other.cycles
        )


class Memory:
    """Rows and profiles that a run has handed over so far, kept for the result.

    Attributes:
        scenario: Text of the scenario.
        history: A row per time step.
        steps: A row per step of the protocol.
        cycles: A row per cycle.
        profiles: One per output time.
    """

    def __init__(self) -> None:
        self.scenario = ""
        self.history = GrowingTable("history", NO_COLUMNS)
        self.steps = GrowingTable("table of steps")
        self.cycles = GrowingTable("table of cycles")
        self.profiles: list[Profile] = []

    @property
    def place(self) -> Extent:
        """Position that has been recorded."""
        return Extent(len(self.history), len(self.profiles), len(self.steps), len(self.cycles))

    def result(self, summary: Summary, fields: Sequence[FieldSnapshot], path: Path | None) -> Result:
        """All of it."""
        return Result(
            summary=dict(summary),
            history=self.history.table().numbers,
            profiles=Profiles.stack(self.profiles),
            fields=fields,
            scenario=self.scenario,
            path=path,
            step_table=self.steps.table(),
            cycle_table=self.cycles.table(),
        )
