from __future__ import annotations

import math
from functools import partial

import pytest

from oxyshell.solver.step_control import after_acceptance, after_rejection

ORDER = 2
after = partial(after_acceptance, order=ORDER, growth=5.0)


def test_a_step_goes_with_the_root_of_the_error_and_some_margin() -> None:
    # A third-order error of 1/8 allows twice the length, of which nine tenths are taken.
    assert after(1.0, 1.0, 1 / 8) == pytest.approx(1.8, rel=1e-12)
    assert after_rejection(1.0, 8.0, ORDER) == pytest.approx(0.45, rel=1e-12)


def test_neither_way_a_step_changes_by_more_than_it_may() -> None:
    assert after(1.0, 1.0, 0.0) == pytest.approx(5.0)
    assert after(1.0, 1.0, 1.0) == pytest.approx(0.9)
    assert after_rejection(1.0, 1e30, ORDER) == pytest.approx(0.1)
    assert after_rejection(1.0, 1.0 + 1e-9, ORDER) == pytest.approx(0.9)
    for error in (math.nan, math.inf):
        assert after_rejection(1.0, error, ORDER) == pytest.approx(0.25)


def test_a_step_that_was_cut_is_followed_by_one_as_it_would_have_been() -> None:
    # Cut to a thousandth, its error is next to nothing: the length that was wanted is what is known.
    assert after(1e-3, 1.0, 1e-12) == pytest.approx(1.0)
    # If its error says that less is possible, that counts; at least what it could grow to by itself.
    assert after(0.1, 1.0, 1 / 8) == pytest.approx(0.18)
    assert after(0.5, 1.0, 1e-3) == pytest.approx(2.5)


@pytest.mark.parametrize("error", [0.0, 1e-6, 0.3, 1.0])
@pytest.mark.parametrize("rounded", [0.0, 1e-15, 1e-9])
def test_a_step_that_was_rounded_was_not_cut(rounded: float, error: float) -> None:
    step = 1.0 - rounded
    assert after(step, 1.0, error) == after(step, step, error)
