"""Regular expressions of quantities, for JSON Schema: a number of the right sign, a unit of the right kind.

They accept every text that `units.read` accepts. Of units, a pattern cannot list all that pint knows: it
refuses those of other kinds that scenarios use, in every spelling of `spelling.canonical`.
"""

from __future__ import annotations

import functools
import math
import re

from oxyshell.language import units

_UNSIGNED = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9.]|[eE][+-]?[0-9])"
_MINUS = "[-\N{MINUS SIGN}]"
_NOT_ZERO = r"[0.]*[1-9]"
_SIGNED = {
    # Whether numbers below and above zero are allowed, and zero itself.
    (True, True, True): f"(?:[+]|{_MINUS})?",
    (False, True, True): rf"(?:[+]|{_MINUS}(?!{_NOT_ZERO}))?",
    (False, False, True): rf"[+]?(?={_NOT_ZERO})",
    (True, True, False): rf"(?:{_MINUS}|[+]?(?!{_NOT_ZERO}))",
    (True, False, False): rf"{_MINUS}(?={_NOT_ZERO})",
}
_TIMES = r"(?:\s*[*·⋅×]\s*|\s+)"
_PER = r"\s*/\s*"
_NAMES = {"angstrom": "(?:angstrom|Å|Å)", "ohm": "(?:ohm|Ω|Ω)"}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# What a unit may begin with.
_UNIT = r"(?:[^\W\d_]|[%°(]|1\s*/)[^,]*"
# Kinds whose units convert into each other.
_ALIKE = (("1", "kg/kg"), ("eV", "J/mol"))
# Units of nothing that scenarios have.
_OTHERS = ("kg", "g", "mg", "A", "mA", "W", "ohm", "mol/kg")
# To pint, a pressure: the technical atmosphere.
_AMBIGUOUS = ("at%",)


@functools.cache
def quantity(
    unit: str, negative: bool = True, zero: bool = True, positive: bool = True, most: float = math.inf
) -> str:
    """The pattern of a number with its unit.

    Args:
        unit: SI unit, as in `units.KINDS`.
        negative: Whether it may be below zero.
        zero: Whether it may be zero.
        positive: Whether it may be above zero.
        most: Largest number.
    """
    number = f"{_SIGNED[negative, zero, positive]}{_UNSIGNED}"
    if unit == "C":
        return rf"^\s*(?:{number}\s*C?|C\s*/\s*(?={_NOT_ZERO})[0-9]+\.?[0-9]*)\s*$"
    return rf"^\s*{_at_most(most)}{number}\s*(?:{unit_of(unit)})?\s*$"


def _at_most(most: float) -> str:
    """An assertion that a number without an exponent is no percentage beyond 100; empty for other ranges."""
    if most != 1:
        return ""
    return r"(?![+]?0*(?:[1-9][0-9]{3,}|[2-9][0-9]{2}|1(?:0[1-9]|[1-9][0-9]))[0-9.]*\s*%)"


@functools.cache
def unit_of(unit: str) -> str:
    """The expression of a unit that converts to an SI unit, as far as an expression can know."""
    return rf"(?!(?:{'|'.join(map(_spelling, foreign(unit)))})\s*$){_UNIT}"


def foreign(unit: str) -> tuple[str, ...]:
    """Units that scenarios use, canonically spelled, and that do not convert to an SI unit."""
    alike = next((kinds for kinds in _ALIKE if unit in kinds), (unit,))
    own = {name for kind in alike for name in units.KINDS[kind].sizes}
    every = dict.fromkeys([*(name for kind in units.KINDS.values() for name in kind.sizes), *_OTHERS])
    return tuple(name for name in every if name and name not in (*own, *_AMBIGUOUS))


def _spelling(unit: str) -> str:
    """The ways to write one unit."""
    if "." in unit:
        return re.escape(unit).replace(r"\ ", r"\s+")
    above, *below = unit.split("/")
    factors = [] if above == "1" else [_factor(one) for one in above.split("*")]
    first = _TIMES.join(factors) if factors else "1"
    divided = "".join(f"(?:{_PER}{_factor(one)}|{_TIMES}{_factor(one, inverse=True)})" for one in below)
    if factors:
        return f"{first}{divided}"
    return f"(?:1{_PER}{_factor(below[0])}|{_factor(below[0], inverse=True)})" + "".join(
        f"(?:{_PER}{_factor(one)}|{_TIMES}{_factor(one, inverse=True)})" for one in below[1:]
    )


def _factor(text: str, inverse: bool = False) -> str:
    name, _, exponent = text.partition("^")
    letters = _NAMES.get(name, re.sub("^u", "[uµμ]", re.escape(name)))
    power = exponent or "1"
    if inverse:
        return rf"{letters}(?:(?:\^|\*\*)?{_MINUS}{power}|⁻{power.translate(_SUPERSCRIPTS)})"
    return rf"{letters}(?:(?:\^|\*\*)?{power}|{power.translate(_SUPERSCRIPTS)})" if exponent else letters
