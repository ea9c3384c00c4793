"""Outputs of runs without a folder."""

from __future__ import annotations

from typing import Self

from oxyshell.outputs.folder import plain
from oxyshell.outputs.memory import Extent, Memory
from oxyshell.outputs.records import FieldSnapshot, Profile, Row, Summary
from oxyshell.outputs.result import Result


class NullFolder:
    """A run without a folder: everything stays in memory, nothing is written.

    Args:
        memory: Earlier records of the run; none by default.
    """

    keeps_snapshots = True

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory or Memory()
        self._fields: list[FieldSnapshot] = []

    def start(self, scenario_text: str) -> None:
        self._memory.scenario = scenario_text

    @property
    def place(self) -> Extent:
        return self._memory.place

    def step(self, row: Row) -> None:
        self._memory.history.add(row)

    def snapshot(self, profile: Profile, fields: FieldSnapshot) -> None:
        self._memory.profiles.append(profile)
        self._fields.append(fields)

    def protocol_step(self, row: Row) -> None:
        self._memory.steps.add(row)

    def cycle(self, row: Row) -> None:
        self._memory.cycles.add(row)

    def finish(self, summary: Summary) -> Result:
        return self._memory.result(plain(summary), tuple(self._fields), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        pass


class SummaryOnly(NullFolder):
    """Numbers alone: without profiles and fields, which then are not even computed.

    Args:
        keeps_history: Whether a row per time step is kept as well; the tables of steps and cycles always are.
    """

    keeps_snapshots = False

    def __init__(self, keeps_history: bool = False) -> None:
        super().__init__()
        self._keeps_history = keeps_history

    def step(self, row: Row) -> None:
        if self._keeps_history:
            super().step(row)
