from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxyshell.solver.integrators.step_control import after_acceptance, after_rejection, seen_order

GROWTH = 5.0
ORDERS = st.integers(1, 4)
LENGTHS = st.floats(1e-9, 1e9)


def law(step: float, order: int, largest: float) -> float:
    """Error over tolerance of a step, of which `largest` is as long as the tolerance allows."""
    return float((step / largest) ** (order + 1))


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("ratio", [0.3, 0.6, 0.95])
def test_the_next_step_is_a_little_shorter_than_the_tolerance_allows(order: int, ratio: float) -> None:
    step = ratio * 7.0
    found = after_acceptance(step, step, law(step, order, 7.0), order, GROWTH)
    assert found == pytest.approx(0.9 * 7.0, rel=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("ratio", [1.001, 2.0, 8.0])
def test_a_rejected_step_is_tried_again_with_what_the_tolerance_allows(order: int, ratio: float) -> None:
    step = ratio * 7.0
    found = after_rejection(step, law(step, order, 7.0), order)
    assert found == pytest.approx(0.9 * 7.0, rel=1e-12)
    assert law(found, order, 7.0) < 1.0


@given(step=LENGTHS, error=st.floats(1.0, 1e300, exclude_min=True), order=ORDERS)
def test_a_rejected_step_becomes_shorter_but_not_at_once_a_tenth(
    step: float, error: float, order: int
) -> None:
    assert 0.1 * step <= after_rejection(step, error, order) <= 0.9 * step


@pytest.mark.parametrize("power", [0.3, 0.75])
def test_two_rejected_steps_show_that_errors_fall_slowly(power: float) -> None:
    """About a jump: the third step is the one that the tolerance allows."""
    errors = {step: (step / 7.0) ** power for step in (20.0, 13.0)}
    order = seen_order(20.0, errors[20.0], 13.0, errors[13.0], 3)
    assert order == pytest.approx(power - 1)
    found = after_rejection(13.0, errors[13.0], order)
    assert found == pytest.approx(0.9 * 7.0, rel=1e-12)


@pytest.mark.parametrize(
    "errors", [(math.nan, 2.0), (2.0, math.nan), (math.inf, 2.0), ((20 / 7) ** 4, (13 / 7) ** 4)]
)
def test_else_the_order_is_that_of_the_method(errors: tuple[float, float]) -> None:
    assert seen_order(20.0, errors[0], 13.0, errors[1], 3) == 3
    assert seen_order(math.nan, math.nan, 13.0, errors[1], 3) == 3


def test_errors_that_do_not_fall_at_all_shorten_the_step_to_a_tenth() -> None:
    assert after_rejection(13.0, 2.0, seen_order(20.0, 1.5, 13.0, 2.0, 3)) == pytest.approx(1.3)


@pytest.mark.parametrize("error", [math.nan, math.inf])
def test_of_what_could_not_be_solved_a_quarter_is_tried(error: float) -> None:
    assert after_rejection(8.0, error, 3) == 2.0


@given(step=LENGTHS, error=st.floats(0.0, 1.0), order=ORDERS)
def test_two_steps_in_a_row_differ_by_the_largest_growth_at_most(
    step: float, error: float, order: int
) -> None:
    found = after_acceptance(step, step, error, order, GROWTH)
    # An error at the tolerance asks for 0.9 of the step.
    assert 0.9 * step * (1 - 1e-12) <= found <= GROWTH * step


def test_no_error_at_all_is_no_reason_to_grow_without_end() -> None:
    assert after_acceptance(2.0, 2.0, 0.0, 3, GROWTH) == 10.0
    assert after_acceptance(2.0, 2.0, 0.0, 3, 1e9) == pytest.approx(2.0 * 0.9 * 1e3)


# Steps that were cut to land on a target.


def test_after_a_landing_the_step_is_what_it_would_have_been() -> None:
    # A hundredth of the step that was wanted, whose error says nothing against that.
    assert after_acceptance(0.01, 1.0, law(0.01, 3, 2.0), 3, GROWTH) == 1.0
    # Uncut, it could only have grown to five times itself.
    assert after_acceptance(0.01, 0.01, law(0.01, 3, 2.0), 3, GROWTH) == pytest.approx(0.05)


def test_after_a_landing_the_estimate_still_counts() -> None:
    # What was wanted turns out to be too long.
    assert after_acceptance(0.1, 1.0, law(0.1, 3, 0.7), 3, GROWTH) == pytest.approx(0.9 * 0.7)
    assert after_acceptance(0.1, 1.0, 1.0, 3, GROWTH) == pytest.approx(0.09)


def test_a_landing_that_was_hardly_shorter_lets_the_step_grow() -> None:
    assert after_acceptance(0.9, 1.0, 1e-9, 3, GROWTH) == pytest.approx(4.5)


@given(step=LENGTHS, share=st.floats(1e-6, 1.0), error=st.floats(0.0, 1.0), order=ORDERS)
def test_a_landing_costs_nothing(step: float, share: float, error: float, order: int) -> None:
    cut, uncut = (after_acceptance(step, wanted, error, order, GROWTH) for wanted in (step / share, step))
    assert uncut <= cut <= max(uncut, step / share)


def test_many_landings_do_not_shorten_the_steps() -> None:
    # A problem that allows steps of one, watched every 0.013.
    time, wanted, landings, taken = 0.0, 0.9, 0, 0
    for landing in (0.013 * n for n in range(1, 200)):
        while time < landing:
            step = min(wanted, landing - time)
            wanted = after_acceptance(step, wanted, law(step, 3, 1.0), 3, GROWTH)
            time, taken = landing if step == landing - time else time + step, taken + 1
        landings += 1
    assert taken == landings
    assert wanted == pytest.approx(0.9)
