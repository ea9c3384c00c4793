from __future__ import annotations

import math

import numpy as np
import pytest

from oxyshell.solver.extrapolation import extrapolate
from oxyshell.solver.integrators.backward_differences import _differences, _error_share
from oxyshell.solver.state import Array

STEPS = [(0.1, 0.1, 0.1), (0.1, 0.2, 0.05), (0.5, 0.1, 0.3)]


def slope(step: float, past: list[float], values: list[float], new: float) -> float:
    lead, weights = _differences(step, past)
    return (lead * new + sum(w * value for w, value in zip(weights, values, strict=True))) / step


@pytest.mark.parametrize(("step", "first", "second"), STEPS)
def test_two_past_values_give_the_slope_of_any_parabola(step: float, first: float, second: float) -> None:
    def parabola(t: float) -> float:
        return 3 * t**2 - 2 * t + 1

    past = [0.7, 0.7 - first]
    new = 0.7 + step
    found = slope(step, past, [parabola(t) for t in past], parabola(new))
    assert found == pytest.approx(6 * new - 2, rel=1e-12)


def test_one_past_value_gives_the_slope_of_a_line() -> None:
    assert slope(0.2, [0.7], [2.4], 2.4 + 0.2 * 5) == pytest.approx(5.0)


def test_slopes_have_order_two() -> None:
    errors = []
    for h in (0.1, 0.05, 0.025):
        past = [1.0 - h, 1.0 - 2.5 * h]
        errors.append(abs(slope(h, past, [math.exp(t) for t in past], math.e) - math.e))
    assert math.log2(errors[-2] / errors[-1]) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(("step", "first", "second"), STEPS)
def test_the_error_of_a_cubic_is_estimated_exactly(step: float, first: float, second: float) -> None:
    times = [0.7, 0.7 - first, 0.7 - first - second]
    new = 0.7 + step

    def cubic(t: float) -> float:
        return 2 * t**3 - t

    lead, weights = _differences(step, times)
    known = [cubic(t) for t in times]
    solved = (step * (6 * new**2 - 1) - sum(w * v for w, v in zip(weights, known, strict=False))) / lead
    guessed = extrapolate([(t, np.array([v])) for t, v in zip(times, known, strict=True)], new)[0]
    error = abs(solved - cubic(new))
    assert _error_share(step, times) * abs(solved - guessed) == pytest.approx(error, rel=1e-9)


def test_errors_of_the_first_steps_are_not_underestimated() -> None:
    # y' = −y: backward Euler against a constant, then BDF2 against a straight line.
    h = 0.01
    euler = 1 / (1 + h)
    assert _error_share(h, [0.0]) * (1 - euler) >= 0.99 * abs(euler - math.exp(-h))
    times = [h, 0.0]
    lead, weights = _differences(h, times)
    known = [math.exp(-h), 1.0]
    solved = -sum(w * v for w, v in zip(weights, known, strict=True)) / (lead + h)
    guessed = 2 * known[0] - known[1]
    assert _error_share(h, times) * abs(solved - guessed) >= abs(solved - math.exp(-2 * h))


@pytest.mark.parametrize("first", [0.3, 3.0, 300.0])
def test_the_error_after_a_bend_is_not_underestimated_after_longer_steps(first: float) -> None:
    # y is 0 up to the present, and t² from now on.
    step, times = 1.0, [0.0, -first, -2 * first]
    lead, weights = _differences(step, times)
    solved = 2 * step**2 / lead
    assert weights[0] < 0
    assert _error_share(step, times) * solved >= 0.3 * abs(solved - step**2)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_extrapolation_is_exact_for_polynomials(count: int) -> None:
    def values(t: float) -> Array:
        return np.array([t ** (count - 1), 1.0 - (t - 2.0) ** (count - 1)])

    past = [(t, values(t)) for t in (0.9, 0.6, 0.1)[:count]]
    assert extrapolate(past, 1.7) == pytest.approx(values(1.7), rel=1e-12)
    assert extrapolate(past, 0.9) == pytest.approx(values(0.9), rel=1e-14)


def test_extrapolation_makes_new_values() -> None:
    known = np.array([1.0])
    extrapolate([(0.0, known)], 1.0)[0] = 5.0
    assert known[0] == 1.0
