"""Rows of the tables of steps and cycles, made as these come to their ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oxyshell.models.base.observable import Cell
from oxyshell.models.base.protocol import Protocol
from oxyshell.outputs.records import Columns, Row
from oxyshell.running.ends import reason
from oxyshell.solver.recorder import Cells, EndedCycle, EndedStep, Recorder
from oxyshell.solver.step_result import StepResult


class StepTables:
    """Follows a run from step to step of its protocol, and from cycle to cycle.

    Everything that it remembers is plain numbers and texts.
    """

    def __init__(
        self, protocol: Protocol, recorders: Sequence[Recorder], of_steps: Columns, of_cycles: Columns
    ) -> None:
        """Begin.

        Args:
            protocol: What is done.
            recorders: Give the values of the columns.
            of_steps: Columns of the table of steps.
            of_cycles: Columns of the table of cycles.
        """
        self._protocol, self._recorders = protocol, recorders
        self._of_steps, self._of_cycles = of_steps, of_cycles
        self._index = -1
        self._last: dict[str, float] = {}
        self._last_count = 0
        self._start: dict[str, float] = {}
        self._start_count = 0
        self._cycle: list[Cells] = []
        self._cycle_start: dict[str, float] = {}
        self.ended_cycle: Cells = {}
        """The row of the cycle that ended last."""
        self.simulated: list[int] = []
        """Numbers of the cycles so far, in repetitions in which some may be jumped over."""

    def turned(self, time: float) -> None:
        """Learn that the next step begins at a time, s, which may be later than the end of the last one."""
        self._last = {**self._last, "time_s": time}

    def look(self, moment: StepResult, row: Mapping[str, float]) -> None:
        """Look at a moment, with its columns of the history."""
        if moment.protocol_step != self._index:
            # A moment at its start may say more of it than the end of the step before.
            begun = moment.step_time == 0.0
            self._start = dict(row) if begun else self._last
            self._start_count = moment.steps if begun else self._last_count
            self._index = moment.protocol_step
            cycle = self._protocol.steps[self._index].cycle
            if not self._cycle or self._cycle[-1]["cycle"] != cycle:
                self._cycle, self._cycle_start = [], self._start
        self._last, self._last_count = dict(row), moment.steps

    def of_step(self, moment: StepResult) -> Row:
        """The row of the step that has ended at a moment, which has been looked at."""
        step = self._protocol.steps[moment.protocol_step]
        ended = EndedStep(
            step=step,
            index=moment.protocol_step,
            start=self._start,
            end=self._last,
            reason=reason(moment),
        )
        cells: dict[str, Cell] = {
            "step": moment.protocol_step + 1,
            "cycle": step.cycle,
            "block": step.block,
            "verb": step.kind,
            "label": step.label,
            "reason": ended.reason,
            "start_s": self._start["time_s"],
            "duration_s": moment.step_time,
            "time_steps": moment.steps - self._start_count,
        }
        for one in self._recorders:
            cells |= one.of_step(ended)
        if step.cycle:
            self._cycle.append(cells)
        return Row(self._of_steps, cells)

    def of_cycle(self, moment: StepResult) -> Iterator[Row]:
        """The row of the cycle that has ended at a moment, if one has, after that of its last step."""
        step = self._protocol.steps[moment.protocol_step]
        if not step.ends_cycle:
            return
        ended = EndedCycle(step.cycle, step.block, self._cycle_start, self._last, tuple(self._cycle))
        cells: dict[str, Cell] = {
            "cycle": step.cycle,
            "block": step.block,
            "start_s": self._cycle_start["time_s"],
            "duration_s": moment.state.time - self._cycle_start["time_s"],
            "time_steps": sum(map(int, ended.numbers("time_steps"))),
        }
        for one in self._recorders:
            cells |= one.of_cycle(ended)
        self._cycle, self.ended_cycle = [], cells
        repeat = self._protocol.repeat_of(moment.protocol_step)
        if repeat is not None and repeat.jump.jumps:
            self.simulated.append(step.cycle)
        yield Row(self._of_cycles, cells)

    def remembered(self) -> dict[str, Any]:
        """State after the moments so far."""
        return {name.removeprefix("_"): getattr(self, name) for name in _KEPT}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        """Take over the state that `remembered` gave."""
        for name in _KEPT:
            setattr(self, name, remembered[name.removeprefix("_")])


_KEPT = (
    "_index",
    "_last",
    "_last_count",
    "_start",
    "_start_count",
    "_cycle",
    "_cycle_start",
    "ended_cycle",
    "simulated",
)
