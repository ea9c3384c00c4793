"""Rosenbrock time stepping for M dy/dt = f(y, t), M singular: no nonlinear solve, its own error estimate.

With shift = 1/(γh), A = shift M − ∂f/∂y, the stages are
    A U_i = f(y + Σ_j a_ij U_j, t + α_i h) + (1/h) M Σ_j c_ij U_j + γ_i h ∂f/∂t,    y_new = y + Σ_j m_j U_j,
and an embedded method of order 3 gives the error. Linear invariants of the system, such as the content of the
particle plus what has left, are kept to round-off (Hairer & Wanner, Solving ODEs II, sections IV.7, VI.4);
for what round-off does to them see `rounding`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from oxyshell.errors import SolverError
from oxyshell.solver.integrators.passage import Passage, Uncounted
from oxyshell.solver.state import Array, Attempt, State

_GAMMA = 0.3125
# Over this share of a step the change of f with time is measured; what drives it is linear in time.
_GLANCE = 1e-3
# RODASPR2: order 4, stiffly accurate, for differential-algebraic systems of index 1.
# J. Rang, J. Comput. Appl. Math. 286 (2015) 128, in the paper's form: increments k, coupling α and γ.
_ALPHA = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [9.375e-1, 0, 0, 0, 0, 0],
        [-4.7145892646261345e-2, 5.4531286650471122e-1, 0, 0, 0, 0],
        [4.6915543899742240e-1, 4.4490537602383673e-1, -2.2498239334061121e-1, 0, 0, 0],
        [1.0950372887345903, 6.3223023457294381e-1, -8.9232966090485821e-1, 1.6506213759732410e-1, 0, 0],
        [
            -1.7746585073632790e-1,
            -5.8241418952602364e-1,
            6.8180612588238165e-1,
            7.6557391437996980e-1,
            3.125e-1,
            0,
        ],
    ]
)
_COUPLING = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [-9.3750000000000000e-1, 0, 0, 0, 0, 0],
        [-9.7580572085994507e-2, -5.8666328499964138e-1, 0, 0, 0, 0],
        [-4.9407065013256957e-1, -5.6819726428975503e-1, 5.0318949274167679e-1, 0, 0, 0],
        [-1.2725031394709183, -1.2146444240989676, 1.5741357867872399, 6.0051177678264578e-1, 0, 0],
        [
            6.9690744901421153e-1,
            6.2237005730756434e-1,
            -1.1553701989197045,
            1.8350029013386296e-1,
            -6.5990759753593431e-1,
            0,
        ],
    ]
)
_UNCOUNTED = Uncounted()
_WEIGHTS = np.array(
    [
        5.1944159827788361e-1,
        3.9955867781540699e-2,
        -4.7356407303732290e-1,
        9.4907420451383284e-1,
        -3.4740759753593431e-1,
        3.125e-1,
    ]
)


@dataclass(frozen=True)
class Tableau:
    """A Rosenbrock method in the form that needs no product with ∂f/∂y.

    Attributes:
        gamma: γ.
        times: α_i, where in the step the stages are evaluated, shape (s,).
        slopes: γ_i, weights of ∂f/∂t, shape (s,).
        stages: a_ij, shape (s, s), strictly lower triangular.
        history: c_ij, shape (s, s), strictly lower triangular.
        weights: m_j, shape (s,).
        error_weights: Weights of y_new minus the embedded solution, shape (s,).
        order: Order of the embedded method.
    """

    gamma: float
    times: Array
    slopes: Array
    stages: Array
    history: Array
    weights: Array
    error_weights: Array
    order: int


def rodaspr2() -> Tableau:
    """RODASPR2 (Rang 2015), transformed from increments k to U = Γ k."""
    full = _COUPLING + _GAMMA * np.eye(6)
    inverse = np.linalg.inv(full)
    weights = _WEIGHTS @ inverse
    embedded = _ALPHA[-1] @ inverse  # the last stage's argument is the embedded solution
    return Tableau(
        gamma=_GAMMA,
        times=_ALPHA.sum(axis=1),
        slopes=full.sum(axis=1),
        stages=_ALPHA @ inverse,
        history=np.eye(6) / _GAMMA - inverse,
        weights=weights,
        error_weights=weights - embedded,
        order=3,
    )


class ImplicitSystem(Protocol):
    """M dy/dt = f(y, t) with a scalar outflow, in the system's own units."""

    @property
    def time_unit(self) -> float:
        """Seconds in one unit of time."""

    @property
    def amount_unit(self) -> float:
        """Moles in one unit of amount."""

    def set_time(self, time: float) -> None:
        """Be the system at a time, s."""

    def time_slope(self, unknowns: Array, ahead: float) -> Array | float:
        """∂f/∂t per unit of time; where need be, by a difference over some units of time ahead."""

    def rate(self, unknowns: Array) -> Array:
        """f(y), at the time that was set."""

    def outflow(self, unknowns: Array) -> float:
        """Outflow per time at y."""

    def prepare(self, unknowns: Array, shift: float) -> None:
        """Assemble and factorise shift M − ∂f/∂y, and the outflow's derivative, at y."""

    def solve(self, right_hand_side: Array) -> Array:
        """Apply the inverse of what `prepare` factorised."""

    def mass(self, unknowns: Array) -> Array:
        """M y."""

    def outflow_change(self, increment: Array) -> float:
        """The outflow's derivative at the prepared y, applied to an increment."""

    def leaving(self, by_flux: float, increment: Array) -> float:
        """Amount that leaves in a stage: that of the flux law, or what the increment takes out where none is.

        Args:
            by_flux: The amount that the outflow gives.
            increment: Change of y in the stage.
        """

    def error_norm(self, increment: Array) -> float:
        """The size of an increment that the tolerance is about, over all processes."""

    def settled(self, unknowns: Array) -> Array:
        """Y with the numbers that are in equilibrium with the rest of it solved for.

        Raises:
            SolverError: If there is no equilibrium.
        """

    def mended(self, change: Array, passed: float, step: float) -> Array:
        """The change of y over a step, without what round-off did to its balance with what has passed out."""


class Rosenbrock:
    """One-step method on an implicit system."""

    def __init__(self, system: ImplicitSystem, tolerance: float, passage: Passage = _UNCOUNTED) -> None:
        """Set up.

        Args:
            system: What to integrate.
            tolerance: Largest error in one step, as the system's norm has it.
            passage: Measure for errors of what leaves.
        """
        self._system = system
        self._tolerance, self._passage = tolerance, passage
        self._tableau = rodaspr2()

    @property
    def order(self) -> int:
        """Order of the error estimate."""
        return self._tableau.order

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""
        system, tableau = self._system, self._tableau
        h = step / system.time_unit
        y = state.unknowns
        shift = 1.0 / (tableau.gamma * h)
        try:
            system.set_time(state.time)
            ahead = _GLANCE / shift
            slope = system.time_slope(y, ahead)
            outward = self._outflow_slope(state, ahead) if np.ndim(slope) > 0 else 0.0
            system.prepare(y, shift)
            stages, leaving = self._stages(state, h, shift, slope, outward)
            passed = float(tableau.weights @ leaving)
            change = system.mended(tableau.weights @ stages, passed, h)
            unknowns = system.settled(y + change)
        except SolverError as failure:
            return Attempt(state, float("nan"), str(failure))
        error = system.error_norm(tableau.error_weights @ stages) / self._tolerance
        unsure = float(tableau.error_weights @ leaving)
        error = max(error, self._passage.error(unsure, passed, h))
        left = state.left + passed * system.amount_unit
        reached = replace(state, time=state.time + step, unknowns=unknowns, left=left, earlier=(), age=0)
        return Attempt(reached, error)

    def _outflow_slope(self, state: State, ahead: float) -> float:
        """Change of the outflow with time alone, by a difference over some units of time ahead."""
        system, before = self._system, self._system.outflow(state.unknowns)
        system.set_time(state.time + ahead * system.time_unit)
        slope = (system.outflow(state.unknowns) - before) / ahead
        system.set_time(state.time)
        return slope

    def _stages(
        self, state: State, h: float, shift: float, slope: Array | float, outward: float
    ) -> tuple[Array, Array]:
        system, tableau, y = self._system, self._tableau, state.unknowns
        count = len(tableau.weights)
        times = (state.time + tableau.times * (h * system.time_unit)).tolist()
        changes_in_time = np.ndim(slope) > 0
        slopes = [weight * h * slope for weight in tableau.slopes.tolist()]
        outward_slopes = (tableau.slopes * (h * outward)).tolist()
        stages = np.zeros((count, y.size))
        # What left is one more unknown, q' = outflow(y); its row of A is solved by hand.
        leaving = np.zeros(count)
        for i in range(count):
            here = y + tableau.stages[i, :i] @ stages[:i]
            system.set_time(times[i])
            right = system.rate(here)
            if changes_in_time:
                right += slopes[i]
            if i:
                right += system.mass(tableau.history[i, :i] @ stages[:i]) / h
            stages[i] = system.solve(right)
            gain = system.outflow(here) + system.outflow_change(stages[i]) + outward_slopes[i]
            by_flux = (gain + tableau.history[i, :i] @ leaving[:i] / h) / shift
            leaving[i] = system.leaving(float(by_flux), stages[i])
        return stages, leaving
