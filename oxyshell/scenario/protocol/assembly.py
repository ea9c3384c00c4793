"""Entries of a protocol, one after the other, as the steps of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from oxyshell.models.base.protocol import ProtocolStep, Repeat, Stop
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.entry import ProtocolEntry


def assembled(
    entries: Iterable[ProtocolEntry], limits: tuple[Stop, ...], conversion: Conversion
) -> tuple[tuple[ProtocolStep, ...], tuple[Repeat, ...]]:
    """All steps, and the cycles among them.

    Args:
        entries: In order.
        limits: Ends of the whole run, which stand after the ends of each step.
        conversion: Of currents into ion fluxes.

    Returns:
        The steps, with cycles counted through the whole protocol, and the repeats at their positions in it.
    """
    steps: list[ProtocolStep] = []
    repeats: list[Repeat] = []
    cycles = 0
    for entry in entries:
        repeats += (replace(repeat, first=len(steps) + repeat.first) for repeat in entry.repeats(conversion))
        own = entry.steps(conversion)
        steps += (
            replace(step, until=(*step.until, *limits), cycle=step.cycle and cycles + step.cycle)
            for step in own
        )
        cycles += max(step.cycle for step in own)
    return tuple(steps), tuple(repeats)
