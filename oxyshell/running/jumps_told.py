"""Cycles that a run has jumped over, as the summary and its remarks have them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from oxyshell.models.base.protocol import Protocol
from oxyshell.presentation.numbers import exact_duration
from oxyshell.solver.jumping import JumpMemory

# Smaller errors are those of arithmetic.
_ROUND_OFF = 1e-8
# A list of cycles that one can read.
_MOST_TOLD = 12


def tolerances(protocol: Protocol) -> list[float]:
    """Tolerances of the repetitions of a protocol in which cycles may be jumped over."""
    return [one.jump.tolerance for one in protocol.repeats if one.jump.jumps]


def entries(protocol: Protocol, jumps: JumpMemory, simulated: Sequence[int]) -> dict[str, object]:
    """Entries of the summary; none where no cycle may be jumped over.

    Args:
        protocol: What was done.
        jumps: The jumps.
        simulated: Numbers of the cycles that were simulated, in repetitions in which some may be jumped over.
    """
    allowed = tolerances(protocol)
    if not allowed:
        return {}
    found = {
        "simulated": len(simulated),
        "skipped": jumps.skipped,
        "made": jumps.made,
        "taken_back": jumps.rejected,
        "largest_error": jumps.largest_error,
        "sum_of_errors": jumps.sum_of_errors,
        "tolerance": max(allowed),
        "cycles": [*simulated],
    }
    return {"jumps": found}


def remarks(protocol: Protocol, jumps: JumpMemory, simulated: Sequence[int]) -> Iterator[str]:
    """A sentence on which cycles were simulated, and how much the jumps may be off."""
    if jumps.rejected and not jumps.made:
        yield (
            f"No cycle was jumped over: {jumps.rejected} "
            f"jump{'s were' if jumps.rejected > 1 else ' was'} tried and would have been off by more than "
            f"the tolerance, {_percent(max(tolerances(protocol)))} of the capacity."
        )
    if jumps.made:
        allowed = max(tolerances(protocol))
        yield (
            f"Of {len(simulated) + jumps.skipped} cycles {len(simulated)} were simulated "
            f"({_ranges(simulated)}), and {jumps.skipped} were jumped over in {jumps.made} "
            f"jump{'s' if jumps.made > 1 else ''}. The estimated error of one is "
            f"{_at_most(jumps.largest_error)} of the capacity (tolerance {_percent(allowed)}), that of all "
            f"together {_at_most(jumps.sum_of_errors)}. It is that of jumping and says nothing about the "
            "laws."
        )
    if jumps.missed:
        times = ", ".join(exact_duration(time) for time in sorted(jumps.missed))
        yield f"Nothing was written for output.at.time {times}: cycles were jumped over then."
    unwritten = _unwritten(protocol, simulated) if jumps.made else 0
    if unwritten:
        yield (
            f"Of the cycles that output.every_cycle and output.last_cycles ask for, {unwritten} were jumped "
            "over: nothing was written of them."
        )


def _unwritten(protocol: Protocol, simulated: Sequence[int]) -> int:
    """Number of cycles that were asked for by number and jumped over."""
    if protocol.every_cycle == 1:
        return 0
    allowed = {
        step.cycle
        for one in protocol.repeats
        if one.jump.jumps
        for step in protocol.steps[one.first : one.end]
        if protocol.recorded(step.cycle)
    }
    return len(allowed.difference(simulated))


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _at_most(share: float) -> str:
    """A bound of an error; those of arithmetic have no digits."""
    return f"at most {_percent(share)}" if share > _ROUND_OFF else f"below {_percent(_ROUND_OFF)}"


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in words, those in a row as a range, of many the first and the last ones."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    words = [f"{row[0]}–{row[-1]}" if len(row) > 1 else str(row[0]) for row in rows]
    if len(words) > _MOST_TOLD:
        words = [*itertools.islice(words, _MOST_TOLD - 1), "…", words[-1]]
    return ", ".join(words)
