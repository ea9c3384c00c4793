from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from oxyshell.errors import InputError
from oxyshell.models.base.formula import NUMPY, UFL
from oxyshell.models.base.properties import Constant, FormulaProperty, Property, Table
from tests.models.ufl_values import number

TABLE = Table((0.1, 0.4, 0.5, 0.9), (3.0, 1.0, 4.0, 2.5))
PROPERTIES: dict[str, Property] = {
    "constant": Constant(2.5),
    "table": TABLE,
    "polynomial": FormulaProperty.parse("1 - 0.9*theta + 2*theta**11", 3.0),
    "smooth": FormulaProperty.parse("exp(-2*theta) + 1/(1 + theta)", 0.5),
}
NODES = [0.0, *TABLE.occupancy, 1.0]


@pytest.fixture(params=PROPERTIES)
def any_property(request: pytest.FixtureRequest) -> Property:
    return PROPERTIES[request.param]


def at(one: Property, theta: float) -> float:
    return float(np.asarray(one.value(theta, NUMPY)))


@pytest.mark.parametrize("theta", [0.0, 0.1, 0.3, 0.45, 0.7, 1.0])
def test_symbols_and_numbers_agree(any_property: Property, theta: float) -> None:
    assert number(any_property.value(theta, UFL)) == pytest.approx(at(any_property, theta), rel=1e-14)
    assert number(any_property.integral(0.999, theta, UFL)) == pytest.approx(
        float(any_property.integral(0.999, theta, NUMPY)), rel=1e-13, abs=1e-14
    )


@pytest.mark.parametrize(("start", "theta"), [(0.999, 0.0), (0.999, 0.45), (0.2, 0.8), (0.6, 0.6)])
def test_the_integral_is_that_of_the_value(any_property: Property, start: float, theta: float) -> None:
    expected, uncertainty = quad(
        lambda x: at(any_property, x), start, theta, points=NODES, epsabs=1e-13, epsrel=1e-13
    )
    assert uncertainty < 1e-11
    # Six Gauss points are exact up to degree 11; beyond, they err by (6!)⁴/(13 (12!)³) f⁽¹²⁾ ≤ 4.5e-8 here.
    tolerance = 4.5e-8 if any_property is PROPERTIES["smooth"] else 1e-12
    assert float(any_property.integral(start, theta, NUMPY)) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("theta", [0.05, 0.25, 0.47, 0.8, 0.95])
def test_the_slope_of_the_integral_is_the_value(any_property: Property, theta: float) -> None:
    h = 1e-4
    above, below = (float(any_property.integral(0.999, theta + s, NUMPY)) for s in (h, -h))
    # Central difference: h² f''/6 with |f''| below 1e3, and round-off of 1e-16/h.
    assert (above - below) / (2 * h) == pytest.approx(at(any_property, theta), abs=1e3 * h**2 / 6)


def test_a_table_is_linear_between_its_points_and_constant_beyond() -> None:
    theta = np.linspace(-0.5, 1.5, 201)
    expected = np.interp(theta, TABLE.occupancy, TABLE.values)
    np.testing.assert_allclose(TABLE.value(theta, NUMPY), expected, rtol=1e-13)


@pytest.mark.parametrize(("occupancy", "values"), [((0.0,), (1.0,)), ((0.0, 1.0), (1.0, 2.0, 3.0))])
def test_a_table_without_values_for_its_occupancies_is_refused(
    occupancy: tuple[float, ...], values: tuple[float, ...]
) -> None:
    with pytest.raises(InputError, match=f"{len(occupancy)} occupancies and {len(values)} values"):
        Table(occupancy, values)


def test_only_a_table_has_ends() -> None:
    domains = {name: one.domain for name, one in PROPERTIES.items()}
    assert domains == {"constant": None, "table": (0.1, 0.9), "polynomial": None, "smooth": None}


def test_samples_go_from_end_to_end(any_property: Property) -> None:
    theta = any_property.samples()
    assert (theta[0], theta[-1]) == (0.0, 1.0)
    assert (np.diff(theta) > 0).all()


def test_the_scale_of_an_expression_carries_its_unit() -> None:
    assert at(FormulaProperty.parse("1 - theta", 1e-19), 0.25) == pytest.approx(7.5e-20, rel=1e-14, abs=0)
