"""The protocol step that comes next: repetitions that end early, limits that end the run."""

from __future__ import annotations

import math
from dataclasses import replace

from oxyshell.models.base.protocol import Protocol, Repeat, Stop
from oxyshell.solver.state import State
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

    def after(
        self, continuation: Continuation, state: State, ends: tuple[Stop, ...]
    ) -> tuple[Continuation, RepeatEnd | None]:
        """On to the next protocol step.

        Args:
            continuation: The protocol step that is over.
            state: The particle.
            ends: Its ends that were reached.

        Returns:
            The next protocol step, which has yet to begin, and the repetition that is over before its last
            cycle, if one is.
        """
        index, cycle = continuation.protocol_step, continuation.cycle
        following, over = index + 1, None
        repeat = self._protocol.repeat_of(index)
        if repeat is not None:
            # What a cycle before it has discharged is not of this repetition.
            cycle = CycleMemory() if index == repeat.first else cycle
            if self._protocol.steps[index].kind == _DISCHARGE:
                back = state.active * max(continuation.began_with - state.left, 0.0) / self._formula_units
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
