"""Numbers as texts, with their units: the one place that chooses a unit's prefix and its spelling."""

from __future__ import annotations

import re
import sys

type Unit = tuple[float, str]
"""One unit in SI, and its symbol."""

_YEAR = 3.15576e7
_TIMES: tuple[Unit, ...] = (
    (86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"),
)  # fmt: skip
_LENGTHS: tuple[Unit, ...] = ((1e-3, "mm"), (1e-6, "µm"), (1e-9, "nm"))
_AT_LEAST = 2.0
_POWERS = {"0.5": "√", "2": "²", "3": "³"}
_MICRO = re.compile(r"(?<=\d )u(?=[a-z])")
_OHM = re.compile(r"(?<=\d )ohm\b")
_POWER = re.compile(r"(?P<unit>[A-Za-zµ]+)\^(?P<power>0\.5|2|3)(?![\d.])")


def printed_unit(unit: str) -> str:
    """A unit as a reader sees it, of the spelling that files have: "umol/g/min" gives "µmol/(g min)".

    Args:
        unit: In the spelling of files and of the registry of quantities; "1" and "" are no unit.

    Returns:
        Its printed form; empty for no unit.
    """
    if unit == "1":
        return ""
    micro = re.sub(r"\bu(?=[a-z])", "µ", unit)
    raised = _POWER.sub(_raised, micro)
    top, *bottom = raised.split("/")
    return raised if len(bottom) < 2 else f"{top}/({' '.join(bottom)})"


def _raised(found: re.Match[str]) -> str:
    unit, sign = found["unit"], _POWERS[found["power"]]
    return f"{sign}{unit}" if sign == "√" else f"{unit}{sign}"


def with_unit(value: float, unit: str, digits: int = 4) -> str:
    """A number with its unit, in the unit's printed form."""
    return " ".join(part for part in (f"{value:z.{digits}g}", printed_unit(unit)) if part)


def with_printed_units(text: str) -> str:
    """A text with units as a reader sees them: "2 m^2/s" gives "2 m²/s", "0.5 um" gives "0.5 µm"."""
    return _OHM.sub("Ω", _POWER.sub(_raised, _MICRO.sub("µ", text)))


def named_with_unit(words: str, unit: str) -> str:
    """Words with the unit of their numbers, for a heading or the axis of a figure: "voltage (V)"."""
    printed = printed_unit(unit)
    return f"{words} ({printed})" if printed else words


def percent(share: float | None, digits: int = 2) -> str:
    """A share of one in per cent; a dash for a share of nothing."""
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def time_unit(longest: float) -> Unit:
    """The unit for times up to so many seconds: the largest of which there are at least two."""
    return _fitting(_TIMES, longest, _AT_LEAST)


def length_unit(longest: float) -> Unit:
    """The unit for lengths up to so many metres: the largest of which there is at least one."""
    return _fitting(_LENGTHS, longest, 1.0)


def duration(seconds: float, digits: int = 3) -> str:
    """A time with the unit that suits it: "15 µs", "4.42 h", "63,000 years"; below 1 ns in s."""
    if seconds < _TIMES[-1][0]:
        return f"{seconds:.{digits}g} s"
    if seconds >= _AT_LEAST * _YEAR:
        years = float(f"{min(seconds, sys.float_info.max) / _YEAR:.2g}")
        return f"{years:,.0f} years" if years < 1e6 else f"{years:.1e} years"
    size, unit = time_unit(seconds)
    return f"{float(f'{seconds / size:.{digits}g}'):g} {unit}"


def exact_duration(seconds: float) -> str:
    """A time in six digits, with the unit in which it is shortest: "50 h" where `duration` gives "2.08 d"."""
    texts = [f"{seconds / size:.6g} {unit}" for size, unit in _TIMES[:4]]
    return min(texts, key=len)


def time_in_words(seconds: float, digits: int = 4) -> str:
    """A time since the start of the protocol: "t = 12.64 h"."""
    return f"t = {duration(seconds, digits)}"


def length(metres: float) -> str:
    """A length in three digits with its unit."""
    size, unit = length_unit(metres)
    return f"{float(f'{metres / size:.3g}'):g} {unit}"


def directed(
    amount: float, digits: int, unit: str = "", outwards: str = "extracted", inwards: str = "inserted"
) -> str:
    """An amount and its direction: "0.30 Li extracted", "0.12 Li inserted", and "0.00 Li extracted" for none.

    Args:
        amount: Positive outwards.
        digits: Decimals that are shown; an amount that they do not show has no direction.
        unit: Stands between number and direction.
        outwards: Word for the direction of a positive amount.
        inwards: Word for that of a negative one.
    """
    number = f"{amount:z.{digits}f}"
    direction = inwards if number.startswith("-") else outwards
    return " ".join(part for part in (number.removeprefix("-"), unit, direction) if part)


def stress(megapascal: float) -> str:
    """A stress with one decimal, or two significant digits below 0.1 MPa."""
    return f"{megapascal:.1f} MPa" if abs(megapascal) >= 0.1 else f"{megapascal:.2g} MPa"


def three_digits(value: float) -> str:
    """A number with three digits, large ones without an exponent."""
    return f"{float(f'{value:.3g}'):g}"


def ordinal(number: int) -> str:
    """A place in an order: "1st", "12th", "23rd"."""
    teens = 10 < number % 100 < 14
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _fitting(units: tuple[Unit, ...], longest: float, at_least: float) -> Unit:
    # The tolerance keeps a radius of exactly 1 µm from being 1000 nm.
    return next((unit for unit in units if longest >= at_least * unit[0] * (1 - 1e-9)), units[-1])
