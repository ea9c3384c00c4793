"""Policy by which cycles of a repetition are jumped over."""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST = 3
"""Cycles from one that is measured to the next: one is jumped over, one lets the particle settle."""


@dataclass(frozen=True)
class JumpPolicy:
    """Cycles that are not simulated, because those around them say what they would do.

    Attributes:
        tolerance: Largest estimated error of one jump, as a share of the capacity.
        simulated_first: Cycles at the beginning that are simulated one after the other.
        longest: Cycles from one that is measured to the next, at most; below `SHORTEST` none is jumped over.
    """

    tolerance: float
    simulated_first: int = 3
    longest: int = 1_000_000

    @property
    def jumps(self) -> bool:
        """Whether any cycle may be jumped over."""
        return self.longest >= SHORTEST


EVERY_CYCLE = JumpPolicy(tolerance=0.0, longest=1)
"""The null policy: all cycles are simulated."""
