from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from oxyshell.errors import InputError
from oxyshell.models.base.formula import NUMPY, UFL
from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.base.smooth_table import Differentiable, Slope, SmoothTable
from tests.models.ufl_values import number

OCCUPANCY, VALUES = (0.1, 0.4, 0.5, 0.9), (-3.0, 1.0, 4.0, 2.5)
TABLE = SmoothTable.through(OCCUPANCY, VALUES)
FUNCTIONS: dict[str, Differentiable] = {
    "table": TABLE,
    "formula": FormulaProperty.parse("exp(-2*theta) + theta**3", 0.5),
    "constant": Constant(2.5),
}
of_every_kind = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)


def test_a_smooth_table_is_the_monotone_cubic_of_scipy_between_its_ends() -> None:
    theta, scipy = np.linspace(0.1, 0.9, 161), PchipInterpolator(OCCUPANCY, VALUES)
    np.testing.assert_allclose(TABLE.value(theta, NUMPY), scipy(theta), rtol=0, atol=1e-13)
    np.testing.assert_allclose(TABLE.slope(theta, NUMPY), scipy(theta, 1), rtol=0, atol=1e-12)


def test_beyond_its_ends_it_goes_on_with_its_last_slopes() -> None:
    for end, value, outside in ((0.1, -3.0, (-0.5, 0.0)), (0.9, 2.5, (0.95, 1.2))):
        slope = float(TABLE.slope(np.float64(end), NUMPY))
        for theta in outside:
            assert TABLE.slope(np.float64(theta), NUMPY) == pytest.approx(slope, rel=1e-14)
            expected = value + slope * (theta - end)
            assert TABLE.value(np.float64(theta), NUMPY) == pytest.approx(expected, rel=1e-14)


def test_its_slope_does_not_jump() -> None:
    step = 1e-9
    for theta in OCCUPANCY:
        below, above = (float(TABLE.slope(np.float64(theta + side), NUMPY)) for side in (-step, step))
        # Second derivatives are below 1e3.
        assert above == pytest.approx(below, abs=2e3 * step)


def test_values_in_falling_order_make_the_same_table() -> None:
    assert SmoothTable.through(OCCUPANCY[::-1], VALUES[::-1]) == TABLE


def test_two_values_make_a_straight_line() -> None:
    line = SmoothTable.through((0.2, 0.7), (1.0, 2.0))
    np.testing.assert_allclose(line.slope(np.linspace(0, 1, 11), NUMPY), 2.0, rtol=1e-14)


@pytest.mark.parametrize(("occupancy", "values"), [((0.0,), (1.0,)), ((0.0, 1.0), (1.0, 2.0, 3.0))])
def test_a_table_without_values_for_its_occupancies_is_refused(
    occupancy: tuple[float, ...], values: tuple[float, ...]
) -> None:
    with pytest.raises(InputError, match=f"{len(occupancy)} occupancies and {len(values)} values"):
        SmoothTable.through(occupancy, values)


@of_every_kind
@pytest.mark.parametrize("theta", [0.05, 0.25, 0.47, 0.8, 0.95])
def test_the_slope_is_the_derivative_of_the_value(function: Differentiable, theta: float) -> None:
    h = 1e-5
    above, below = (float(function.value(np.float64(theta + side), NUMPY)) for side in (h, -h))
    # h² f'''/6 with |f'''| below 1e4, and round-off of 1e-15/h.
    assert float(function.slope(np.float64(theta), NUMPY)) == pytest.approx(
        (above - below) / (2 * h), abs=1e-6
    )


@of_every_kind
@pytest.mark.parametrize("theta", [0.05, 0.47, 0.95])
def test_a_slope_is_a_property_with_a_scale(function: Differentiable, theta: float) -> None:
    slope = Slope(function, 3.0)
    expected = 3.0 * float(function.slope(np.float64(theta), NUMPY))
    assert float(slope.value(np.float64(theta), NUMPY)) == expected
    assert number(slope.value(theta, UFL)) == pytest.approx(expected, rel=1e-13)
    start, end = (float(function.value(np.float64(place), NUMPY)) for place in (0.3, theta))
    assert number(slope.integral(0.3, theta, UFL)) == pytest.approx(3.0 * (end - start), rel=1e-12, abs=1e-14)
    assert (slope.domain, list(slope.samples())) == (function.domain, list(function.samples()))
