"""Turns within a time step, from the distances at its ends and at one state before it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from oxyshell.solver.turning import turns_at


def found(distance: Callable[[float], float], side: int = 1, back: float = -1.0) -> float | None:
    """For a step of one second, from the signed distance to an end as a function of the time in it."""
    before = (10.0 + back, 7.0, side * distance(back))
    return turns_at(10.0, 1.0, before, [(0, 5.0, 5.0), (side, side * distance(0.0), side * distance(1.0))])


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("lowest", [-0.1, 0.01, 0.0])
def test_the_turn_of_a_parabola_is_found_from_either_side(lowest: float, side: int) -> None:
    assert found(lambda t: (t - 0.4) ** 2 + lowest, side) == pytest.approx(0.4)


def test_a_parabola_is_found_from_a_state_at_any_distance() -> None:
    assert found(lambda t: (t - 0.4) ** 2 - 0.01, back=-0.1) == pytest.approx(0.4)


@pytest.mark.parametrize(
    "distance",
    [
        lambda t: 1.0 - 0.9 * t,
        lambda t: 1.0 + t,
        lambda t: 0.1 + (t - 0.5) ** 2 * 0.1,
        lambda t: 0.1 - (t - 0.5) ** 2,
        lambda t: (t + 0.1) ** 2,
        lambda t: (t - 1.2) ** 2,
        lambda t: 1.0,
    ],
    ids=["falls evenly", "rises", "stays away", "turns away", "turned before", "turns later", "stays"],
)
def test_nothing_is_looked_for_where_nothing_turns_beyond_its_end(distance: Callable[[float], float]) -> None:
    assert found(distance) is None


def test_a_valley_of_a_cosine_is_found() -> None:
    """A parabola finds a third of its depth only."""
    at = found(lambda t: 0.9 - math.sin(math.pi * t), back=-0.5)
    assert at is not None
    assert 0.9 - math.sin(math.pi * at) < 0


def test_without_a_state_before_nothing_is_looked_for() -> None:
    assert turns_at(10.0, 1.0, (), [(1, 0.1, 0.1)]) is None


def test_of_several_ends_the_first_turn_counts() -> None:
    def away(turn: float, at: float) -> float:
        return (at - turn) ** 2

    before = (9.0, away(0.6, -1.0), away(0.3, -1.0))
    ends = [(1, away(turn, 0.0), away(turn, 1.0)) for turn in (0.6, 0.3)]
    assert turns_at(10.0, 1.0, before, ends) == pytest.approx(0.3)
