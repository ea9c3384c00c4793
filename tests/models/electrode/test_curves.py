from __future__ import annotations

import numpy as np
import pytest

from oxyshell.models.base.formula import NUMPY, UFL
from oxyshell.models.base.properties import Table
from oxyshell.models.electrode.potential import Curve
from oxyshell.models.electrode.potentials.constant import ConstantCurve
from oxyshell.models.electrode.potentials.formula import FormulaCurve
from oxyshell.models.electrode.potentials.table import TableCurve
from tests.models.electrode.potentials import NMC811, nmc811
from tests.models.ufl_values import number

TABLE = TableCurve(Table((0.1, 0.4, 0.5, 0.9), (4.5, 4.1, 3.9, 3.5)))
CURVES: dict[str, Curve] = {
    "constant": ConstantCurve(3.9),
    "table": TABLE,
    "nmc811": FormulaCurve.parse(NMC811),
    "nernst": FormulaCurve.parse("3.9 - 0.0257*log(x/(1 - x)) + sqrt(x) - exp(x**2/2)"),
    "kinks": FormulaCurve.parse("4 - max(x, 0.45)**1.5 + min(0.2, 1 - x) - abs(0.3 - x)/3"),
    "waves": FormulaCurve.parse("4 - x - sin(3*x)/5 + cos(2*x)/(9 + x)"),
}
CONTENTS = [0.05, 0.15, 0.42, 0.62, 0.83, 0.95]


@pytest.fixture(params=CURVES)
def curve(request: pytest.FixtureRequest) -> Curve:
    return CURVES[request.param]


def at(curve: Curve, x: float) -> float:
    return float(np.asarray(curve.value(x, NUMPY)))


@pytest.mark.parametrize("x", CONTENTS)
def test_expressions_and_numbers_agree(curve: Curve, x: float) -> None:
    assert number(curve.value(x, UFL)) == pytest.approx(at(curve, x), rel=1e-13)
    # 17.7 sech² terms of NMC811 cancel each other.
    slope = float(np.asarray(curve.slope(x, NUMPY)))
    assert number(curve.slope(x, UFL)) == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize("x", CONTENTS)
def test_a_slope_is_that_of_the_value(curve: Curve, x: float) -> None:
    def off(h: float) -> float:
        return (at(curve, x + h) - at(curve, x - h)) / (2 * h)

    coarse, fine = off(1e-4), off(5e-5)
    slope = float(np.asarray(curve.slope(x, NUMPY)))
    # Central differences, extrapolated; their change bounds the error, besides round-off of 4e-16/5e-5.
    assert slope == pytest.approx((4 * fine - coarse) / 3, abs=abs(fine - coarse) / 4 + 1e-10)


def test_arrays_keep_their_shape(curve: Curve) -> None:
    x = np.array(CONTENTS)
    values, slopes = np.asarray(curve.value(x, NUMPY)), np.asarray(curve.slope(x, NUMPY))
    assert values.shape == slopes.shape == x.shape
    np.testing.assert_allclose(values, [at(curve, one) for one in CONTENTS], rtol=1e-15)


def test_nmc811_is_as_published() -> None:
    x = np.linspace(0, 1, 101)
    # Terms of 17.7 V cancel each other: 2e-15 each.
    np.testing.assert_allclose(CURVES["nmc811"].value(x, NUMPY), nmc811(x), rtol=0, atol=1e-14)
    assert at(CURVES["nmc811"], 1.0) == pytest.approx(3.4873, abs=5e-5)


def test_a_table_is_constant_beyond_its_ends() -> None:
    x = np.array([0.0, 0.05, 0.95, 1.0])
    np.testing.assert_array_equal(TABLE.value(x, NUMPY), [4.5, 4.5, 3.5, 3.5])
    np.testing.assert_array_equal(TABLE.slope(x, NUMPY), 0.0)


def test_only_a_table_has_ends_and_only_a_constant_no_limits() -> None:
    assert {name: one.domain for name, one in CURVES.items() if one.domain} == {"table": (0.1, 0.9)}
    assert [name for name, one in CURVES.items() if not one.bounded] == ["constant"]
