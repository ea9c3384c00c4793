"""Quantities in short texts, whose unit says what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from oxyshell.language import spelling, units
from oxyshell.language.mistakes import NOTHING, Refusal, describe, nearest


@dataclass(frozen=True)
class Meaning:
    """A kind of quantity and the key that it has in the typed form.

    Attributes:
        key: The key.
        unit: SI unit.
        words: For messages, with an example.
        spellings: Units that a misspelt one may have meant.
    """

    key: str
    unit: str
    words: str
    spellings: tuple[str, ...] = ()


VOLTAGE = (Meaning("voltage", "V", "a voltage, such as '4.8 V'", ("V", "mV")),)
TIME = (Meaning("time", "s", "a time, such as '1 h'", ("s", "min", "h")),)
CURRENT = (
    Meaning("rate", "C", "a C-rate, such as '0.1 C'", ("C",)),
    Meaning("specific_current", "A/kg", "a current per mass, such as '25 mA/g'", ("mA/g", "A/g", "A/kg")),
    Meaning(
        "current_density", "A/m^2", "one per surface of the particle, such as '2 A/m^2'", ("A/m^2", "mA/cm^2")
    ),
)
NUMBER = (Meaning("", "1", "a number"),)

_QUANTITY = re.compile(r"C\s*/\s*\d+\.?\d*|[-+\N{MINUS SIGN}]?[\d.]+(?:[eE][-+]?\d+)?(?:\s*[^\s\d]\S*)?")


class Misplaced(Refusal):
    """Words that are no such quantity; says after how many characters the mistake is."""

    def __init__(self, found: str, expected: str, offset: int) -> None:
        super().__init__(found, expected)
        self.offset = offset


def quantity(text: str, kinds: tuple[Meaning, ...]) -> str:
    """The key of the quantity that a text is.

    Args:
        text: A number with its unit, nothing around it.
        kinds: Kinds of quantities that it may be.

    Raises:
        Misplaced: If it is none of them, or something follows it.
    """
    expected = _either(kinds)
    if not text:
        raise Misplaced(NOTHING, expected, 0)
    if found := _key(text, kinds):
        return found.key
    begins = _QUANTITY.match(text)
    if begins is None:
        raise Misplaced(describe(text), expected, 0)
    if len(begins[0]) < len(text) and _key(begins[0], kinds):
        rest = text[begins.end() :].lstrip()
        near = nearest(rest.split()[0], ("until", "for", "or"))
        more = f"'{near}'" if near else "'or' with another end, or the end of the text"
        raise Misplaced(describe(rest), more, len(text) - len(rest))
    unit = re.sub(r"^[-+\N{MINUS SIGN}\d.]+(?:[eE][-+]?\d+)?\s*", "", begins[0])
    near = nearest(unit, [one for kind in kinds for one in kind.spellings]) if unit else None
    raise Misplaced(describe(begins[0]), f"{expected}{f'; was {near!r} meant?' if near else ''}", 0)


def _either(kinds: tuple[Meaning, ...]) -> str:
    words = [kind.words for kind in kinds]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _key(text: str, kinds: tuple[Meaning, ...]) -> Meaning | None:
    """The kind of a number with its unit; the common units first, which are known without a look-up."""
    common = (kind for kind in kinds if _is_common(text, kind.unit))
    return next(common, None) or next((kind for kind in kinds if _is(text, kind.unit)), None)


def _is_common(text: str, unit: str) -> bool:
    written = re.sub(r"^[-+\N{MINUS SIGN}\d.]+(?:[eE][-+]?\d+)?\s*", "", text)
    return spelling.canonical(written) in units.KINDS[unit].sizes and _is(text, unit)


def _is(text: str, unit: str) -> bool:
    if unit != "1" and not units.has_unit(text):
        return False
    try:
        units.read(text, unit)
    except Refusal:
        return False
    return True
