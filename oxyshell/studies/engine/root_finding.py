"""One parameter for a result, on a logarithmic scale: by secants, else between its bounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from oxyshell.errors import OxyshellError

_FIRST_STEP = 0.02
_MOST_SECANTS = 12
# Values between the bounds, and the bounds, that are tried where secants stray.
_PLACES = 9


class NotReachedError(Exception):
    """A value that no parameter between the bounds gives.

    Attributes:
        at_low: The result at the smallest parameter; NaN if that could not be solved.
        at_high: The result at the largest one; NaN if that could not be solved.
        closest: Where the result comes closest.
        jump: The results on both sides of the place where they pass the value without taking it, or empty.
    """

    def __init__(self, at_low: float, at_high: float, closest: Found, jump: tuple[float, ...] = ()) -> None:
        super().__init__(at_low, at_high, closest, jump)
        self.at_low = at_low
        self.at_high = at_high
        self.closest = closest
        self.jump = jump

    def words(self, target: str, parameter: str, bounds: tuple[str, str], closest: str) -> str:
        """A sentence.

        Args:
            target: The result and its value.
            parameter: Name of the parameter.
            bounds: Of the parameter, with units.
            closest: The parameter where the result comes closest, with its unit.
        """
        if self.jump:
            ends = " and ".join(f"{result:g}" for result in self.jump)
            return (
                f"{target} is not reached for {parameter}: the result jumps at {closest}, with {ends} on its "
                "two sides; check the target, or ask for a result that is continuous there"
            )
        return (
            f"{target} is not reached for {parameter} between {bounds[0]} and {bounds[1]}: there it is "
            f"{self.at_low:g} and {self.at_high:g}; widen the bounds or check the target. The closest of "
            f"{self.closest.runs} runs is {self.closest.result:g}, at {closest}"
        )


@dataclass(frozen=True)
class Goal:
    """A value that a result has to take.

    Attributes:
        value: In the result's unit.
        tolerance: Allowed deviation, in the same unit.
    """

    value: float
    tolerance: float


@dataclass(frozen=True)
class Found:
    """Where a result is what it has to be.

    Attributes:
        logarithm: Of the parameter.
        result: There.
        runs: Number of results that were asked for.
        others: Further times that the result passes the value between the bounds, as far as was seen.
    """

    logarithm: float
    result: float
    runs: int
    others: int = 0


def find_root(result: Callable[[float], float], first: float, low: float, high: float, goal: Goal) -> Found:
    """Find one parameter: by secants from a first guess, else between the bounds.

    Secants find the value nearest to the first guess, in the sense of the result's slope there; whether there
    are others is not looked for. Between the bounds, of several that are seen the nearest is taken.

    Args:
        result: The result as a function of the parameter's logarithm.
        first: Logarithm of the first guess.
        low: Logarithm of the smallest parameter.
        high: Logarithm of the largest one.
        goal: The value that the result has to take.

    Raises:
        NotReachedError: If no parameter that was tried between the bounds gives the value.
        OxyshellError: If no run could be solved.
    """
    misses: dict[float, float] = {}

    def miss(logarithm: float) -> float:
        if logarithm not in misses:
            misses[logarithm] = result(logarithm) - goal.value
        return misses[logarithm]

    first = min(max(first, low), high)
    others = 0
    try:
        best = _by_secants(miss, first, low, high, goal)
    except OxyshellError:
        best = None
    if best is None:
        best, others = _between_bounds(miss, misses, first, (low, high), goal)
    return Found(best, misses[best] + goal.value, len(misses), others)


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


def _between_bounds(
    miss: Callable[[float], float],
    misses: Mapping[float, float],
    first: float,
    bounds: tuple[float, float],
    goal: Goal,
) -> tuple[float, int]:
    """The place nearest to the first guess where the sign changes, by Brent's method, and how many others."""
    from scipy.optimize import brentq

    low, high = bounds
    reason = _spread(miss, low, high)
    if not misses and reason is not None:
        raise reason
    known = sorted(misses)
    brackets = [pair for pair in pairwise(known) if (misses[pair[0]] < 0) != (misses[pair[1]] < 0)]
    met = [one for one in known if abs(misses[one]) <= goal.tolerance]
    if met:
        return min(met, key=lambda one: abs(one - first)), max(len(brackets), 1) - 1
    if not brackets:
        at_low, at_high = (misses.get(end, math.nan) + goal.value for end in bounds)
        raise NotReachedError(at_low, at_high, _closest(misses, goal))
    left, right = min(brackets, key=lambda pair: max(pair[0] - first, first - pair[1]))
    # Brent's method stops on the parameter; the loop makes it stop on the result.
    for width in (1e-3, 1e-5, 1e-7, 1e-9):
        root = float(brentq(miss, left, right, xtol=width))
        if abs(miss(root)) <= goal.tolerance:
            return root, len(brackets) - 1
    # Two neighbours with the value between them, closer to each other than any parameter is known.
    sides = min(
        (pair for pair in pairwise(sorted(misses)) if (misses[pair[0]] < 0) != (misses[pair[1]] < 0)),
        key=lambda pair: pair[1] - pair[0],
    )
    jump = tuple(misses[one] + goal.value for one in sides)
    closest = _closest({one: misses[one] for one in sides}, goal)
    raise NotReachedError(math.nan, math.nan, closest, jump)


def _spread(miss: Callable[[float], float], low: float, high: float) -> OxyshellError | None:
    """Runs at evenly spread logarithms, both bounds included; the first error of those that fail."""
    first = None
    for index in range(_PLACES):
        share = index / (_PLACES - 1)
        try:
            miss(low * (1 - share) + high * share)
        except OxyshellError as error:
            first = first or error
    return first


def _closest(misses: Mapping[float, float], goal: Goal) -> Found:
    best = min(misses, key=lambda one: abs(misses[one]))
    return Found(best, misses[best] + goal.value, len(misses))
