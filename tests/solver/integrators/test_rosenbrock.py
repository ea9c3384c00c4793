from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from oxyshell.errors import SolverError
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.integrators.tableau import rodaspr2
from oxyshell.solver.state import Array, State


class SmallSystem:
    """M dy/dt = f(y) with NumPy matrices; what leaves per time is `out(y)`."""

    def __init__(
        self,
        mass: Array,
        rate: Callable[[Array], Array],
        slope: Callable[[Array], Array],
        out: Callable[[Array], float] = lambda y: 0.0,
        out_slope: Callable[[Array], Array] | None = None,
        time_unit: float = 1.0,
        amount_unit: float = 1.0,
    ) -> None:
        self.matrix, self.rate, self.slope, self.outflow = mass, rate, slope, out
        self.out_slope = out_slope or np.zeros_like
        self.time_unit, self.amount_unit = time_unit, amount_unit

    def set_time(self, time: float) -> None:
        pass

    def time_slope(self, unknowns: Array, ahead: float) -> tuple[Array | float, float]:
        return 0.0, 0.0

    def prepare(self, unknowns: Array, shift: float) -> None:
        self.prepared = shift * self.matrix - self.slope(unknowns)
        self.prepared_out = self.out_slope(unknowns)

    def solve(self, right_hand_side: Array) -> Array:
        try:
            return np.linalg.solve(self.prepared, right_hand_side)
        except np.linalg.LinAlgError as error:
            raise SolverError("singular") from error

    def mass(self, unknowns: Array) -> Array:
        return self.matrix @ unknowns

    def outflow_change(self, increment: Array) -> float:
        return float(self.prepared_out @ increment)

    def leaving(self, by_flux: float, increment: Array) -> float:
        return by_flux

    def error_norm(self, increment: Array) -> float:
        return float(np.abs(increment[:1]).max())

    def mended(self, change: Array, passed: float, step: float) -> Array:
        return change

    def settled(self, unknowns: Array) -> Array:
        return unknowns


def logistic() -> SmallSystem:
    """y' = y (1 − y) from 0.1: y = 1/(1 + 9 e^{−t}); out' = y²: out = ln(1 + (e^t − 1)/10) − y + 0.1."""
    return SmallSystem(
        np.eye(1),
        lambda y: y * (1 - y),
        lambda y: np.array([1 - 2 * y]),
        lambda y: float(y[0] ** 2),
        lambda y: 2 * y,
    )


def semi_explicit() -> SmallSystem:
    """y' = −z², 0 = z² + z − y − y² (z = y): y = 1/(1 + t) from 1; the algebraic equation is nonlinear."""
    return SmallSystem(
        np.diag([1.0, 0.0]),
        lambda u: np.array([-(u[1] ** 2), u[1] ** 2 + u[1] - u[0] - u[0] ** 2]),
        lambda u: np.array([[0.0, -2 * u[1]], [-1 - 2 * u[0], 2 * u[1] + 1]]),
    )


class Driven(SmallSystem):
    """y' = −k (y − cos t), and an outflow y: what `rate` knows of the time is what was set."""

    def __init__(self, speed: float = 3.0, time_unit: float = 1.0, slope: bool = True) -> None:
        super().__init__(
            np.eye(1),
            lambda y: -speed * (y - math.cos(self.now)),
            lambda y: np.array([[-speed]]),
            lambda y: float(y[0]),
            np.ones_like,
            time_unit=time_unit,
        )
        self.speed, self.has_slope, self.now = speed, slope, math.nan

    def set_time(self, time: float) -> None:
        self.now = time / self.time_unit

    def time_slope(self, unknowns: Array, ahead: float) -> tuple[Array | float, float]:
        """By a difference, as a system that is driven has it."""
        now, before = self.now, self.rate(unknowns)
        self.now = now + ahead
        slope: Array = (self.rate(unknowns) - before) / ahead
        self.now = now
        return (slope if self.has_slope else 0.0), 0.0

    def exact(self, time: float) -> float:
        """The solution from 1 at time 0."""
        k = self.speed
        scale = k / (k**2 + 1)
        return scale * (k * math.cos(time) + math.sin(time)) + (1 - scale * k) * math.exp(-k * time)


def marched(system: SmallSystem, start: list[float], end: float, steps: int) -> State:
    method = Rosenbrock(system, 1.0)
    state = State(0.0, np.array(start), 0.0)
    for _ in range(steps):
        state = method.attempt(state, end / steps).state
    return state


def order(errors: list[float]) -> float:
    """Measured between the two finest of step numbers that double."""
    return math.log2(errors[-2] / errors[-1])


def test_order_four_on_an_ordinary_equation() -> None:
    states = [marched(logistic(), [0.1], 2.0, steps) for steps in (8, 16, 32)]
    exact = 1 / (1 + 9 * math.exp(-2.0))
    assert order([abs(state.unknowns[0] - exact) for state in states]) == pytest.approx(4.0, abs=0.15)
    out = math.log(1 + (math.exp(2.0) - 1) / 10) - exact + 0.1
    assert order([abs(state.left - out) for state in states]) == pytest.approx(4.0, abs=0.15)


@pytest.mark.parametrize("component", [0, 1])
def test_order_four_on_a_differential_algebraic_equation(component: int) -> None:
    states = [marched(semi_explicit(), [1.0, 1.0], 2.0, steps) for steps in (64, 128)]
    errors = [abs(state.unknowns[component] - 1 / 3) for state in states]
    assert order(errors) == pytest.approx(4.0, abs=0.15)


@pytest.mark.parametrize("time_unit", [1.0, 50.0])
def test_a_rate_that_depends_on_time_is_followed(time_unit: float) -> None:
    # The difference in time errs by the second derivative of cos over a thousandth of the step: what that
    # leaves of ∂f/∂t is of first order, and weighs a thousandth.
    system = Driven(time_unit=time_unit)
    states = [marched(system, [1.0], 2.0 * time_unit, steps) for steps in (16, 32)]
    assert order([abs(one.unknowns[0] - system.exact(2.0)) for one in states]) > 3.5
    assert abs(states[-1].unknowns[0] - system.exact(2.0)) < 1e-6
    blind = Driven(time_unit=time_unit, slope=False)
    missed = [
        abs(marched(blind, [1.0], 2.0 * time_unit, n).unknowns[0] - system.exact(2.0)) for n in (16, 32)
    ]
    # Without ∂f/∂t the same method has order one.
    assert order(missed) < 1.5
    assert missed[-1] > 1e-4


def test_the_error_estimate_is_that_of_a_method_of_order_three() -> None:
    method = Rosenbrock(logistic(), 1.0)
    state = State(0.0, np.array([0.1]), 0.0)
    estimates = [method.attempt(state, step).error for step in (0.2, 0.1, 0.05)]
    # One step of order three errs by the fourth power.
    assert order(estimates) == pytest.approx(method.order + 1, abs=0.15)


def test_the_error_is_in_units_of_the_tolerance_and_of_the_occupancy_alone() -> None:
    state = State(0.0, np.array([1.0, 1.0]), 0.0)
    coarse, fine = (Rosenbrock(semi_explicit(), tol).attempt(state, 0.3).error for tol in (1e-2, 1e-4))
    assert fine == pytest.approx(100 * coarse, rel=1e-12)


def test_a_stiff_part_is_damped() -> None:
    system = SmallSystem(np.eye(2), lambda y: y * [-1e9, -1.0], lambda y: np.diag([-1e9, -1.0]))
    state = marched(system, [1.0, 1.0], 1.0, 10)
    # Stiffly accurate: what is left of the fast part is of the size 1/(h · 1e9).
    assert abs(state.unknowns[0]) < 1e-6
    assert state.unknowns[1] == pytest.approx(math.exp(-1.0), abs=1e-5)


def test_what_is_in_plus_what_left_stays() -> None:
    # Three cells exchange among themselves; the last loses by a nonlinear law.
    mass = np.array([[2.0, 0.5, 0.0], [0.5, 3.0, 0.5], [0.0, 0.5, 1.0]])

    def rate(y: Array) -> Array:
        first, second = y[0] ** 2 - y[1], 3 * (y[1] - y[2])
        return np.array([-first, first - second, second - math.tanh(y[2])])

    def slope(y: Array) -> Array:
        loss = 1 - math.tanh(y[2]) ** 2
        return np.array([[-2 * y[0], 1, 0], [2 * y[0], -1 - 3, 3], [0, 3, -3 - loss]])

    system = SmallSystem(
        mass,
        rate,
        slope,
        lambda y: math.tanh(y[2]),
        lambda y: np.array([0, 0, 1 - math.tanh(y[2]) ** 2]),
        time_unit=7.0,
        amount_unit=3e-16,
    )
    start = [1.0, 0.4, 0.1]
    held = float((mass @ start).sum())
    for steps in (1, 13):
        state = marched(system, start, 20.0, steps)
        left = held - float((mass @ state.unknowns).sum())
        assert left > 0.1
        # Large steps or small ones: round-off of some hundred operations.
        assert state.left == pytest.approx(left * 3e-16, rel=1e-13, abs=0)


def test_units_of_time_are_the_systems_own() -> None:
    slow = logistic()
    slow.time_unit = 50.0
    ordinary, scaled = marched(logistic(), [0.1], 2.0, 4), marched(slow, [0.1], 100.0, 4)
    assert scaled.unknowns == pytest.approx(ordinary.unknowns, rel=1e-14)
    assert scaled.left == pytest.approx(ordinary.left, rel=1e-14, abs=0)
    assert scaled.time == pytest.approx(100.0)


def test_what_cannot_be_solved_has_no_error_estimate_and_moves_nothing() -> None:
    singular = SmallSystem(np.zeros((1, 1)), lambda y: y, lambda y: np.zeros((1, 1)))
    state = State(0.0, np.array([0.1]), 0.0)
    attempt = Rosenbrock(singular, 1.0).attempt(state, 0.1)
    assert math.isnan(attempt.error)
    assert attempt.state is state


def test_a_failed_attempt_leaves_the_state_untouched() -> None:
    state = State(0.0, np.array([0.1]), 0.0)
    attempt = Rosenbrock(logistic(), 1e-12).attempt(state, 5.0)
    assert attempt.error > 1e6
    # A new state is handed out all the same, and it lies with the march not to take it.
    assert attempt.state.unknowns[0] != 0.1
    assert (state.time, state.unknowns[0], state.left, state.earlier) == (0.0, 0.1, 0.0, ())


def test_the_tableau_is_explicit_in_its_stages() -> None:
    tableau = rodaspr2()
    assert np.allclose(np.triu(tableau.stages), 0, atol=1e-14)
    assert np.allclose(np.triu(tableau.history), 0, atol=1e-14)
    # The last two stages make the method stiffly accurate: y_new is the last stage's argument plus the stage.
    assert tableau.weights[-1] == pytest.approx(1.0)
    assert tableau.error_weights == pytest.approx([0, 0, 0, 0, 0, 1.0], abs=1e-14)
