"""Properties of the occupancy in compiled forms: values, slopes and integrals over a line where θ = x."""

from __future__ import annotations

import numpy as np
import pytest
import ufl
from dolfinx import fem
from dolfinx.mesh import create_interval
from mpi4py import MPI

from oxyshell.models.base.dimension import map_numbers, structure
from oxyshell.models.base.pieces import ACCURACY
from oxyshell.models.base.properties import FormulaProperty, Property, Table
from tests.models.formulas import EXACT

# Of each kind one or two: peak, hair, kink, edge, root at either end and inside, oscillation.
FORMULAS = (
    "-2e-7 + 6e-6*exp(-((theta-0.2)/0.04)**2)",
    "1e-3 + exp(-((theta-0.21234567)/1e-6)**2)",
    "6e-6*max(0.3-theta, 0)",
    "tanh((theta-0.5)/1e-4)",
    "1/(1 + exp(2000*(theta-0.5)))",
    "sqrt(theta)",
    "sqrt(1 - theta)",
    "abs(theta-0.5)**0.5",
    "log(theta + 0.001)",
    "sin(200*theta)",
)
# Where slopes are infinite, and where a trial step may lead.
EDGES = (0.0, 0.5, 1.0, -1e-9, 1 + 1e-9, -1e-3, 1 + 1e-3, -2e-3)
START = 0.999


class Compiled:
    """Value, slope, integral from `START` and its slope, of properties whose numbers are constants."""

    def __init__(self, properties: list[Property]) -> None:
        self.mesh = create_interval(MPI.COMM_SELF, 60, (0.0, 1.0))
        space = fem.functionspace(self.mesh, ("DG", 3))
        self.theta = fem.Function(space)
        self.places = space.tabulate_dof_coordinates()[:, 0]
        self.constants: list[fem.Constant] = []
        variable = ufl.variable(self.theta)
        entries = []
        for one in properties:
            symbolic = map_numbers(one, self._constant)
            value, integral = (
                symbolic.value(variable),
                symbolic.integral(fem.Constant(self.mesh, START), variable),
            )
            entries += [value, ufl.diff(value, variable), integral, ufl.diff(integral, variable)]
        self.expression = fem.Expression(ufl.as_vector(entries), space.element.interpolation_points)
        self.cells = np.arange(60, dtype=np.int32)

    def _constant(self, _path: str, value: float, _dimension: object) -> fem.Constant:
        self.constants.append(fem.Constant(self.mesh, value))
        return self.constants[-1]

    def at(self, theta: np.ndarray) -> np.ndarray:
        """Shape (properties, 4, points)."""
        self.theta.x.array[: len(theta)] = theta
        values = self.expression.eval(self.mesh, self.cells).reshape(self.theta.x.array.size, -1)
        return values[: len(theta)].T.reshape(-1, 4, len(theta))


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return Compiled([FormulaProperty.parse(text) for text in FORMULAS])


def test_integrals_in_forms_are_exact_at_any_scale(compiled: Compiled) -> None:
    theta = compiled.places
    found = compiled.at(theta)
    for text, (_, _, integral, _) in zip(FORMULAS, found, strict=True):
        exact = EXACT[text](theta)
        tolerance = 2 * ACCURACY * np.ptp(EXACT[text](np.linspace(0.0, 1.0, 1001)))
        np.testing.assert_allclose(integral, exact - EXACT[text](START), rtol=0, atol=tolerance, err_msg=text)


def test_the_slope_of_an_integral_is_the_value(compiled: Compiled) -> None:
    found = compiled.at(compiled.places)
    for text, (value, _, _, slope) in zip(FORMULAS, found, strict=True):
        # A root's last piece has a width w with w^(3/2) = ACCURACY, and there a value of w^(1/2) itself.
        tolerance = ACCURACY ** (1 / 3) * np.abs(value).max()
        np.testing.assert_allclose(slope, value, rtol=0, atol=tolerance, err_msg=text)


def test_values_and_slopes_are_numbers_wherever_a_step_leads(compiled: Compiled) -> None:
    found = compiled.at(np.array(EDGES))
    assert np.isfinite(found).all()
    values = dict(zip(FORMULAS, found[:, 0], strict=True))
    slopes = dict(zip(FORMULAS, found[:, 1], strict=True))
    # At the ends, and beyond them by round-off, a formula has the value of the end.
    assert values["sqrt(theta)"][[0, 3, 5]] == pytest.approx(0.0, abs=1e-12)
    assert values["sqrt(1 - theta)"][[2, 4, 6]] == pytest.approx(0.0, abs=1e-12)
    assert values["abs(theta-0.5)**0.5"][1] == pytest.approx(0.0, abs=1e-12)
    assert values["tanh((theta-0.5)/1e-4)"][[0, 1, 2]] == pytest.approx([-1.0, 0.0, 1.0], abs=1e-14)
    assert slopes["tanh((theta-0.5)/1e-4)"][[0, 1, 2]] == pytest.approx([0.0, 1e4, 0.0], rel=1e-12, abs=1e-9)
    assert values["1/(1 + exp(2000*(theta-0.5)))"][[0, 1, 2]] == pytest.approx([1.0, 0.5, 0.0], abs=1e-14)
    assert slopes["1/(1 + exp(2000*(theta-0.5)))"][1] == pytest.approx(-500.0, rel=1e-12)


def test_another_place_of_a_kink_needs_no_other_form(compiled: Compiled) -> None:
    texts = [text.replace("0.3-theta", "0.6-theta") for text in FORMULAS]
    others = [FormulaProperty.parse(text) for text in texts]
    assert [structure(one) for one in others] == [structure(FormulaProperty.parse(text)) for text in FORMULAS]
    numbers: list[float] = []
    before = [float(constant.value) for constant in compiled.constants]
    for one in others:
        map_numbers(one, lambda _path, value, _dimension: numbers.append(value))
    for constant, number in zip(compiled.constants, numbers, strict=True):
        constant.value = number
    integral = compiled.at(compiled.places)[FORMULAS.index("6e-6*max(0.3-theta, 0)"), 2]
    for constant, number in zip(compiled.constants, before, strict=True):
        constant.value = number
    expected = -3e-6 * np.maximum(0.6 - compiled.places, 0.0) ** 2
    np.testing.assert_allclose(integral, expected, rtol=0, atol=2 * ACCURACY * 3e-6 * 0.36)


def test_a_table_in_a_form_has_the_value_slope_and_integral_of_its_lines() -> None:
    table = Table((0.1, 0.4, 0.5, 0.9), (3.0, 1.0, 4.0, 2.5))
    compiled = Compiled([table])
    theta = np.array([-0.2, 0.05, 0.25, 0.45, 0.7, 0.95, 1.2])
    value, slope, integral, rise = compiled.at(theta)[0]
    expected = np.interp(theta, table.occupancy, table.values)
    np.testing.assert_allclose(value, expected, rtol=1e-13)
    np.testing.assert_allclose(rise, expected, rtol=1e-13)
    np.testing.assert_allclose(slope, [0, 0, -20 / 3, 30, -3.75, 0, 0], rtol=1e-12)
    # By trapezia, from 0.999: exact for straight lines whose corners are among the points.
    fine = np.unique(np.concatenate([theta, table.occupancy, [START]]))
    heights = np.interp(fine, table.occupancy, table.values)
    areas = np.concatenate([[0.0], np.cumsum(np.diff(fine) * (heights[1:] + heights[:-1]) / 2)])
    np.testing.assert_allclose(
        integral, np.interp(theta, fine, areas) - np.interp(START, fine, areas), atol=1e-13
    )
