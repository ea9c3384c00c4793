"""Units of the axes of figures, and what counts as unchanged."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from oxyshell.outputs.records import Array
from oxyshell.presentation.numbers import duration, length, length_unit, time_unit

__all__ = ["NO_STRESS", "duration", "length", "length_unit", "time_unit", "unchanged"]

# A stress in Pa that no printed digit shows and no measurement finds; round-off is a ten-thousandth of it.
NO_STRESS = 1e3
# Of its largest value: what changes by less is shown as unchanged.
_NO_CHANGE = 1e-6


def unchanged(states: Iterable[Array], negligible: float = 0.0) -> bool:
    """Whether values stay what they were at first, within round-off.

    Args:
        states: The same quantity at several times, each of the same shape.
        negligible: A change that is none, in the quantity's unit; a millionth of its largest value is none
            either.
    """
    stacked = np.array([np.asarray(state, dtype=float) for state in states])
    size = float(np.max(np.abs(stacked), initial=0.0))
    moved = float(np.max(np.abs(stacked - stacked[:1]), initial=0.0))
    return moved <= max(_NO_CHANGE * size, negligible)
