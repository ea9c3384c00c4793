"""Cycles of which a long protocol keeps profiles and fields."""

from __future__ import annotations

import pytest

from oxyshell.models.base.protocol import Protocol, ProtocolStep
from oxyshell.models.ions.exchange import IonExchange

STEPS = tuple(ProtocolStep("rest", IonExchange(), (), cycle=cycle) for cycle in (0, *range(1, 11), 0))


@pytest.mark.parametrize(
    ("every", "last", "kept"),
    [
        (1, 0, {*range(11)}),
        (4, 0, {0, 1, 4, 8}),
        (4, 2, {0, 1, 4, 8, 9, 10}),
        (100, 1, {0, 1, 10}),
        (100, 0, {0, 1}),
    ],
)
def test_the_first_every_nth_and_the_last_cycles_are_recorded(every: int, last: int, kept: set[int]) -> None:
    protocol = Protocol(STEPS, every_cycle=every, last_cycles=last)
    assert {cycle for cycle in range(11) if protocol.recorded(cycle)} == kept


def test_steps_outside_of_cycles_are_recorded_whatever_is_asked_of_the_cycles() -> None:
    protocol = Protocol(STEPS[:1], every_cycle=7)
    assert protocol.cycles == 0
    assert protocol.recorded(0)
