"""Units that a reader sees: times and lengths with a prefix that fits, and what counts as unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from oxyshell.outputs.records import Array

type Unit = tuple[float, str]
"""One unit in SI, and its symbol."""

_TIMES: tuple[Unit, ...] = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"))
_LENGTHS: tuple[Unit, ...] = ((1e-3, "mm"), (1e-6, "µm"), (1e-9, "nm"))
_SHOWN: Mapping[str, Unit] = {
    "1": (1.0, ""),
    "Pa": (1e6, "MPa"),
    "mol/m^3": (1.0, "mol/m³"),
    "m^2/s": (1.0, "m²/s"),
    "umol/g": (1.0, "µmol/g"),
    "umol/g/min": (1.0, "µmol/(g min)"),
}
"""Other units as figures show them."""
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


def scaled(unit: str, largest: float) -> Unit:
    """A stored unit as a figure shows it: one shown unit over the stored one, and its symbol.

    Args:
        unit: The stored unit, such as "Pa"; "1" for none, whose symbol is empty.
        largest: The largest number in it.
    """
    if unit in ("s", "m"):
        return (time_unit if unit == "s" else length_unit)(largest)
    return _SHOWN.get(unit, (1.0, unit))


def with_unit(words: str, symbol: str) -> str:
    """The label of an axis."""
    return f"{words} ({symbol})" if symbol else words


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
