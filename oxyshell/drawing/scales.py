"""Units that a reader sees: times and lengths with a prefix that fits, and what counts as unchanged."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from oxyshell.outputs.records import Array

type Unit = tuple[float, str]
"""One unit in SI, and its symbol."""

_TIMES: tuple[Unit, ...] = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"))
_LENGTHS: tuple[Unit, ...] = ((1e-3, "mm"), (1e-6, "µm"), (1e-9, "nm"))
_AT_LEAST = 2.0
# A stress in Pa that no printed digit shows and no measurement finds; round-off is a ten-thousandth of it.
NO_STRESS = 1e3
# Of its largest value: what changes by less is shown as unchanged.
_NO_CHANGE = 1e-6


def time_unit(longest: float) -> Unit:
    """The unit for times up to so many seconds: the largest of which there are at least two."""
    return _fitting(_TIMES, longest, _AT_LEAST)


def length_unit(longest: float) -> Unit:
    """The unit for lengths up to so many metres: the largest of which there is at least one."""
    return _fitting(_LENGTHS, longest, 1.0)


def duration(seconds: float) -> str:
    """A time in three digits with its unit."""
    if seconds == 0.0:
        return "0 s"
    size, unit = time_unit(seconds)
    return f"{float(f'{seconds / size:.3g}'):g} {unit}"


def length(metres: float) -> str:
    """A length in three digits with its unit."""
    size, unit = length_unit(metres)
    return f"{float(f'{metres / size:.3g}'):g} {unit}"


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


def _fitting(units: tuple[Unit, ...], longest: float, at_least: float) -> Unit:
    # The tolerance keeps a radius of exactly 1 µm from being 1000 nm.
    return next((unit for unit in units if longest >= at_least * unit[0] * (1 - 1e-9)), units[-1])
