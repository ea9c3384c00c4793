"""Ends of the steps of a protocol, as the summary and its remarks have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oxyshell.models.base.protocol import TIME, Protocol
from oxyshell.solver.step_result import StepResult

# An end is landed on far more closely than this; what is further off has jumped or trembled.
_OFF = 1e-6


def entry(moment: StepResult, protocol: Protocol) -> dict[str, object]:
    """Entry of the summary for the step that ended at a moment.

    Where it ended at a value of a column, with the value asked for and the one that the column has there.
    """
    end = moment.ended_by
    assert end is not None
    entries: dict[str, object] = {
        "step": protocol.steps[moment.protocol_step].label,
        "ended_by": end.key,
        "time_s": moment.state.time,
        "extracted_per_formula": moment.extracted,
    }
    if end.observable in moment.observation.more:
        entries |= {"asked": end.value, "reached": moment.observation.more[end.observable]}
    return entries


def missed_values(ends: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A remark on every step that ended where a column passes a value without coming to it."""
    for number, end in enumerate(ends, start=1):
        asked, reached = end.get("asked", 0.0), end.get("reached", 0.0)
        if not abs(reached - asked) <= _OFF * (abs(asked) or 1.0):
            yield (
                f"{end['step']} (step {number} of the protocol) ended where {end['ended_by']} passes "
                f"{asked:g}, at {reached:.6g}: the column jumps or trembles there."
            )


def too_late(protocol: Protocol, ended: object) -> Iterator[str]:
    """A remark on output times that the run, which ended at a time in s, did not come to."""
    assert isinstance(ended, float)
    last = ended * (1 + 1e-9)
    late = [one.value for one in protocol.outputs if one.observable == TIME and one.value > last]
    if late:
        times = ", ".join(f"{time:.6g} s" for time in sorted(late))
        yield f"The run ended at {ended:.6g} s: nothing was written for output.at.time {times}."
