"""The protocol step that comes next: repetitions that end early, limits that end the run."""

from __future__ import annotations

import bisect
import math
from dataclasses import replace

from oxyshell.models.base.protocol import Protocol, Repeat, Stop
from oxyshell.solver.step_result import Continuation, CycleMemory, RepeatEnd

_DISCHARGE = "discharge"


class Repetition:
    """Finds the way through a protocol."""

    def __init__(self, protocol: Protocol, formula_units: float) -> None:
        """Set up.

        Args:
            protocol: What is done.
            formula_units: Formula units in the particle, mol.
        """
        self._protocol, self._formula_units = protocol, formula_units
        self._repeats = sorted(protocol.repeats, key=lambda one: one.first)
        self._firsts = [one.first for one in self._repeats]

    def after(
        self, continuation: Continuation, left: float, ends: tuple[Stop, ...]
    ) -> tuple[Continuation, RepeatEnd | None]:
        """On to the next protocol step.

        Args:
            continuation: The protocol step that is over.
            left: Amount that has left, mol.
            ends: Its ends that were reached.

        Returns:
            The next protocol step, which has yet to begin, and the repetition that is over before its last
            cycle, if one is.
        """
        index, cycle = continuation.protocol_step, continuation.cycle
        following, over = index + 1, None
        repeat = self._around(index)
        if repeat is not None:
            # What a cycle before it has discharged is not of this repetition.
            cycle = CycleMemory() if index == repeat.first else cycle
            if self._protocol.steps[index].kind == _DISCHARGE:
                back = max(continuation.began_with - left, 0.0) / self._formula_units
                cycle = replace(cycle, discharged=cycle.discharged + back)
            over, cycle = _compared(repeat, index, ends, cycle)
            following = following if over is None else repeat.end
        if any(stop.ends_run for stop in ends):
            following = len(self._protocol.steps)
        return (
            replace(
                continuation,
                protocol_step=following,
                began=math.nan,
                directions=(),
                expected=math.nan,
                began_with=math.nan,
                before=(),
                cycle=cycle,
            ),
            over,
        )

    def _around(self, index: int) -> Repeat | None:
        """The repetition that a protocol step belongs to."""
        place = bisect.bisect_right(self._firsts, index) - 1
        return self._repeats[place] if place >= 0 and index < self._repeats[place].end else None


def _compared(
    repeat: Repeat, index: int, ends: tuple[Stop, ...], cycle: CycleMemory
) -> tuple[RepeatEnd | None, CycleMemory]:
    """Whether a repetition is over early after one of its steps, and what it remembers."""
    number, place = divmod(index - repeat.first, repeat.length)
    number += 1
    ahead = index + 1 < repeat.end
    if ahead and any(stop.key in repeat.until_reached for stop in ends):
        return RepeatEnd(repeat.name, number), cycle
    if place < repeat.length - 1:
        return None, cycle
    fresh = CycleMemory(reference=cycle.discharged if number == 2 else cycle.reference)
    if ahead and number > 2 and cycle.discharged < repeat.least_capacity * cycle.reference:
        share = cycle.discharged / cycle.reference
        return RepeatEnd(repeat.name, number, share), fresh
    return None, fresh
