"""Ends of the steps of a protocol, as the summary and its remarks have them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from oxyshell.models.base.protocol import TIME, Protocol
from oxyshell.presentation.numbers import exact_duration, time_in_words
from oxyshell.solver.step_result import StepResult

# An end is landed on far more closely than this; what is further off has jumped or trembled.
_OFF = 1e-6
# A protocol of a thousand cycles is told of in as many sentences as one can read.
_MOST_TOLD = 3


ALREADY_MET = "already met"
"""Reason of a step that ended where it began."""
_PROTOCOL_STEP = "protocol_step"
"""Entry of an end, besides those of the summary, that gives the index of its step."""


def entry(moment: StepResult, protocol: Protocol) -> dict[str, object]:
    """An end of a step of the protocol, from which `in_summary` makes the entry of the summary.

    Args:
        moment: The moment in which it ended.
        protocol: Its protocol.

    Returns:
        Where it ended at a value of a column, with the value asked for and the one that the column has there.
        Where it ended as it began, several ends were reached, the run was ended, or a repetition was over
        before its last cycle, with that.
    """
    end, step = moment.ended_by, protocol.steps[moment.protocol_step]
    assert end is not None
    entries: dict[str, object] = {
        _PROTOCOL_STEP: moment.protocol_step,
        "step": step.label,
        "ended_by": end.key,
        "time_s": moment.state.time,
        "extracted_per_formula": moment.extracted,
    }
    if step.cycle:
        entries["cycle"] = step.cycle
    if end.observable in moment.observation.more:
        reached = moment.observation.more[end.observable]
        entries |= {"column": end.observable, "asked": end.value, "reached": reached}
    if end.unasked:
        entries["because"] = end.unasked
    if moment.already_met:
        entries["reason"] = ALREADY_MET
    if moment.also:
        entries["also_reached"] = [one.key for one in moment.also]
    if limits := [one for one in moment.ends if one.ends_run]:
        entries["limit"] = {"of": limits[0].key, "value": limits[0].value}
    if moment.repeat_end is not None:
        entries["repeat_over"] = asdict(moment.repeat_end)
    return entries


def reason(moment: StepResult) -> str:
    """Reason for which a step of the protocol has ended at a moment, as the table of steps has it."""
    if moment.already_met:
        return ALREADY_MET
    return " and ".join(f"limit: {end.key}" if end.ends_run else end.key for end in moment.ends)


def index_of(end: Mapping[str, Any]) -> int:
    """Index of the step of the protocol that ended."""
    return int(end[_PROTOCOL_STEP])


def in_summary(end: Mapping[str, Any]) -> dict[str, object]:
    """Entry of the summary."""
    return {name: value for name, value in end.items() if name != _PROTOCOL_STEP}


def remarks(ends: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Sentences about ends that are not as one would expect."""
    yield from missed_values(ends)
    yield from _some(_already_met(ends), "more steps of the protocol had no length, for the same reason")
    unasked = (f"{_named(end)}: {end['because']}." for end in ends if "because" in end)
    yield from _some(unasked, "more steps of the protocol ended for such a reason")
    yield from _repeats_over(ends)
    yield from _limits(ends)


def missed_values(ends: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A remark on every step that ended where a column passes a value without coming to it."""
    for end in ends:
        asked, reached = end.get("asked", 0.0), end.get("reached", 0.0)
        if "reason" not in end and not abs(reached - asked) <= _OFF * (abs(asked) or 1.0):
            yield (
                f"{_named(end)} ended where {end['ended_by']} passes "
                f"{asked:g}, at {reached:.6g}: the column jumps or trembles there."
            )


def _already_met(ends: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for end in ends:
        if "reason" in end:
            # The name of a column tells the unit of its values.
            column = "" if end["ended_by"] == end.get("column") else f", {end.get('column', '')}"
            value = f"{column} = {end['asked']:g} ({end['reached']:.6g} there)," if "asked" in end else ""
            met = f"its end '{end['ended_by']}'{value} was {end['reason']}"
            yield f"{_named(end)} had no length: {met} when it began, at {time_in_words(end['time_s'])}."


def _repeats_over(ends: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for end in ends:
        if over := end.get("repeat_over"):
            share = over["capacity_share"]
            why = (
                f"{end['ended_by']} was reached"
                if share is None
                else f"its discharge capacity was {100 * share:.4g} % of that of the second one"
            )
            name = f"'{over['name']}' " if over["name"] else ""
            yield f"The repetition {name}was over after its cycle {over['cycle']}: {why}."


def _limits(ends: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for end in ends:
        if limit := end.get("limit"):
            yield (
                f"The run was over in {_named(end)}, at {time_in_words(end['time_s'])}: it came to the limit "
                f"{limit['of']} = {limit['value']:g}. Later steps were not run."
            )


def _named(end: Mapping[str, Any]) -> str:
    return f"{end['step']} (step {index_of(end) + 1} of the protocol)"


def _some(told: Iterator[str], more: str) -> Iterator[str]:
    """The first few sentences, and how many more there are."""
    yield from itertools.islice(told, _MOST_TOLD)
    rest = sum(1 for _ in told)
    if rest:
        yield f"{rest} {more}."


def too_late(protocol: Protocol, ended: object) -> Iterator[str]:
    """A remark on output times that the run, which ended at a time in s, did not come to."""
    assert isinstance(ended, float)
    last = ended * (1 + 1e-9)
    late = [one.value for one in protocol.outputs if one.observable == TIME and one.value > last]
    if late:
        times = ", ".join(exact_duration(time) for time in sorted(late))
        yield f"The run ended at {exact_duration(ended)}: nothing was written for output.at.time {times}."
