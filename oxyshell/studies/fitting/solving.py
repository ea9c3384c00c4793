"""How parameters are found, on a logarithmic scale: one by secants, several by least squares."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxyshell.errors import SolverError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Vector = NDArray[np.float64]

_FIRST_STEP = 0.02
_MOST_SECANTS = 12
_MOST_EVALUATIONS = 60
# Steps in the parameters' logarithms below which a least-squares fit stops.
_SMALL_STEP = 1e-4


class OutOfReachError(Exception):
    """A value that is not reached between the bounds: what there is at either of them."""

    def __init__(self, at_low: float, at_high: float) -> None:
        super().__init__(at_low, at_high)
        self.at_low = at_low
        self.at_high = at_high


@dataclass(frozen=True)
class Goal:
    """What a result has to be.

    Attributes:
        value: In the result's unit.
        tolerance: How closely.
    """

    value: float
    tolerance: float


@dataclass(frozen=True)
class Found:
    """Where a result is what it has to be.

    Attributes:
        logarithm: Of the parameter.
        result: There.
        runs: How many results were asked for.
    """

    logarithm: float
    result: float
    runs: int


def single(result: Callable[[float], float], first: float, low: float, high: float, goal: Goal) -> Found:
    """Find one parameter: by secants from a first guess, else between the bounds.

    Args:
        result: The result as a function of the parameter's logarithm.
        first: Logarithm of the first guess.
        low: Logarithm of the smallest parameter.
        high: Logarithm of the largest one.
        goal: What the result has to be.

    Raises:
        OutOfReachError: If the result is not reached between the bounds.
        SolverError: If it does not settle within the tolerance.
    """
    misses: dict[float, float] = {}

    def miss(logarithm: float) -> float:
        if logarithm not in misses:
            misses[logarithm] = result(logarithm) - goal.value
        return misses[logarithm]

    best = _by_secants(miss, min(max(first, low), high), low, high, goal)
    if best is None:
        best = _between_bounds(miss, low, high, goal)
    return Found(best, misses[best] + goal.value, len(misses))


def several(
    residuals: Callable[[Vector], Vector],
    jacobian: Callable[[Vector], Vector],
    first: Vector,
    low: Vector,
    high: Vector,
) -> Vector:
    """Find several parameters: least squares by a trust region with bounds (`scipy.optimize.least_squares`).

    Args:
        residuals: Misses in their uncertainties, shape (targets,), at logarithms, shape (parameters,).
        jacobian: Their derivatives, shape (targets, parameters).
        first: Logarithms of the first guess.
        low: Logarithms of the smallest parameters.
        high: Logarithms of the largest ones.

    Raises:
        SolverError: If the fit does not settle.
    """
    from scipy.optimize import least_squares

    # In units of 1 around the first guess, so that the relative test on the step is an absolute one.
    origin = first - 1.0
    inside = 1e-9 * (high - low)
    solved = least_squares(
        lambda x: residuals(x + origin),
        (first - origin).clip(low + inside - origin, high - inside - origin),
        jac=lambda x: jacobian(x + origin),
        bounds=(low - origin, high - origin),
        # Its steps are the shortest ones, so that what the targets leave open stays near where it started.
        method="dogbox",
        xtol=_SMALL_STEP,
        ftol=1e-8,
        gtol=None,
        max_nfev=_MOST_EVALUATIONS,
    )
    if solved.status <= 0:
        raise SolverError(
            f"the fit does not settle in {_MOST_EVALUATIONS} steps; the sum of squared misses is still "
            f"{2 * solved.cost:.3g}. Narrow the bounds, or start nearer by values in the scenarios"
        )
    found: Vector = solved.x + origin
    return found


def _by_secants(
    miss: Callable[[float], float], first: float, low: float, high: float, goal: Goal
) -> float | None:
    """Secants on the result's logarithm, which is close to a power of the parameter; None if they stray."""

    def step_in(x: float) -> float:
        result = miss(x) + goal.value
        return math.log(result / goal.value) if result * goal.value > 0 else math.nan

    before, now = first, first + _FIRST_STEP if first + _FIRST_STEP <= high else first - _FIRST_STEP
    for _ in range(_MOST_SECANTS):
        for x in (before, now):
            if abs(miss(x)) <= goal.tolerance:
                return x
        slope = (step_in(now) - step_in(before)) / (now - before)
        if not (math.isfinite(slope) and slope != 0):
            return None
        before, now = now, now - step_in(now) / slope
        if not low <= now <= high:
            return None
    return None


def _between_bounds(miss: Callable[[float], float], low: float, high: float, goal: Goal) -> float:
    """Brent's method over the whole range."""
    from scipy.optimize import brentq

    if miss(low) * miss(high) > 0:
        raise OutOfReachError(miss(low) + goal.value, miss(high) + goal.value)
    # Brent's method stops on the parameter; the loop makes it stop on the result.
    for width in (1e-3, 1e-5, 1e-7, 1e-9):
        root = float(brentq(miss, low, high, xtol=width))
        if abs(miss(root)) <= goal.tolerance:
            return root
    raise SolverError(f"the result does not settle within {goal.tolerance:g} of {goal.value:g}")
