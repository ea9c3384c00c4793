"""Error of the amount that passes the surface in a step.

Where a law of the surface gives the flux, a flux that fades may be driven by differences of the occupancy
that are smaller than the tolerance: the occupancy is then right whatever the flux does. What passes in a step
is therefore kept to a share of itself. Of a flux that decays exponentially, this share is the error of its
rate, whatever the number of steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

# Share of what passes that one step may err by, over the tolerance of the occupancy.
_SHARE = 10.0
# What passes counts for no less than this, in mean occupancy, over the tolerance: where a flux begins with a
# jump, or changes its sign, no step is short enough for a share.
_LEAST = 1e-2
# In shorter steps, in units of the diffusion time, ions pass that are forgotten before they matter: a jump is
# over in many of them.
_SHORTEST = 1e-8


class Passage(Protocol):
    """A measure for errors of what passes in a step."""

    def error(self, difference: float, passed: float, step: float) -> float:
        """Error over what is allowed.

        Args:
            difference: Estimated error of what passed, in the system's unit of amount.
            passed: What passed, likewise.
            step: Length of the step, in units of the diffusion time.
        """


class Uncounted:
    """No measure: the flux is set, or its errors are those of the occupancy."""

    def error(self, difference: float, passed: float, step: float) -> float:
        return 0.0


@dataclass(frozen=True)
class Counted:
    """Errors of no more than a share of what passes.

    Attributes:
        tolerance: Of the occupancy, in one step.
        room: Amount that there is room for, in the system's unit.
        is_free: Tells whether the flux follows from what is held; a flux that is set passes as it is set.
    """

    tolerance: float
    room: float
    is_free: Callable[[], bool]

    def error(self, difference: float, passed: float, step: float) -> float:
        if step < _SHORTEST or not self.is_free():
            return 0.0
        counts = max(abs(passed), _LEAST * self.tolerance * self.room)
        return abs(difference) / (_SHARE * self.tolerance * counts)
