"""Units that a reader sees: times and lengths with a prefix that fits, and what counts as unchanged."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from oxyshell.outputs.records import Array
from oxyshell.presentation.numbers import Unit, duration, length, length_unit, printed_unit, time_unit

__all__ = ["NO_STRESS", "duration", "length", "length_unit", "scaled", "time_unit", "unchanged"]

# A stress in Pa that no printed digit shows and no measurement finds; round-off is a ten-thousandth of it.
NO_STRESS = 1e3
# Of its largest value: what changes by less is shown as unchanged.
_NO_CHANGE = 1e-6


def scaled(unit: str, largest: float) -> Unit:
    """A stored unit as a figure shows it: one shown unit over the stored one, and its symbol.

    Args:
        unit: The stored unit, such as "Pa"; "1" for none, whose symbol is empty.
        largest: The largest number in it.
    """
    if unit in ("s", "m"):
        return (time_unit if unit == "s" else length_unit)(largest)
    return (1e6, "MPa") if unit == "Pa" else (1.0, printed_unit(unit))


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
