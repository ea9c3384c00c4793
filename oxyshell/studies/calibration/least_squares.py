"""Several parameters for several results, on a logarithmic scale: least squares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oxyshell.studies.calibration.problem import Vector

# Steps in the parameters' logarithms below which a least-squares fit stops.
_SMALL_STEP = 1e-4
# Share of the sum of squares below which a gain ends it: the runs' own errors (1e-4) make as much of it.
_SMALL_GAIN = 1e-6


@dataclass(frozen=True)
class Descent:
    """Where least squares ended.

    Attributes:
        logarithms: Of the parameters, shape (parameters,).
        misfit: Sum of the squared residuals.
        settled: Whether steps or gains had become small, and not the number of evaluations large.
    """

    logarithms: Vector
    misfit: float
    settled: bool


def least_squares(
    residuals: Callable[[Vector], Vector],
    jacobian: Callable[[Vector], Vector],
    first: Vector,
    bounds: tuple[Vector, Vector],
    evaluations: int,
) -> Descent:
    """Find several parameters: least squares by a trust region with bounds (`scipy.optimize.least_squares`).

    Args:
        residuals: Misses in their uncertainties, shape (targets,), at logarithms, shape (parameters,).
        jacobian: Their derivatives, shape (targets, parameters).
        first: Logarithms of the first guess.
        bounds: Logarithms of the smallest and of the largest parameters.
        evaluations: Number of values of the parameters after which it is given up.

    Raises:
        OxyshellError: If a run cannot be solved.
    """
    from scipy import optimize

    low, high = bounds
    # In units of 1 around the first guess, so that the relative test on the step is an absolute one.
    origin = first - 1.0
    inside = 1e-9 * (high - low)
    solved = optimize.least_squares(
        lambda x: residuals(x + origin),
        (first - origin).clip(low + inside - origin, high - inside - origin),
        jac=lambda x: jacobian(x + origin),
        bounds=(low - origin, high - origin),
        # Its steps are the shortest ones, so that what the targets leave open stays near where it started.
        method="dogbox",
        xtol=_SMALL_STEP,
        ftol=_SMALL_GAIN,
        gtol=None,
        max_nfev=evaluations,
    )
    return Descent(solved.x + origin, float(2 * solved.cost), bool(solved.status > 0))
