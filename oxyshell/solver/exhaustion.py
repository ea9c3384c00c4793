"""Step lengths about the moment in which a surface is exhausted or full, from which on a set current falls.

A flux law changes there within a small range of occupancies. A step that passes this range from far off
fails: what it extrapolates lies where the law means nothing.
"""

from __future__ import annotations

import math

from oxyshell.models.base.protocol import ProtocolStep

# Share of what is left at the surface that a step may take, once the current falls.
_SHARE = 0.1


def longest(step: ProtocolStep, before: float, after: float, length: float) -> float:
    """The longest next step, s: to where the current begins to fall, and from there on a share of the way.

    Args:
        step: The step of the protocol.
        before: Mean occupancy of the surface before the last time step.
        after: The same after it.
        length: Length of that time step, s.
    """
    margin = step.exchange.fades_within
    if not margin or not step.pace or step.held is not None:
        return math.inf
    left, fallen = (after, before - after) if step.pace > 0 else (1 - after, after - before)
    if fallen <= 0 or left <= 0:
        return math.inf
    return max(left - margin, _SHARE * left) * length / fallen
