"""Chemical formulas and their molar masses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from oxyshell.language.mistakes import Refusal, describe, nearest, problem, refused

# Abridged standard atomic weights, g/mol (IUPAC Commission on Isotopic Abundances and Atomic Weights, 2021).
ATOMIC_WEIGHTS = {
    "H": 1.0080, "Li": 6.94, "Be": 9.0122, "B": 10.81, "C": 12.011, "N": 14.007, "O": 15.999, "F": 18.998,
    "Na": 22.990, "Mg": 24.305, "Al": 26.982, "Si": 28.085, "P": 30.974, "S": 32.06, "Cl": 35.45, "K": 39.098,
    "Ca": 40.078, "Sc": 44.956, "Ti": 47.867, "V": 50.942, "Cr": 51.996, "Mn": 54.938, "Fe": 55.845,
    "Co": 58.933, "Ni": 58.693, "Cu": 63.546, "Zn": 65.38, "Ga": 69.723, "Ge": 72.630, "As": 74.922,
    "Se": 78.971, "Br": 79.904, "Rb": 85.468, "Sr": 87.62, "Y": 88.906, "Zr": 91.224, "Nb": 92.906,
    "Mo": 95.95, "Ru": 101.07, "Rh": 102.91, "Pd": 106.42, "Ag": 107.87, "Cd": 112.41, "In": 114.82,
    "Sn": 118.71, "Sb": 121.76, "Te": 127.60, "I": 126.90, "Cs": 132.91, "Ba": 137.33, "La": 138.91,
    "Ce": 140.12, "Hf": 178.49, "Ta": 180.95, "W": 183.84, "Re": 186.21, "Os": 190.23, "Ir": 192.22,
    "Pt": 195.08, "Au": 196.97, "Pb": 207.2, "Bi": 208.98,
}  # fmt: skip

_COUNT = r"(?:\d+/\d+|\d+\.?\d*|\.\d+)"
_TOKEN = re.compile(
    rf"(?P<element>[A-Z][a-z]?)(?P<count>{_COUNT})?|(?P<opens>\()|\)(?P<group>{_COUNT})?", re.ASCII
)
_PART = re.compile(rf"(?P<times>{_COUNT})?(?P<formula>.+)", re.ASCII)
_JOINED = re.compile("[·•⋅*]")
# Brackets and braces are parentheses, subscripts are digits, and blanks say nothing.
_PLAIN = str.maketrans("[]{}₀₁₂₃₄₅₆₇₈₉", "()()0123456789")
_LONGEST = 200
_EXPECTED = (
    "a chemical formula with numbers for counts, such as Li1.2Mn0.54Ni0.13Co0.13O2, Li[Ni0.8Mn0.1Co0.1]O2, "
    "NaNi1/3Fe1/3Mn1/3O2 or 0.5Li2MnO3·0.5LiCoO2"
)


def composition(formula: str) -> Mapping[str, float]:
    """Atoms of each element in a formula unit.

    Args:
        formula: Element symbols with counts (decimal numbers or fractions, also as subscripts), parentheses,
            brackets or braces; parts with a dot between them, each with a number in front.

    Returns:
        Counts by element symbol.

    Raises:
        Refusal: If the text is no formula, or names an element that has no weight in the table.
    """
    plain = "".join(formula.translate(_PLAIN).split())
    if len(formula) > _LONGEST:
        raise Refusal(describe(formula), _EXPECTED)
    parts = _JOINED.split(plain)
    total: dict[str, float] = {}
    for part in parts:
        found = _PART.fullmatch(part)
        # A number in front of a whole formula would leave open which amount is meant by "per formula unit".
        if found is None or (found["times"] and len(parts) == 1):
            raise Refusal(describe(formula), _EXPECTED)
        for element, amount in _composition(found["formula"], formula).items():
            total[element] = total.get(element, 0.0) + _number(found["times"], formula) * amount
    if not any(total.values()):
        raise Refusal(describe(formula), _EXPECTED)
    return total


def _composition(part: str, formula: str) -> dict[str, float]:
    levels: list[dict[str, float]] = [{}]
    position = 0
    while position < len(part):
        token = _TOKEN.match(part, position)
        if token is None:
            raise Refusal(describe(formula), _EXPECTED)
        if element := token["element"]:
            if element not in ATOMIC_WEIGHTS:
                near = nearest(element, ATOMIC_WEIGHTS)
                raise Refusal(
                    f"the unknown element '{element}'", f"'{near}'" if near else "an element symbol"
                )
            levels[-1][element] = levels[-1].get(element, 0.0) + _number(token["count"], formula)
        elif token["opens"]:
            levels.append({})
        elif len(levels) == 1:
            raise Refusal(f"{describe(formula)} with a parenthesis that nothing opens", _EXPECTED)
        else:
            for inner, amount in levels.pop().items():
                levels[-1][inner] = levels[-1].get(inner, 0.0) + amount * _number(token["group"], formula)
        position = token.end()
    if len(levels) > 1:
        raise Refusal(describe(formula), _EXPECTED)
    return levels[0]


def _number(text: str | None, formula: str) -> float:
    above, _, below = (text or "1").partition("/")
    if below and not float(below):
        raise Refusal(describe(formula), _EXPECTED)
    return float(above) / float(below or 1)


def molar_mass(formula: str) -> float:
    """Mass of a mol of formula units, g/mol; raises Refusal if the text is no formula."""
    return sum(ATOMIC_WEIGHTS[element] * count for element, count in composition(formula).items())


def _formula(raw: Any) -> Any:
    try:
        if not isinstance(raw, str):
            raise Refusal(describe(raw), "a chemical formula")
        composition(raw)
    except Refusal as refusal:
        raise refused(problem(refusal.found, refusal.expected)) from None
    return raw


type Formula = Annotated[str, BeforeValidator(_formula)]
"""A text that is a chemical formula."""
