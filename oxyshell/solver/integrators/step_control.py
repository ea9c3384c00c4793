"""Step sizes from error estimates: what the march and every group within a step of another one use."""

from __future__ import annotations

import math

# Share of the step that an estimate allows which is taken: estimates are not exact.
_SAFETY = 0.9
# If the equations could not be solved, nothing says by how much the step was too long.
_UNSOLVED = 0.25
_LEAST_ERROR = 1e-12
# Power of the step with which an error is taken to grow at least.
_LEAST_POWER = 0.1


def _factor(error: float, order: float) -> float:
    """Ratio of the step that the tolerance allows to the one that was tried.

    Args:
        error: Estimated error over tolerance; NaN if the equations could not be solved.
        order: Order of the estimate.
    """
    if not math.isfinite(error):
        return _UNSOLVED
    return float(_SAFETY * max(error, _LEAST_ERROR) ** (-1.0 / (order + 1)))


def after_rejection(step: float, error: float, order: float) -> float:
    """Length of the step to try after one of length `step` was rejected."""
    return step * min(max(_factor(error, order), 0.1), 0.9)


def seen_order(longer: float, its_error: float, shorter: float, error: float, order: int) -> float:
    """The order that the errors of two rejected steps from one state show, if it is below zero.

    About a jump errors fall far more slowly than the order of the estimate promises (Hairer & Wanner, Solving
    ODEs II, section IV.8).

    Args:
        longer: Length of the step that was tried first; NaN if there was none.
        its_error: Its estimated error over tolerance.
        shorter: Length of the one that was tried next.
        error: Likewise.
        order: Order of the estimate, which is returned otherwise.
    """
    if not (math.isfinite(its_error) and math.isfinite(error)):
        return order
    power = math.log(its_error / error) / math.log(longer / shorter)
    return max(power, _LEAST_POWER) - 1 if power < 1 else order


def after_acceptance(step: float, wanted: float, error: float, order: int, growth: float) -> float:
    """Length of the next step after one of length `step` was accepted.

    Args:
        step: As it was taken.
        wanted: As it would have been taken if nothing had cut it.
        error: Estimated error over tolerance.
        order: Order of the estimate.
        growth: Largest ratio of two steps that follow each other, at least 1.
    """
    factor = _factor(error, order)
    grown = step * min(max(factor, 0.2), growth)
    # A step that was cut to land on a target says little about the size that accuracy needs.
    return max(grown, min(wanted, step * factor))
