from __future__ import annotations

import dataclasses
import tempfile
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI
from scipy.optimize import brentq

from oxyshell.errors import InputError
from oxyshell.models.base.dimension import Units, structure
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.electrode.potential import thermodynamic_factor
from oxyshell.models.electrode.potentials.msmr import MsmrCurve
from oxyshell.solver.constants import ModelConstants
from tests.models.electrode.potentials import (
    DISCHARGE,
    FIRST_CHARGE,
    REACTIONS,
    THERMAL_VOLTAGE,
    Reactions,
    contents,
    msmr,
)


@pytest.fixture(params=REACTIONS)
def reactions(request: pytest.FixtureRequest) -> Reactions:
    return REACTIONS[request.param]


def filled_and_empty(reactions: Reactions, potential: float) -> tuple[float, float]:
    """x and 1 − x at a potential, each to its last digits, written without the package."""
    centres, shares, widths = (np.array(column) for column in reactions)
    z = (potential - centres) / (widths * THERMAL_VOLTAGE)
    shares = shares / shares.sum()
    with np.errstate(over="ignore"):
        return float(np.sum(shares / (1 + np.exp(z)))), float(np.sum(shares / (1 + np.exp(-z))))


def inverted(reactions: Reactions, x: float) -> float:
    """U at x by bracketing."""

    def off(potential: float) -> float:
        filled, empty = filled_and_empty(reactions, potential)
        return float(np.log(filled) - np.log(empty) - (np.log(x) - np.log(1 - x)))

    return float(brentq(off, -6, 12, xtol=1e-15, rtol=1e-15, maxiter=500))


def test_it_is_the_inverse_of_the_sum_of_its_reactions(reactions: Reactions) -> None:
    x = contents()
    expected = np.array([inverted(reactions, one) for one in x])
    # The promise of the class; round-off of potentials of 4 V, and of 25 kT/e logarithms, is 1e-15.
    np.testing.assert_allclose(msmr(reactions).value(x, NUMPY), expected, rtol=0, atol=1e-12)


def test_its_content_is_the_sum_of_its_reactions(reactions: Reactions) -> None:
    potentials = np.linspace(0.05, 5.0, 100)
    expected = [filled_and_empty(reactions, one)[0] for one in potentials]
    np.testing.assert_allclose(msmr(reactions).content(potentials, NUMPY), expected, rtol=1e-13)


def test_it_falls(reactions: Reactions) -> None:
    curve, x = msmr(reactions), contents()
    assert (np.diff(curve.value(x, NUMPY)) < 0).all()
    assert (np.asarray(curve.slope(x, NUMPY)) < 0).all()


@pytest.mark.parametrize("x", [0.02, 0.2, 0.5, 0.8, 0.98])
def test_its_slope_is_that_of_its_value(reactions: Reactions, x: float) -> None:
    curve = msmr(reactions)

    def off(h: float) -> float:
        above, below = (float(np.asarray(curve.value(x + s, NUMPY))) for s in (h, -h))
        return (above - below) / (2 * h)

    # Central differences, extrapolated: the term in h² drops out; the change from h to h/2 bounds the rest.
    coarse, fine = off(1e-4), off(5e-5)
    slope = float(np.asarray(curve.slope(x, NUMPY)))
    assert slope == pytest.approx((4 * fine - coarse) / 3, abs=abs(fine - coarse) / 4 + 1e-9)


def test_lithium_rich_oxide_on_its_first_charge() -> None:
    curve = msmr(FIRST_CHARGE)
    # To the digits of the fit; 4.45 V is 4.4503 V there.
    for potential, out, digits in ((4.45, 0.396, 1e-3), (4.60, 0.90, 5e-3), (4.80, 0.99, 5e-3)):
        assert 1 - curve.content(potential, NUMPY) == pytest.approx(out, abs=digits)
    assert float(np.asarray(curve.value(1 - 0.396, NUMPY))) == pytest.approx(4.450, abs=1e-3)


def test_one_ideal_reaction_is_nernst_s_law() -> None:
    curve, x = msmr(((3.9,), (1.0,), (1.0,))), contents()
    expected = 3.9 - THERMAL_VOLTAGE * (np.log(x) - np.log(1 - x))
    np.testing.assert_allclose(curve.value(x, NUMPY), expected, rtol=0, atol=1e-12)
    factor = np.asarray(thermodynamic_factor(x, curve.slope(x, NUMPY), THERMAL_VOLTAGE))
    # 1 − θ has the round-off of θ: 1e-16/1e-9.
    np.testing.assert_allclose(factor, 1.0, rtol=3e-7)
    np.testing.assert_allclose(factor[(x > 1e-3) & (x < 0.999)], 1.0, rtol=1e-11)


def test_shares_are_divided_by_their_sum() -> None:
    assert sum(msmr(DISCHARGE).shares) == pytest.approx(1.0, abs=1e-15)
    assert msmr(DISCHARGE).shares[0] == pytest.approx(0.409 / 1.001, rel=1e-14)


def test_temperature_widens_the_reactions() -> None:
    x = np.array([0.1, 0.9])
    warm = MsmrCurve.of((3.9,), (1.0,), (2.0,), 1.2 * THERMAL_VOLTAGE)
    off = np.asarray(warm.value(x, NUMPY)) - 3.9
    cold = np.asarray(msmr(((3.9,), (1.0,), (2.0,))).value(x, NUMPY)) - 3.9
    np.testing.assert_allclose(off, 1.2 * cold, rtol=1e-12)


def test_beyond_0_and_1_it_is_no_number(reactions: Reactions) -> None:
    with np.errstate(invalid="ignore"):
        assert np.isnan(msmr(reactions).value(np.array([-1e-9, 1 + 1e-9]), NUMPY)).all()


def test_other_numbers_need_no_other_code() -> None:
    other = ((4.1, 4.5), (0.3, 0.7), (7.0, 1.9))
    assert structure(msmr(other)) == structure(msmr(FIRST_CHARGE))
    assert structure(MsmrCurve.of(*FIRST_CHARGE, 1.1 * THERMAL_VOLTAGE)) == structure(msmr(FIRST_CHARGE))


def test_reactions_too_narrow_for_its_accuracy_are_refused() -> None:
    with pytest.raises(InputError, match=r"widths from 1e-05 to 20 over .* V, between which U is too steep"):
        MsmrCurve.of((3.9, 3.9, 4.0), (0.4, 0.3, 0.3), (20.0, 1e-5, 1.0), THERMAL_VOLTAGE)


def _assembled(form: Any, folder: str) -> np.ndarray:
    """A vector, or the diagonal of a matrix; compiled in a folder of its own."""
    compiled = fem.form(form, jit_options={"cache_dir": folder})
    if len(form.arguments()) == 1:
        return np.asarray(fem.assemble_vector(compiled).array)
    return np.asarray(fem.assemble_matrix(compiled).to_dense().diagonal())


def test_compiled_it_has_the_value_and_the_slope_of_its_numbers(
    reactions: Reactions,
) -> None:
    line = mesh.create_interval(MPI.COMM_SELF, 199, (1e-6, 1 - 1e-6))
    space = fem.functionspace(line, ("Lagrange", 1))
    content, test = fem.Function(space), ufl.TestFunction(space)
    content.interpolate(lambda points: points[0])
    x, curve = content.x.array, msmr(reactions)
    weight = ufl.dx(metadata={"quadrature_rule": "vertex", "quadrature_degree": 1})
    symbols = ModelConstants(line, curve, lambda _: Units()).model
    with tempfile.TemporaryDirectory() as folder:
        mass = _assembled(test * weight, folder)
        form = symbols.value(content) * test * weight
        value = _assembled(form, folder) / mass
        slope = _assembled(symbols.slope(content) * test * weight, folder) / mass
        jacobian = _assembled(ufl.derivative(form, content), folder) / mass
    # Both have the round-off of the logarithms and of potentials of 4 V.
    np.testing.assert_allclose(value, curve.value(x, NUMPY), rtol=1e-13, atol=1e-14)
    expected = np.asarray(curve.slope(x, NUMPY))
    # A round-off of U by 1e-15 V is one of 1e-12 in the width of a reaction of 2 mV.
    np.testing.assert_allclose(slope, expected, rtol=1e-11)
    # Newton's method takes the slope of two corrections of a cubic.
    np.testing.assert_allclose(jacobian, expected, rtol=1e-9)


def test_numbers_are_fields_that_the_solver_replaces() -> None:
    names = {entry.name for entry in dataclasses.fields(MsmrCurve) if "dimension" in entry.metadata}
    assert names == {entry.name for entry in dataclasses.fields(MsmrCurve)}


@pytest.mark.parametrize(("gap", "width"), [(0.8, 1.0), (1.2, 1.0), (1.4, 1.5)])
def test_reactions_far_apart_have_a_jump_between_them(gap: float, width: float) -> None:
    # A spinel with a plateau at 4 V and one at 3 V. Where U is too steep for x to tell it, it still falls.
    curve = msmr(((2.9, 2.9 + gap), (0.5, 0.5), (width, width)))
    x = contents()
    potential = np.asarray(curve.value(x, NUMPY))
    assert (np.diff(potential[np.argsort(x)]) <= 0).all()
    # To the round-off of the sum of x.
    np.testing.assert_allclose(curve.content(potential, NUMPY), x, rtol=0, atol=4e-15)


def test_reactions_with_nothing_between_them_are_refused() -> None:
    with pytest.raises(InputError, match=r"over 2\.4 V, between which U is too steep"):
        msmr(((2.9, 5.3), (0.5, 0.5), (1.0, 1.0)))
