from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxyshell.solver.bracketing import Place, between

# Of values of the size of one, as far as a voltage of 4.8 V is landed on.
NEAR = 4.8e-10


def evaluations(function: Callable[[float], float], most: int = 200) -> tuple[float, int]:
    """A root between 0 and 1, and evaluations besides those at the two ends."""
    lower, upper, third = Place(0.0, function(0.0)), Place(1.0, function(1.0)), None
    for number in range(1, most + 1):
        at = between(lower, upper, third)
        assert lower.at < at < upper.at
        place = Place(at, function(at))
        if abs(place.value) <= NEAR:
            return at, number
        if place.value * lower.value > 0:
            third, lower = lower, place
        else:
            third, upper = upper, place
    raise AssertionError(f"not found between {lower} and {upper}")


@pytest.mark.parametrize(
    ("function", "root"),
    [
        (lambda x: 0.05 - 0.1 * x, 0.5),
        (lambda x: math.exp(-2 * x) - 0.3, -math.log(0.3) / 2),
        (lambda x: 0.02 - 0.01 * math.expm1(3 * x), math.log(3.0) / 3),
        (lambda x: 0.5 - math.sqrt(x), 0.25),
        (lambda x: 0.05 - 0.08 * x - 0.03 * x**2, (math.sqrt(0.0064 + 0.006) - 0.08) / 0.06),
        # The end of a charge, where a surface is nearly exhausted.
        (lambda x: 0.2 + 0.1 * math.log(1 - 0.999 * x), -math.expm1(-2.0) / 0.999),
    ],
)
def test_a_smooth_function_takes_at_most_eight(function: Callable[[float], float], root: float) -> None:
    found, number = evaluations(function)
    assert number <= 8
    # The slopes here are at least 0.03.
    assert found == pytest.approx(root, abs=NEAR / 0.03)


@given(st.floats(1e-3, 1 - 1e-3), st.floats(0.2, 9.0), st.floats(-6.0, 6.0))
def test_the_root_of_a_falling_function_is_found(root: float, power: float, bend: float) -> None:
    """Also where straight lines and parabolas through its values lead astray: by halves, thirty steps do."""

    def function(x: float) -> float:
        return (root**power - x**power) * math.exp(bend * x)

    found, number = evaluations(function)
    assert abs(function(found)) <= NEAR
    assert number <= 45


def test_a_jump_is_narrowed_down_by_halves() -> None:
    lower, upper, third = Place(0.0, 1.0), Place(1.0, -1.0), None
    for _ in range(40):
        at = between(lower, upper, third)
        if at < 1 / 3:
            third, lower = lower, Place(at, 1.0)
        else:
            third, upper = upper, Place(at, -1.0)
    assert lower.at < 1 / 3 <= upper.at
    assert upper.at - lower.at < 1e-10


def test_a_function_that_is_below_zero_first_has_the_same_root() -> None:
    found, number = evaluations(lambda x: 0.3 - math.exp(-2 * x))
    assert found == pytest.approx(-math.log(0.3) / 2, abs=1e-8)
    assert number <= 8
