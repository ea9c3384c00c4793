"""Arithmetic of jumps over cycles: what cycles between two simulated ones add up to, and how far to jump.

The numbers of cycle N form a sum, y(N + 1) = y(N) + g(N), not an integral. Between two measured cycles, c
and c + h, the gains are taken as a straight line, so that y(c + h) = y(c) + [(h + 1) g₁ + (h − 1) g₂]/2; the
difference to what g₁ alone predicts, (h − 1)(g₂ − g₁)/2, estimates the error (after Sulzer et al., J.
Electrochem. Soc. 168 (2021) 120531, whose weights are those of an integral).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from oxyshell.models.base.jump import SHORTEST

type Numbers = Mapping[str, float]

_FIRST = 4
_SAFETY, _SHRINK, _GROW = 0.9, 0.2, 3.0


@dataclass(frozen=True)
class JumpMemory:
    """Jumps of a run so far.

    Attributes:
        ahead: Cycles from the next measured cycle to the one after it, if nothing else limits them.
        made: Jumps that were accepted.
        skipped: Cycles that they jumped over.
        rejected: Jumps that were tried and taken back.
        largest_error: Largest estimated error of an accepted jump, as a share of the capacity.
        sum_of_errors: Sum of these errors.
        missed: Times, s, at which outputs were asked for within cycles that were jumped over.
        wait: Cycles to simulate one after the other once even the shortest jump is too long; it doubles
            until one is accepted.
    """

    ahead: int = _FIRST
    made: int = 0
    skipped: int = 0
    rejected: int = 0
    largest_error: float = 0.0
    sum_of_errors: float = 0.0
    missed: tuple[float, ...] = ()
    wait: int = 1

    def accepted(self, length: int, error: float, tolerance: float) -> JumpMemory:
        """After a jump that was accepted."""
        return replace(
            self,
            ahead=max(SHORTEST, math.floor(length * _factor(error, tolerance, _GROW))),
            made=self.made + 1,
            skipped=self.skipped + length - 2,
            largest_error=max(self.largest_error, error),
            sum_of_errors=self.sum_of_errors + error,
            wait=1,
        )

    def taken_back(self, length: int, error: float, tolerance: float) -> JumpMemory:
        """After a jump that was tried and taken back; an error that is no number says nothing."""
        factor = _factor(error, tolerance, _SAFETY) if math.isfinite(error) else _SHRINK
        ahead, tried = math.floor(length * factor), replace(self, rejected=self.rejected + 1)
        if ahead >= SHORTEST:
            return replace(tried, ahead=ahead)
        return replace(tried, ahead=SHORTEST - self.wait, wait=2 * self.wait)

    def one_more(self) -> JumpMemory:
        """After a cycle that was simulated because even the shortest jump was too long."""
        return self if self.ahead >= SHORTEST else replace(self, ahead=self.ahead + 1)


def _factor(error: float, tolerance: float, most: float) -> float:
    # The error grows with the square of the length.
    wanted = _SAFETY * math.sqrt(tolerance / error) if error > 0 else math.inf
    return min(max(wanted, _SHRINK), most)


def length_of_jump(ahead: int, longest: int, remaining: int) -> int:
    """Cycles from a measured cycle to the next one; 1 where none is jumped over.

    Args:
        ahead: Those that the error allows.
        longest: Those that the policy allows.
        remaining: Cycles after the measured one.
    """
    length = min(ahead, longest, remaining)
    return length if length >= SHORTEST else 1


def onward(number: int, last: int, singular: Collection[int]) -> int:
    """Cycles after a measured one that gain as it does, at least 1, the next cycle.

    Args:
        number: Its number.
        last: That of the last cycle.
        singular: Numbers of cycles that do not gain what those around them gain.
    """
    if number in singular:
        return 1
    return max(1, min([last, *(one - 1 for one in singular if one > number)]) - number)


def along(numbers: Numbers, first: Numbers, cycles: int) -> dict[str, float]:
    """y(c + cycles) if every cycle gains as much as cycle c."""
    return {name: value + cycles * first[name] for name, value in numbers.items()}


def between(numbers: Numbers, first: Numbers, second: Numbers, cycles: int) -> dict[str, float]:
    """y(c + cycles), by gains on a straight line from those of cycle c to those of cycle c + cycles."""
    return {
        name: value + ((cycles + 1) * first[name] + (cycles - 1) * second[name]) / 2
        for name, value in numbers.items()
    }


def errors(first: Numbers, second: Numbers, cycles: int) -> dict[str, float]:
    """Estimated error of each number that `between` gives."""
    return {name: (cycles - 1) * abs(second[name] - gain) / 2 for name, gain in first.items()}


def error_of_capacity(
    numbers: Numbers,
    reached: Numbers,
    missed: Numbers,
    capacities: tuple[float, float],
    retention: Callable[[Numbers], float],
) -> float:
    """Estimated error of a jump as a share of the capacity.

    It is the largest one of what the law makes of the numbers' errors, of what the capacities of both
    measured cycles make of them, which know of effects that the law does not, and of the errors of numbers
    that the law's capacity does not depend on, as shares of these.

    Args:
        numbers: Those in force before the jump.
        reached: Those after it.
        missed: Their estimated errors.
        capacities: Of the measured cycles before and after it, in any unit.
        retention: Capacity over that of the first cycle, by the law.
    """
    here = retention(reached)
    effects = {
        name: abs(retention({**reached, name: value + missed[name]}) - here)
        for name, value in reached.items()
    }
    by_law = math.fsum(effects.values())
    apart = [_over(missed[name], abs(reached[name])) for name, effect in effects.items() if effect == 0]
    before, after = capacities
    # Without numbers nothing explains a change.
    shares = [_over(missed[name], abs(reached[name] - value)) for name, value in numbers.items()]
    unexplained = max(shares, default=1.0)
    fell = abs(after - before) / before if before > 0 else 0.0
    return max(by_law, fell * unexplained if fell > 0 else 0.0, *apart)


def _over(error: float, change: float) -> float:
    """An error as a share of a change; none of nothing, and more than all of a change that there is not."""
    if error == 0:
        return 0.0
    return error / change if change > 0 else math.inf


def error_of_content(
    contents: tuple[float, float], drifts: tuple[float, float], passed: float, cycles: int
) -> float:
    """Error of the content at the ends of cycles, as a share of what a cycle passes.

    A content that follows from the numbers has settled where its drifts lead; one that every cycle adds to,
    as where a charge passes more than the discharge, has missed what the cycles jumped over would add.

    Args:
        contents: At the ends of the measured cycles before and after the jump.
        drifts: Change of the content in each of these cycles.
        passed: What a cycle passes, in the same unit.
        cycles: From the one to the other.
    """
    (before, after), (first, second) = contents, drifts
    expected = ((cycles - 1) * first + (cycles + 1) * second) / 2
    missed = abs(expected - (after - before))
    return missed / passed if passed > 0 else 0.0
