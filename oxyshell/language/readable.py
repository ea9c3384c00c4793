"""Numbers for sentences: two digits in the unit that suits them."""

from __future__ import annotations

import sys

_TIMES = {
    "years": 3.15576e7,
    "days": 86400.0,
    "h": 3600.0,
    "min": 60.0,
    "s": 1.0,
    "ms": 1e-3,
    "µs": 1e-6,
    "ns": 1e-9,
}


def readable_time(seconds: float) -> str:
    """A time with two digits in the unit that suits it: "15 µs", "4.4 h", "64,000 years"."""
    name, size = next(((n, s) for n, s in _TIMES.items() if seconds >= s), ("ps", 1e-12))
    value = min(seconds, sys.float_info.max) / size
    if not value < 1e6:
        return f"{value:.1e} {name}"
    return f"{float(f'{value:.2g}'):,.{0 if value >= 9.95 else 1}f} {name}"


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
