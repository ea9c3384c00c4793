from __future__ import annotations

import numpy as np
import pytest

from oxyshell.errors import InputError
from oxyshell.models.base.formula import NUMPY, parse
from oxyshell.models.base.pieces import ACCURACY, GAUSS, MOST_PIECES, pieces, samples
from oxyshell.models.base.properties import FormulaProperty
from tests.models.formulas import EXACT, occupancies


@pytest.mark.parametrize("text", EXACT)
def test_the_integral_is_exact_at_any_scale(text: str) -> None:
    theta = occupancies()
    expected = EXACT[text](theta)
    found = FormulaProperty.parse(text).integral(0.0, theta, NUMPY)
    # Gauss' rule on a piece errs by at most ACCURACY; the primitive at its beginning by far less.
    np.testing.assert_allclose(found, expected, rtol=0, atol=ACCURACY * (np.ptp(expected) or 1.0))


@pytest.mark.parametrize("start", [0.0, 0.3, 0.999])
def test_an_integral_may_begin_anywhere(start: float) -> None:
    text = "-2e-7 + 6e-6*exp(-((theta-0.2)/0.04)**2)"
    theta = occupancies()
    exact = EXACT[text](theta)
    found = FormulaProperty.parse(text, 2.0).integral(start, theta, NUMPY)
    expected = 2.0 * (exact - EXACT[text](start))
    np.testing.assert_allclose(found, expected, rtol=0, atol=2 * 2 * ACCURACY * np.ptp(exact))


def test_few_pieces_do() -> None:
    counts = {text: len(pieces(parse(text)).breaks) + 1 for text in EXACT}
    assert counts["1 - 0.9*theta"] == 1
    # A kink is found as a place, and so ends a piece.
    assert [counts[text] for text in ("6e-6*max(0.3-theta, 0)", "abs(theta - 0.7123)")] == [2, 2]
    assert counts["-2e-7 + 6e-6*exp(-((theta-0.2)/0.04)**2)"] < 16
    assert max(counts.values()) <= MOST_PIECES


def test_a_polynomial_of_degree_eleven_is_one_piece() -> None:
    assert pieces(parse("theta**11 - 3*theta**7 + 1")).breaks == ()
    points, weights = np.array(GAUSS).T
    for degree in range(12):
        assert weights @ points**degree == pytest.approx(1 / (degree + 1), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1/(theta - 0.30001)", "theta = 0.30001"),
        ("1/(theta - 0.30001)**2", "theta = 0.30001"),
        ("1/abs(theta - 0.123456)**0.5", "theta = 0.123456"),
        ("1/(exp(theta) - 1.5)", "theta = 0.405465"),
        ("sqrt(theta - 0.1)", "without a number near theta = 0"),
        ("sin(2000*theta)", "changes too often"),
        ("sin(1e5*theta)", "changes too often"),
        ("sin(1/(theta + 1e-6))", "changes too often"),
    ],
)
def test_a_formula_without_a_known_integral_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pieces(parse(text))


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        # Between two points of a uniform grid: a dip, a peak, a pole of either sign.
        ("1 - 2*exp(-((theta-0.500123)/1e-6)**2)", -1.0, 1.0),
        ("1 + 1/((theta-0.31234)**2*1e12 + 0.1)", 1.0, 11.0),
        ("1e8*(theta-0.50012)**2 - 0.0001", -1e-4, None),
        ("tanh((theta-0.777)/1e-7)", -1.0, 1.0),
    ],
)
def test_samples_show_the_range_of_a_formula(text: str, lowest: float, highest: float | None) -> None:
    formula = parse(text)
    theta = samples(formula)
    values = formula.values(theta)
    assert (theta[0], theta[-1]) == (0.0, 1.0)
    # An extremum is found to about the root of the smallest difference of its argument.
    assert values.min() == pytest.approx(lowest, abs=1e-5)
    assert highest is None or values.max() == pytest.approx(highest, rel=1e-3)


def test_a_kink_is_found_to_round_off() -> None:
    theta = samples(parse("max(theta - 0.71234567, 0)"))
    assert np.abs(theta - 0.71234567).min() < 1e-15


def test_a_pole_between_points_shows() -> None:
    formula = parse("1/(theta - 0.30001)")
    theta = samples(formula)
    with np.errstate(divide="ignore"):
        assert np.abs(1 / (theta - 0.30001)).max() > 1e12
