"""Arithmetic of jumps over cycles."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import pytest

from oxyshell.solver import jumping
from oxyshell.solver.extrapolated_groups import summed
from oxyshell.solver.jumping import JumpMemory


@pytest.mark.parametrize("cycles", [1, 2, 3, 17, 250])
def test_gains_on_a_straight_line_are_summed_up_exactly(cycles: int) -> None:
    """y(c + h) of gains g(n) = 3 − n/100, added one by one."""
    gains = [3 - number / 100 for number in range(cycles + 1)]
    found = jumping.between({"y": 5.0}, {"y": gains[0]}, {"y": gains[-1]}, cycles)
    assert found["y"] == pytest.approx(5.0 + math.fsum(gains[:-1]), rel=1e-14)


def test_the_error_is_what_the_first_gain_alone_misses() -> None:
    first, second = {"y": 3.0}, {"y": 2.0}
    alone = jumping.along({"y": 5.0}, first, 11)["y"]
    both = jumping.between({"y": 5.0}, first, second, 11)["y"]
    assert jumping.errors(first, second, 11)["y"] == pytest.approx(abs(alone - both))


@pytest.mark.parametrize(("ratio", "apart"), [(0.98, 1), (0.5, 7), (0.02, 40)])
def test_gains_that_fall_are_a_geometric_series(ratio: float, apart: int) -> None:
    step = ratio ** (1 / apart)
    terms = list(itertools.accumulate([step] * 30, lambda gain, factor: gain * factor))
    assert summed(ratio, apart, 30) == pytest.approx(math.fsum(terms), rel=1e-12)


@pytest.mark.parametrize("ratio", [1.0, 1.4, -0.3])
def test_other_gains_are_a_straight_line(ratio: float) -> None:
    terms = [1 + (ratio - 1) * number / 10 for number in range(1, 9)]
    assert summed(ratio, 10, 8) == pytest.approx(math.fsum(terms), rel=1e-14)


def test_the_length_follows_the_error() -> None:
    """It grows with the square of the length."""
    memory = JumpMemory().accepted(20, 1e-3, 4e-3)
    assert memory.ahead == math.floor(20 * 0.9 * 2)
    assert memory.taken_back(36, 9e-3, 1e-3).ahead == math.floor(36 * 0.9 / 3)
    assert memory.accepted(20, 0.0, 1e-3).ahead == 60
    assert (memory.made, memory.skipped, memory.sum_of_errors) == (1, 18, 1e-3)


def test_where_even_the_shortest_jump_is_too_long_cycles_are_simulated_ever_longer() -> None:
    memory, waits = JumpMemory(), []
    for _ in range(4):
        memory, wait = memory.taken_back(3, 1.0, 1e-3), 0
        while jumping.length_of_jump(memory.ahead, 100, 100) == 1:
            memory, wait = memory.one_more(), wait + 1
        waits.append(wait)
    assert waits == [1, 2, 4, 8]
    assert memory.accepted(3, 1e-4, 1e-3).wait == 1


@pytest.mark.parametrize(
    ("ahead", "longest", "remaining", "length"),
    [(10, 100, 50, 10), (10, 7, 50, 7), (10, 100, 4, 4), (10, 100, 2, 1), (2, 100, 50, 1), (10, 1, 50, 1)],
)
def test_a_jump_is_at_least_three_cycles_long(ahead: int, longest: int, remaining: int, length: int) -> None:
    assert jumping.length_of_jump(ahead, longest, remaining) == length


def test_the_capacity_knows_of_effects_that_the_law_does_not() -> None:
    """A number whose error is a tenth of its change, and a capacity that fell by a fifth with it."""

    def hardly(numbers: Mapping[str, float]) -> float:
        return 1 - 1e-6 * numbers["y"]

    error = jumping.error_of_capacity({"y": 1.0}, {"y": 2.0}, {"y": 0.1}, (100.0, 80.0), hardly)
    assert error == pytest.approx(0.02)
    by_law = jumping.error_of_capacity(
        {"y": 1.0}, {"y": 2.0}, {"y": 0.1}, (100.0, 100.0), lambda numbers: 1 - 0.5 * numbers["y"]
    )
    assert by_law == pytest.approx(0.05)
    # Without any number, all of a change is unexplained.
    assert jumping.error_of_capacity({}, {}, {}, (100.0, 99.0), lambda _: 1.0) == pytest.approx(0.01)


def test_a_number_that_the_capacity_does_not_depend_on_has_an_error_of_its_own() -> None:
    """As a fade that is only reported: a share of itself."""
    numbers, reached = {"y": 1.0, "fade": 0.1}, {"y": 1.0, "fade": 0.5}
    missed = {"y": 0.0, "fade": 0.02}
    error = jumping.error_of_capacity(
        numbers, reached, missed, (100.0, 100.0), lambda numbers: 1 - 0.5 * numbers["y"]
    )
    assert error == pytest.approx(0.04)


def test_gains_that_cancel_are_an_error_without_bound() -> None:
    """Nothing of a change of the capacity is explained by a number that came back to where it was."""
    error = jumping.error_of_capacity({"y": 1.0}, {"y": 1.0}, {"y": 0.1}, (100.0, 99.0), lambda _: 1.0)
    assert error == math.inf
    assert jumping.error_of_capacity({"y": 1.0}, {"y": 1.0}, {"y": 0.0}, (100.0, 99.0), lambda _: 1.0) == 0
