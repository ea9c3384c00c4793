from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from oxyshell.models.base.formula import NUMPY, UFL
from oxyshell.models.electrode.memory import Activated, FirstOrder, Hysteresis, Rule, Single, ZeroOrder
from oxyshell.models.electrode.potential import ACTIVATION, HYSTERESIS, Potential
from oxyshell.models.electrode.potentials.constant import ConstantCurve
from oxyshell.models.electrode.potentials.formula import FormulaCurve
from tests.models.electrode.potentials import DISCHARGE, FIRST_CHARGE, msmr
from tests.models.ufl_values import number

UPPER, LOWER = FormulaCurve.parse("4.2 - 0.5*x"), FormulaCurve.parse("3.9 - 0.8*x**2")
OFFSET = 0.3
SINGLE = Single(UPPER)
BRANCHES = Hysteresis(UPPER, LOWER)
LRMO = Activated(msmr(FIRST_CHARGE), msmr(DISCHARGE), OFFSET)
POTENTIALS: dict[str, Potential] = {
    "single": SINGLE,
    "branches": BRANCHES,
    "first order": Hysteresis(UPPER, LOWER, FirstOrder(20.0), -1.0),
    "activated": Activated(UPPER, LOWER, OFFSET),
}


@pytest.fixture(params=POTENTIALS)
def potential(request: pytest.FixtureRequest) -> Potential:
    return POTENTIALS[request.param]


def at(potential: Potential, x: float, **memory: float) -> float:
    return float(np.asarray(potential.value(x, memory, NUMPY)))


def test_it_starts_with_a_value_for_each_number_that_it_remembers(potential: Potential) -> None:
    names = {unknown.name for unknown in potential.unknowns()}
    start = potential.start()
    assert set(start) == set(potential.rates(start, 1.0)) == set(potential.entering(start, 0.1, 1)) == names


def test_single_curves_remember_nothing() -> None:
    assert SINGLE.unknowns() == ()
    assert at(SINGLE, 0.5) == pytest.approx(3.95, rel=1e-15)


@pytest.mark.parametrize(("h", "expected"), [(1.0, 3.95), (-1.0, 3.7), (0.0, 3.825), (0.5, 3.8875)])
def test_hysteresis_is_between_the_branches(h: float, expected: float) -> None:
    assert at(BRANCHES, 0.5, hysteresis=h) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("h", [1.0, 0.3, -1.0])
@pytest.mark.parametrize("a", [0.0, 0.4, 1.0])
def test_expressions_and_slopes_agree_with_numbers(potential: Potential, h: float, a: float) -> None:
    memory: dict[str, Any] = {HYSTERESIS: h, ACTIVATION: a}
    x, d = 0.3, 1e-5
    assert number(potential.value(x, memory, UFL)) == pytest.approx(at(potential, x, **memory), rel=1e-14)
    slope = float(np.asarray(potential.slope(x, memory, NUMPY)))
    assert number(potential.slope(x, memory, UFL)) == pytest.approx(slope, rel=1e-13)
    difference = (at(potential, x + d, **memory) - at(potential, x - d, **memory)) / (2 * d)
    # The curves are of second degree, so that the difference has round-off alone: 4e-16/1e-5.
    assert slope == pytest.approx(difference, abs=2e-10)


def test_zero_order_follows_the_sign_of_the_current_and_rests_where_it_is() -> None:
    rule = ZeroOrder()
    h, seen = 1.0, []
    for direction in (0, 1, 0, -1, 0, 0, 1):
        h = rule.entering(h, direction)
        seen.append(h)
    assert seen == [1, 1, 1, -1, -1, -1, 1]
    assert rule.rate(0.5, -3.0) == 0.0


@pytest.mark.parametrize("flux", [2e-5, -2e-5])
@pytest.mark.parametrize("start", [1.0, -1.0, 0.2])
def test_first_order_is_an_exponential_of_the_throughput(flux: float, start: float) -> None:
    rule: Rule = FirstOrder(20.0)
    sign = math.copysign(1.0, flux)

    def rate(_: float, h: np.ndarray) -> np.ndarray:
        return np.array([rule.rate(float(h[0]), flux)])

    times = np.linspace(0, 0.3 / abs(flux), 7)
    found = solve_ivp(rate, (0, times[-1]), [start], t_eval=times, rtol=1e-10, atol=1e-12).y[0]
    expected = sign + (start - sign) * np.exp(-20.0 * abs(flux) * times)
    # Ten times the tolerance of the integration.
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    assert (np.abs(found) <= 1.0 + 1e-9).all()
    assert rule.entering(start, 1) == rule.entering(start, -1) == start


def test_first_order_stays_within_1_and_rests() -> None:
    rule = FirstOrder(20.0)
    assert rule.rate(0.3, 0.0) == 0.0
    for flux in (1.0, -1.0):
        # At the ends it stays or comes back, whatever the current does.
        assert rule.rate(1.0, flux) <= 0.0 <= rule.rate(-1.0, flux)


def entered(potential: Potential, *steps: tuple[float, int]) -> dict[str, float]:
    """The memory after steps began at these extractions in these directions."""
    memory = dict(potential.start())
    for extraction, direction in steps:
        memory.update(potential.entering(memory, extraction, direction))
    return memory


def test_activation_is_updated_where_a_discharge_begins_only() -> None:
    charge = [(0.0, 0), (0.0, 1), (0.3, 1), (0.6, 0)]
    assert entered(LRMO, *charge)[ACTIVATION] == 0.0
    # Charge, rest, charge, hold: none ends the charge for good.
    assert entered(LRMO, *charge, (0.6, 1), (0.8, 0), (0.8, 1))[ACTIVATION] == 0.0
    assert entered(LRMO, *charge, (0.6, -1))[ACTIVATION] == 0.6
    # Less extracted later: it stays. More: it grows, at the next discharge.
    later = [*charge, (0.6, -1), (0.4, 0), (0.3, -1), (0.1, 1), (0.5, -1), (0.2, 1)]
    assert entered(LRMO, *later)[ACTIVATION] == 0.6
    assert entered(LRMO, *later, (0.9, 1))[ACTIVATION] == 0.6
    assert entered(LRMO, *later, (0.9, -1))[ACTIVATION] == 0.9


def test_activation_is_at_most_1_and_nothing_changes_it_on_the_way() -> None:
    memory = entered(LRMO, (0.0, 1), (1.02, -1))
    assert memory == {HYSTERESIS: -1.0, ACTIVATION: 1.0}
    assert LRMO.rates(memory, 1.0) == {HYSTERESIS: 0.0, ACTIVATION: 0.0}


def test_the_first_charge_does_not_see_its_own_activation() -> None:
    x = 1 - 0.396
    memory = entered(LRMO, (0.0, 1), (0.396, 1))
    # Found by hand, to 1 mV.
    assert at(LRMO, x, **memory) == pytest.approx(4.450, abs=1e-3)
    trap = {HYSTERESIS: 1.0, ACTIVATION: 0.396}
    at_the_curve = Activated(LRMO.first, LRMO.lithiation, 0.0)
    assert at(at_the_curve, x, **trap) == pytest.approx(4.078, abs=1e-3)
    assert at(LRMO, x, **trap) == pytest.approx(4.078 + 0.396 * OFFSET, abs=1e-3)


def test_growing_during_the_charge_activation_would_let_the_potential_fall() -> None:
    x = np.linspace(0.9, 0.1, 81)
    at_the_curve = Activated(LRMO.first, LRMO.lithiation, 0.0)
    kept = [at(at_the_curve, one, hysteresis=1.0, activation=0.0) for one in x]
    grown = [at(at_the_curve, one, hysteresis=1.0, activation=1 - one) for one in x]
    assert (np.diff(kept) > 0).all()
    assert (np.diff(grown) < 0).any()


def test_later_charges_follow_the_discharge_curve_at_a_distance() -> None:
    discharge = float(np.asarray(LRMO.lithiation.value(0.5, NUMPY)))
    memory = entered(LRMO, (0.0, 1), (1.0, -1))
    assert at(LRMO, 0.5, **memory) == pytest.approx(discharge, rel=1e-14)
    memory = entered(LRMO, (0.0, 1), (1.0, -1), (0.1, 1))
    assert at(LRMO, 0.5, **memory) == pytest.approx(discharge + OFFSET, rel=1e-14)
    half = entered(LRMO, (0.0, 1), (0.5, -1), (0.1, 1))
    first = float(np.asarray(LRMO.first.value(0.5, NUMPY)))
    assert at(LRMO, 0.5, **half) == pytest.approx((first + discharge + OFFSET) / 2, rel=1e-14)


def test_it_is_bounded_where_all_its_curves_are(potential: Potential) -> None:
    assert potential.bounded
    assert not Hysteresis(UPPER, ConstantCurve(3.9)).bounded
    assert not Single(ConstantCurve(3.9)).bounded
