"""The weight function on known stresses: closed forms, cells with jumps, scaling, singular ends."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest

from oxyshell.models.base.expression import Array
from oxyshell.models.fracture.weight_function import FIRST, SECOND, uniform_factor, weights

NODES = np.linspace(0.0, 1.0, 5)
# Of uneven cells, some of which count their own coordinate towards the surface, in no order.
ENDS = np.array([[0.1, 0.03], [0.0, 0.03], [1.0, 0.55], [0.1, 0.55]])
FLAWS = np.array([0.004, 0.03, 0.0300001, 0.07, 0.1, 0.36, 1.0])
GAUSS = np.polynomial.legendre.leggauss(400)
# Sums of some hundred terms of the order of one.
ROUND_OFF = 1e-13


def at_points(stress: Callable[[Array], Array], ends: Array = ENDS, nodes: Array = NODES) -> Array:
    """A stress over the depth at the points, cell by cell."""
    return stress((ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * nodes).reshape(-1))


def integral(stress: Callable[[Array], Array], flaw: float, breaks: tuple[float, ...] = ()) -> float:
    """K by 400 Gauss points in √(a − x) between breaks of the stress."""
    places, shares = GAUSS
    edges = sorted({0.0, math.sqrt(flaw), *(math.sqrt(flaw - one) for one in breaks if one < flaw)})
    total = 0.0
    for low, high in itertools.pairwise(edges):
        s = low + (high - low) * 0.5 * (places + 1)
        bracket = 1 + FIRST * s**2 / flaw + SECOND * (s**2 / flaw) ** 2
        values = stress(flaw - s**2) * 4 / math.sqrt(2 * math.pi) * bracket
        total += float(values @ shares) * 0.5 * (high - low)
    return total


def test_uniform_tension_has_the_factor_of_these_coefficients_close_to_the_exact_one() -> None:
    found = weights(FLAWS, ENDS, NODES) @ at_points(np.ones_like)
    np.testing.assert_allclose(found / np.sqrt(math.pi * FLAWS), uniform_factor(), rtol=ROUND_OFF)
    assert uniform_factor() == pytest.approx(1.1298, abs=5e-5)
    assert uniform_factor() == pytest.approx(1.1215, rel=8e-3)


def test_a_stress_that_falls_linearly_has_its_closed_form() -> None:
    gone = 0.4
    found = weights(FLAWS, ENDS, NODES) @ at_points(lambda x: 1 - x / gone)
    # With s = √(a − x): the moments of s⁰, s², s⁴, s⁶.
    constant, slope = 1 + FIRST / 3 + SECOND / 5, 1 / 3 + FIRST / 5 + SECOND / 7
    exact = 4 * np.sqrt(FLAWS / (2 * math.pi)) * ((1 - FLAWS / gone) * constant + FLAWS / gone * slope)
    np.testing.assert_allclose(found, exact, rtol=ROUND_OFF, atol=ROUND_OFF)


def test_polynomials_that_jump_between_cells_are_integrated_exactly() -> None:
    def stress(x: Array) -> Array:
        return np.where(x < 0.1, 300 - 4e3 * x + 2e6 * x**4, -500 + 1e3 * x**3)

    points = at_points(stress)
    # At the border, the inner cell's own value: of the cells here only the last begins at a depth of 0.1.
    points[15] = -500 + 1e3 * 0.1**3
    points[0] = 300 - 4e2 + 2e6 * 1e-4
    found = weights(FLAWS, ENDS, NODES) @ points
    exact = [integral(stress, float(flaw), (0.1,)) for flaw in FLAWS]
    np.testing.assert_allclose(found, exact, rtol=1e-11, atol=1e-9)


def test_a_profile_stretched_with_the_radius_has_k_as_the_root_of_the_radius() -> None:
    stress = at_points(lambda x: np.cos(5 * x))
    once, stretched = (weights(factor * FLAWS, factor * ENDS, NODES) @ stress for factor in (1.0, 7.3))
    np.testing.assert_allclose(stretched, math.sqrt(7.3) * once, rtol=1e-10)


def test_no_flaw_has_no_stress_intensity_and_deeper_cells_do_not_matter() -> None:
    found = weights(np.array([0.0, 0.05]), ENDS, NODES).reshape(2, 4, 5)
    assert not found[0].any()
    assert not found[1, 2:].any()
    assert found[1, :2].any(axis=1).all()


def test_errors_fall_with_the_fifth_power_of_the_cells_to_1e_8() -> None:
    """σ = e^(−4x), of which the five points of a cell have a quartic, in n cells."""
    flaws = np.array([0.15])
    exact = integral(lambda x: np.exp(-4 * x), 0.15)
    errors = []
    for cells in (4, 8, 16):
        edges = np.linspace(0, 1, cells + 1)
        ends = np.column_stack([edges[:-1], edges[1:]])
        found = weights(flaws, ends, NODES) @ at_points(lambda x: np.exp(-4 * x), ends)
        errors.append(abs(float(found[0]) / exact - 1))
    assert errors[2] < 1e-8
    assert math.log2(errors[0] / errors[2]) / 2 > 4.5
