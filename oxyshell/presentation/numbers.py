"""Numbers as texts, with their units."""

from __future__ import annotations


def with_unit(value: float, unit: str, digits: int = 4) -> str:
    """A number with its unit."""
    return f"{value:.{digits}g}" if unit in ("1", "") else f"{value:.{digits}g} {unit}"
