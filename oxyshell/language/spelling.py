"""The many ways to write one unit: m^2/s, m2/s, m² s⁻¹, m**2*s**-1."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺µμ\N{MINUS SIGN}", "0123456789-+uu-")
_NAMES = {"Å": "angstrom", "°C": "degC", "mass%": "wt%", "wt.%": "wt%", "w%": "wt%", "mol.%": "mol%"}
# A percentage of something is one name; an exponent has at most two digits: nothing that could keep a parser
# of powers busy.
_FACTOR = re.compile(
    r"(?P<name>[^\W\d_]*\.?\s?%|°?[^\W\d_][^\W\d]*|1)(?:\s?(?:\*\*|\^)\s?|)(?P<exponent>[+-]?\d{1,2})?(?![\w^])"
)
_BETWEEN = re.compile(r"\s*([*·⋅×/])\s*|\s+(?=[^)*·⋅×/\s])")
_DEEPEST = 5


class _NoUnitError(Exception):
    """The text is no unit."""


def canonical(text: str) -> str | None:
    """A unit in one spelling: factors with "^", each one with a negative exponent behind a "/".

    Args:
        text: Names of units with exponents ("m2", "m^2", "m**2", "m²"), products ("*", "·" or a blank) and
            quotients ("/", each of the next factor or parenthesis alone, as in "umol/g/min").

    Returns:
        Such as "umol/g/min", "1/cm^2", "m^3/mol"; "" for an empty text, None for what is no unit.
    """
    plain = unicodedata.normalize("NFC", text.strip().translate(_SUPERSCRIPTS))
    if not plain:
        return ""
    try:
        factors, end = _product(plain, 0, 0)
    except _NoUnitError:
        return None
    if end != len(plain) or not factors:
        return None
    above = [_power(name, exponent) for name, exponent in factors if exponent > 0]
    below = [_power(name, -exponent) for name, exponent in factors if exponent < 0]
    return "/".join(["*".join(above) or "1", *below])


def _power(name: str, exponent: int) -> str:
    return name if exponent == 1 else f"{name}^{exponent}"


def _product(text: str, position: int, depth: int) -> tuple[list[tuple[str, int]], int]:
    """The factors from a position on, and where they end."""
    factors: list[tuple[str, int]] = []
    inverse = False
    while True:
        found, position = _factor(text, position, depth)
        factors += [(name, -exponent if inverse else exponent) for name, exponent in found]
        between = _BETWEEN.match(text, position)
        if between is None:
            return factors, position
        inverse, position = between[1] == "/", between.end()


def _factor(text: str, position: int, depth: int) -> tuple[list[tuple[str, int]], int]:
    if text.startswith("(", position) and depth < _DEEPEST:
        factors, position = _product(text, position + 1, depth + 1)
        if not text.startswith(")", position):
            raise _NoUnitError
        return factors, position + 1
    factor = _FACTOR.match(text, position)
    if factor is None:
        raise _NoUnitError
    return list(_named(factor["name"], int(factor["exponent"] or 1))), factor.end()


def _named(text: str, exponent: int) -> Iterator[tuple[str, int]]:
    name = text.replace(" ", "")
    if name != "1" and exponent:
        yield _NAMES.get(name, name), exponent
