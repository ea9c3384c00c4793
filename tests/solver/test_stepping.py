"""Lengths of time steps after one that was refused."""

from __future__ import annotations

import math

import pytest

from oxyshell.models.base.protocol import Protocol, Stop
from oxyshell.solver.state import State
from tests.solver.analytic import charge, time
from tests.solver.gauge import FREE, down_to, level, up_to

LONGEST = 0.01


def solvable(_state: State, step: float) -> float:
    """Steps are far better than they need to be, or cannot be solved."""
    return 1e-6 if step <= LONGEST else math.nan


def followed(*ends: Stop) -> tuple[float, list[float]]:
    """Refused steps over accepted ones, and the lengths of those that were tried."""
    gauge = level(lambda t: t)
    gauge.error = solvable
    last = list(gauge.run(Protocol((charge(*ends),)), FREE(first_step=1e-4)))[-1]
    assert last.ended_by == ends[0]
    return last.rejected / last.steps, [step for _, step in gauge.tried]


@pytest.mark.parametrize("ends", [(), (up_to(9.0),), (down_to(-9.0),)])
def test_a_refused_length_is_come_back_to_slowly(ends: tuple[Stop, ...]) -> None:
    share, tried = followed(time(1.0), *ends)
    # A quarter of a length that was refused, half as long again, and then at most five times as long.
    assert share < 0.7
    kept = [step for step in tried if step <= LONGEST]
    assert max(kept) > 0.5 * LONGEST
    # A step after a refused one is kept, and the one after that is at most half as long again.
    following = [
        (two, three)
        for one, two, three in zip(tried, tried[1:], tried[2:], strict=False)
        if one > LONGEST >= two
    ]
    assert max(three / two for two, three in following) < 1.5 + 1e-9
