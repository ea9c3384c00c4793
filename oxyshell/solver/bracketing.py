"""A root of a function of one number between two places where its sign differs, in few evaluations.

The places are chosen one at a time: each evaluation may be a time step.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A place and the value of a function there."""

    at: float
    value: float


def between(lower: Place, upper: Place, third: Place | None = None) -> float:
    """The place to evaluate next, strictly between two whose values have different signs.

    By inverse quadratic interpolation where that is safe, and else in the middle (Chandrupatla, Advances in
    Engineering Software 28 (1997) 145, 1997); by a straight line at first.

    Args:
        lower: The one before the root.
        upper: The one after it.
        third: The place that one of them has replaced; None if none has been replaced yet.
    """
    share = lower.value / (lower.value - upper.value) if third is None else _share(lower, upper, third)
    at = lower.at + share * (upper.at - lower.at)
    middle = lower.at + 0.5 * (upper.at - lower.at)
    return at if lower.at < at < upper.at else middle


def _share(lower: Place, upper: Place, third: Place) -> float:
    """The place as a share of the way from `lower` to `upper`."""
    # The latest place is the one that the third was replaced by, on its side of the root.
    latest, other = (lower, upper) if third.value * lower.value > 0 else (upper, lower)
    share = 0.5 if third.value in (latest.value, other.value) else _safe_share(latest, other, third)
    return share if latest is lower else 1.0 - share


def _safe_share(latest: Place, other: Place, third: Place) -> float:
    """As a share of the way from the latest place to the one across the root."""
    xi = (latest.at - other.at) / (third.at - other.at)
    phi = (latest.value - other.value) / (third.value - other.value)
    if not (phi**2 < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    return latest.value / (other.value - latest.value) * third.value / (other.value - third.value) + (
        third.at - latest.at
    ) / (other.at - latest.at) * latest.value / (third.value - latest.value) * other.value / (
        third.value - other.value
    )
