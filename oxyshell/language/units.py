"""Numbers with units, turned into SI numbers. Nothing beyond this package knows another unit."""

from __future__ import annotations

import functools
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from oxyshell.language import spelling
from oxyshell.language.mistakes import Refusal, describe


class Kind(NamedTuple):
    """A kind of quantity: its meaning in words, and the spellings of its units with their sizes in SI."""

    meaning: str
    sizes: Mapping[str, str]


class _Kinds(dict[str, Kind]):
    """Kinds of quantities by their SI units; of a unit that is not listed, a number of any kind."""

    def __missing__(self, unit: str) -> Kind:
        return Kind("a number with its unit", {unit: "1"})


# Units that scenarios use all the time, exactly, so that most runs need not import pint (0.5 s).
# Their SI unit and their size in it; a test compares each with pint. Spelled as `canonical` does.
# Where one counts particles and the other mol: N_A = 6.02214076e23, exact in the SI; what is divided by it
# has the digits of a float.
KINDS = _Kinds({
    "m": Kind("a length, for example '150 nm'",
        {"m": "1", "mm": "1e-3", "um": "1e-6", "nm": "1e-9", "pm": "1e-12", "angstrom": "1e-10"}),
    "m^2": Kind("an area, for example '0.9 nm^2'", {"m^2": "1", "um^2": "1e-12", "nm^2": "1e-18"}),
    "s": Kind("a time, for example '1 h'", {"s": "1", "min": "60", "h": "3600", "ms": "1e-3"}),
    "K": Kind("a temperature, for example '298.15 K'", {"K": "1"}),
    "1": Kind("a number without unit, or a percentage",
        {"": "1", "%": "0.01", "mol%": "0.01", "at%": "0.01", "vol%": "0.01"}),
    # A pure number too, but not every percentage is one of mass.
    "kg/kg": Kind("a mass fraction, for example '0.46 %'",
        {"": "1", "kg/kg": "1", "g/g": "1", "%": "0.01", "wt%": "0.01", "mg/g": "1e-3"}),
    "kg/mol": Kind("a molar mass, for example '84.8 g/mol'", {"kg/mol": "1", "g/mol": "1e-3"}),
    "m^3/mol": Kind("a volume per amount, for example '20 cm^3/mol', or per formula unit, '33.4 Å^3'", {
        "m^3/mol": "1",
        "cm^3/mol": "1e-6",
        "angstrom^3": "6.02214076e-7",
        "nm^3": "6.02214076e-4",
    }),
    "m^2/s": Kind("a diffusivity, for example '1e-18 m^2/s'",
        {"m^2/s": "1", "cm^2/s": "1e-4", "nm^2/s": "1e-18"}),
    "Pa": Kind("a stress, for example '170 GPa'", {"Pa": "1", "kPa": "1e3", "MPa": "1e6", "GPa": "1e9"}),
    "Pa/m": Kind("a stiffness per area, for example '1e15 Pa/m'",
        {"Pa/m": "1", "GPa/m": "1e9", "MPa/m": "1e6", "MPa/nm": "1e15", "GPa/nm": "1e18"}),
    "A/kg": Kind("a current per mass, for example '250 mA/g'", {"A/kg": "1", "A/g": "1e3", "mA/g": "1"}),
    "A/m^2": Kind("a current per area, for example '2 A/m^2'",
        {"A/m^2": "1", "mA/cm^2": "10", "A/cm^2": "1e4"}),
    "mol/m^3": Kind("an amount per volume, for example '7500 mol/m^3'", {
        "mol/m^3": "1", "mol/cm^3": "1e6", "mmol/cm^3": "1e3", "mol/l": "1e3", "mol/L": "1e3",
        "1/m^3": "1.66053906717384666e-24", "1/cm^3": "1.66053906717384666e-18",
        "1/nm^3": "1660.53906717384666",
    }),
    "mol/m^2": Kind("an amount per area, for example '8.41e-6 mol/m^2'", {
        "mol/m^2": "1", "umol/m^2": "1e-6", "mol/cm^2": "1e4",
        "1/m^2": "1.66053906717384666e-24", "1/cm^2": "1.66053906717384666e-20",
        "1/nm^2": "1.66053906717384666e-6",
    }),
    "1/s": Kind("a rate, for example '1e-4 1/s'",
        {"1/s": "1", "1/min": "1.66666666666666667e-2", "1/h": "2.77777777777777778e-4", "THz": "1e12"}),
    "s/m": Kind("a resistance of an interface, for example '1e6 s/m'", {"s/m": "1", "s/cm": "1e2"}),
    "m/s": Kind("a transfer velocity, for example '1e-8 m/s'",
        {"m/s": "1", "cm/s": "1e-2", "um/s": "1e-6", "nm/s": "1e-9"}),
    "kg/m^3": Kind("a density, for example '6.97 g/cm^3'", {"kg/m^3": "1", "g/cm^3": "1e3", "g/m^3": "1e-3"}),
    # Per molecule. Not an SI unit: nobody means a bare number in joule. Per mol: 1/(N_A e), exact as above.
    "eV": Kind("an energy per molecule, for example '-1.497 eV'", {
        "eV": "1", "meV": "1e-3", "J": "6.24150907446076261e18",
        "J/mol": "1.03642696562621738e-5", "kJ/mol": "1.03642696562621738e-2",
        "kcal/mol": "4.33641042418009353e-2",
    }),
    "V": Kind("a voltage, for example '4.8 V'", {"V": "1", "mV": "1e-3"}),
    "ohm m^2": Kind("a resistance times area, for example '1e-3 ohm m^2'",
        {"ohm*m^2": "1", "ohm*cm^2": "1e-4"}),
    "J/m": Kind("a gradient energy, for example '1e-8 J/m'", {"J/m": "1", "nJ/m": "1e-9"}),
    # A root of a unit is no spelling of `canonical`: it is read as it is written here.
    "Pa m^0.5": Kind("a fracture toughness, for example '1 MPa m^0.5'",
        {"Pa m^0.5": "1", "kPa m^0.5": "1e3", "MPa m^0.5": "1e6", "MPa*m^0.5": "1e6"}),
    "ohm m": Kind("a resistivity, for example '1e7 ohm m'", {"ohm*m": "1", "ohm*cm": "1e-2"}),
    "J/mol": Kind("an energy per mol, for example '30 kJ/mol'", {"J/mol": "1", "kJ/mol": "1e3"}),
    # Of the temperature of the scenario.
    "RT": Kind("a multiple of RT, for example '1.5 RT'", {"RT": "1"}),
    # C rates are not an SI unit: "C" would be the coulomb.
    "C": Kind("a C-rate, for example '0.1 C'", {"C": "1"}),
})  # fmt: skip

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL | re.ASCII)
_DECIMAL_COMMA = re.compile(r"\d,\d")
_FRACTION_OF_C = re.compile(r"C\s*/\s*(\d+\.?\d*)", re.ASCII)
_LONGEST = 60
# In SI. Far beyond what a particle has, and powers and products of what lies between are numbers still.
_SMALLEST, _LARGEST = 1e-60, 1e40
# What one mol has more of than one particle: SI units of which the same per particle, or the number of
# particles, is read too, by the power of N_A in between.
_COUNTED = {"m^3/mol": 1, "mol/m^3": -1, "mol/m^2": -1, "eV": -1}
_AVOGADRO = 6.02214076e23


@dataclass(frozen=True)
class Reading:
    """A number as it was written, and in SI.

    Attributes:
        value: In the SI unit that was asked for.
        text: Readable, with its unit: what the user wrote, or the bare number and its SI unit.
    """

    value: float
    text: str


def read(raw: Any, unit: str) -> Reading:
    """Read a number with or without unit.

    Args:
        raw: A number, taken in `unit`; or a text: "150 nm", "3.62 %", "C/10".
        unit: The SI unit to express it in.

    Returns:
        The finite SI number and its text.

    Raises:
        Refusal: If `raw` is no finite number, or its unit is of another kind.
    """
    match raw:
        case bool():
            raise Refusal(describe(raw), KINDS[unit].meaning)
        case int() | float():
            try:
                value = float(raw)
            except OverflowError:
                value = math.inf
            text = f"{raw}" if "" in KINDS[unit].sizes else f"{raw} {unit}"
            return Reading(_finite(value, text, unit), text)
        case str():
            text = raw.strip().replace("\N{MINUS SIGN}", "-")
            return Reading(_finite(_si(text, unit), raw, unit), text)
        case _:
            raise Refusal(describe(raw), KINDS[unit].meaning)


def has_unit(raw: Any) -> bool:
    """True for a number that is written with its unit."""
    return isinstance(raw, str) and not _is_bare(raw)


def _is_bare(text: str) -> bool:
    parts = _NUMBER.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
    return parts is not None and parts[2].strip() == ""


def scale(text: Any, unit: str) -> float:
    """The size in `unit` of the unit that is written in `text`, such as 1e-4 for "cm^2/s" in "m^2/s".

    Raises:
        Refusal: If `text` names no such unit, or one whose zero is another one, such as degC.
    """
    if not isinstance(text, str):
        raise Refusal(describe(text), f"a unit such as '{unit}'")
    if unit != "C" and _si(f"0 {text.strip()}", unit) != 0:
        raise Refusal(describe(text), f"a unit with the same zero as {unit}")
    return _finite(_si(f"1 {text.strip()}", unit), text, unit)


def _finite(value: float, text: str, unit: str) -> float:
    if not math.isfinite(value):
        raise Refusal(describe(text), f"a finite number: {KINDS[unit].meaning}")
    if value != 0 and not _SMALLEST <= abs(value) <= _LARGEST:
        allowed = f"zero, or a number of a size from {_SMALLEST:g} to {_LARGEST:g} {unit}"
        raise Refusal(describe(text), f"{allowed}: {KINDS[unit].meaning}")
    return value


def _si(text: str, unit: str) -> float:
    if unit == "C" and (fraction := _FRACTION_OF_C.fullmatch(text)) and float(fraction[1]) > 0:
        return 1.0 / float(fraction[1])
    parts = _NUMBER.fullmatch(text)
    if parts is None or len(text) > _LONGEST or _DECIMAL_COMMA.search(text):
        raise Refusal(describe(text), _with_point(text, unit))
    number, written = parts[1], parts[2].strip()
    if written == "" and "" not in KINDS[unit].sizes:
        # A text such as "1e-19" in quotes: the bare number, in SI.
        written = unit
    spelled = spelling.canonical(written)
    size = KINDS[unit].sizes.get(written if spelled is None else spelled)
    if size is not None:
        return _product(number, size)
    if unit == "C" or spelled is None:
        raise Refusal(describe(text), _read_as(unit))
    return _with_pint(float(number), written, spelled, unit)


def _read_as(unit: str) -> str:
    meaning = KINDS[unit].meaning
    return meaning if unit == "C" else f"{meaning}, in {unit} or a unit that converts to it"


def _with_point(text: str, unit: str) -> str:
    """The expectation in place of a text that is no number: a decimal point, if that makes it one."""
    pointed = text.replace(",", ".")
    try:
        read(pointed, unit) if text.count(",") == 1 else read(None, unit)
    except Refusal:
        return KINDS[unit].meaning
    return f"{KINDS[unit].meaning}; with a decimal point: '{pointed}'"


def _product(number: str, size: str) -> float:
    # Decimal, so that "150 nm" is 1.5e-07 and not 1.5000000000000002e-07.
    try:
        return float(Decimal(number) * Decimal(size))
    except ArithmeticError:
        return float(number) * float(size)


@functools.cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


@functools.lru_cache(maxsize=1024)
def _with_pint(number: float, written: str, spelled: str, unit: str) -> float:
    expected = _read_as(unit)
    found = f"'{number:g} {written}'"
    registry = _registry()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            quantity = registry.Quantity(number, registry.parse_units(spelled))
            if not quantity.is_compatible_with(unit) and unit in _COUNTED:
                quantity = quantity * registry.Quantity(_AVOGADRO, "1/mol") ** _COUNTED[unit]
            if not quantity.is_compatible_with(unit):
                raise Refusal(f"{found}, which is {_kind(number, spelled)}", expected)
            return float(quantity.to(unit).magnitude)
    except Refusal:
        raise
    except Exception as error:  # pint's parser raises many types, also tokenizer and arithmetic errors
        raise Refusal(f"{found}, whose unit is unknown", expected) from error


def _kind(number: float, spelled: str) -> str:
    registry = _registry()
    return str(registry.Quantity(number, registry.parse_units(spelled)).dimensionality)
