"""The sizes that occur, quantity by quantity; others tell a number that was meant in another unit.

A bare number outside the usual range is refused, since it was probably meant in another unit; with its unit
it is taken at its word, and the run says so in a remark. Outside the possible range both are refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from oxyshell.language import units
from oxyshell.language.mistakes import Refusal, describe

type Range = tuple[str, str]


@dataclass(frozen=True)
class Scale:
    """The sizes of a quantity, whatever its sign; zero is always among them.

    Attributes:
        name: With its article: "a particle radius".
        unit: SI unit, a key of `units.KINDS`.
        usual: Smallest and largest size that occurs; an empty text where it is open.
        possible: Smallest and largest size that can be.
        others: Units in which a bare number may have been meant, the most likely first.
    """

    name: str
    unit: str
    usual: Range = ("", "")
    possible: Range = ("", "")
    others: tuple[str, ...] = ()

    def check(self, raw: Any, value: float, holds: Callable[[float], bool] = lambda _: True) -> None:
        """Refuse a number that is out of scale.

        Args:
            raw: As it was written.
            value: In SI.
            holds: Says if an SI number is within the bounds of the quantity.

        Raises:
            Refusal: If the size is impossible, or unusual for a number without a unit.
        """
        bare = not units.has_unit(raw)
        if bare and not self.is_usual(value):
            shown = _shown(raw)
            found = f"{shown} without a unit" + (
                "" if _is_pure(self.unit) else f", which is {shown} {self.unit}"
            )
            expected = f"{self.name} with its unit, usually {words(self.usual)}"
            raise Refusal(found, expected + self.meant(raw, holds))
        if not self._is_within(value, self.possible):
            raise Refusal(describe(raw), f"{self.name} {words(self.possible)}")

    def schema(self, bounds: dict[str, Any]) -> dict[str, Any]:
        """The range of bare numbers in JSON Schema, within bounds in JSON Schema."""
        (low, high), (least, most) = _sizes(self.usual, self.unit), _sizes(self.possible, self.unit)
        low, high = max(low, least), min(high, most)
        found: dict[str, Any] = {}
        if math.isfinite(high):
            found["maximum"] = min(high, bounds.get("maximum", high))
            found["minimum"] = max(-high, bounds.get("minimum", -high))
        if low > 0 and bounds.get("exclusiveMinimum") == 0:
            found["minimum"] = low
        elif low > 0:
            # Zero is of a size that occurs.
            found["not"] = {"anyOf": [_between(0, low), _between(-low, 0)]}
        return found

    def is_usual(self, value: float) -> bool:
        """True for zero, and for a number in SI of a size that occurs."""
        return self._is_within(value, self.usual)

    def meant(self, raw: Any, holds: Callable[[float], bool]) -> str:
        """A question for the end of a message: whether a bare number was meant in another unit.

        Empty for a number with a unit, and where no other unit makes sense.

        Args:
            raw: As it was written.
            holds: Says if an SI number is within the bounds of the quantity.
        """
        if isinstance(raw, bool) or not isinstance(raw, str | int | float) or units.has_unit(raw):
            return ""
        sensible = (text for text, value in self._readings(raw) if holds(value) and self.is_usual(value))
        return next((f"; was '{text}' meant?" for text in sensible), "")

    def _readings(self, raw: str | float) -> Iterator[tuple[str, float]]:
        for other in self.others:
            text = f"{_shown(raw)} {other}"
            try:
                yield text, units.read(text, self.unit).value
            except Refusal:
                continue

    def _is_within(self, value: float, ends: Range) -> bool:
        low, high = _sizes(ends, self.unit)
        return value == 0 or low <= abs(value) <= high


def _between(low: float, high: float) -> dict[str, float]:
    return {"exclusiveMinimum": low, "exclusiveMaximum": high}


@cache
def _sizes(ends: Range, unit: str) -> tuple[float, float]:
    """A range in SI; infinite where it is open."""
    low, high = ends
    return units.read(low or 0.0, unit).value, units.read(high, unit).value if high else float("inf")


def words(ends: Range) -> str:
    """A range in words: "from 1 nm to 1 mm"."""
    low, high = ends
    return " ".join(f"{word} {end}" for word, end in (("from", low), ("to" if low else "up to", high)) if end)


def _shown(raw: Any) -> str:
    return f"{raw:.12g}" if isinstance(raw, float) else f"{raw}".strip()


def _is_pure(unit: str) -> bool:
    return "" in units.KINDS[unit].sizes


NUMBER = Scale("a number", "1", others=("%",))
POISSON = Scale("Poisson's ratio", "1")
RADIUS = Scale("a particle radius", "m", ("1 nm", "1 mm"), ("0.1 nm", "10 mm"), ("nm", "um"))
THICKNESS = Scale("the thickness of a layer", "m", ("10 pm", "100 um"), ("1 pm", "10 mm"), ("nm", "um"))
PLATE_THICKNESS = Scale(
    "the thickness of a plate", "m", ("100 pm", "1 mm"), ("10 pm", "100 mm"), ("nm", "um")
)
TEMPERATURE = Scale("a temperature", "K", ("150 K", "1500 K"), ("1 K", "10000 K"), ("degC",))
TIME = Scale("a time", "s", ("1e-9 s", "1e10 s"))
GROWTH = Scale("the growth of a layer per cycle", "m", ("1e-6 nm", "100 nm"), others=("nm",))
PARABOLIC_GROWTH = Scale(
    "the growth of the square of a layer's thickness per cycle", "m^2", ("1e-6 nm^2", "10000 nm^2"),
    others=("nm^2",),
)  # fmt: skip
GROWTH_PER_TIME = Scale(
    "the growth of a layer with time", "m/s", ("1e-16 m/s", "1e-9 m/s"), others=("nm/h", "nm/s")
)
# Of the time steps, none is unusual.
STEP = Scale("a time step", "s")
MOLAR_MASS = Scale("a molar mass", "kg/mol", ("5 g/mol", "5000 g/mol"), ("1 g/mol", "1e6 g/mol"), ("g/mol",))
MOLAR_VOLUME = Scale(
    "a molar volume", "m^3/mol", ("1 cm^3/mol", "10000 cm^3/mol"), ("0.1 cm^3/mol", "1e6 cm^3/mol"),
    ("cm^3/mol", "angstrom^3"),
)  # fmt: skip
PARTIAL_MOLAR_VOLUME = Scale(
    "a volume per amount", "m^3/mol", ("", "1000 cm^3/mol"), ("", "1e6 cm^3/mol"), ("cm^3/mol", "angstrom^3")
)
DIFFUSIVITY = Scale(
    "a diffusivity",
    "m^2/s",
    ("1e-30 m^2/s", "1e-6 m^2/s"),
    ("1e-40 m^2/s", "1e-3 m^2/s"),
    ("cm^2/s", "nm^2/s"),
)
ELASTIC_MODULUS = Scale("an elastic modulus", "Pa", ("10 MPa", "10000 GPa"), ("", "1e7 GPa"), ("GPa", "MPa"))
CONFINEMENT = Scale(
    "a stiffness per area", "Pa/m", ("1e6 Pa/m", "1e24 Pa/m"), others=("GPa/nm", "MPa/nm", "GPa/m")
)
ONE_C = Scale("the current of 1 C", "A/kg", ("10 mA/g", "10000 mA/g"), ("1e-3 mA/g", "1e9 mA/g"), ("A/g",))
RATE = Scale("a C-rate", "C", ("1e-6 C", "100 C"))
SPECIFIC_CURRENT = Scale("a current per mass", "A/kg", ("1e-6 A/kg", "1e6 A/kg"))
CURRENT_DENSITY = Scale("a current per area of the particle", "A/m^2", ("1e-12 A/m^2", "1e5 A/m^2"))
VOLTAGE = Scale("a voltage", "V", ("1 mV", "6 V"), ("", "100 V"), ("mV",))
VOLTAGE_FADE = Scale("the fade of a voltage per cycle", "V", ("1e-6 mV", "100 mV"), ("", "6 V"), ("mV",))
RESISTIVITY = Scale("a resistivity", "ohm m", ("1e-9 ohm m", "1e16 ohm m"), others=("ohm cm",))
FILM_RESISTANCE = Scale("the resistance of a film times its area", "ohm m^2", ("", "100 ohm m^2"))
ACTIVATION_ENERGY = Scale("an activation energy", "J/mol", ("", "200 kJ/mol"), others=("kJ/mol",))
ELECTROLYTE = Scale(
    "a concentration in an electrolyte", "mol/m^3", ("1 mol/m^3", "20 mol/l"), ("", "100 mol/l"), ("mol/l",)
)
OXYGEN_CONTENT = Scale(
    "a content of O2", "mol/m^3", ("1e-9 mol/m^3", "1e5 mol/m^3"), ("1e-40 mol/m^3", "1e6 mol/m^3"),
    ("1/m^3", "1/cm^3"),
)  # fmt: skip
RATE_CONSTANT = Scale("a rate constant", "1/s", ("1e-15 1/s", "1e9 1/s"))
ATTEMPT_FREQUENCY = Scale("an attempt frequency", "1/s", ("1e6 1/s", "1e16 1/s"), others=("THz",))
ADSORPTION_ENERGY = Scale("an adsorption energy", "eV", ("", "20 eV"), others=("kJ/mol", "kcal/mol", "meV"))
SITE_DENSITY = Scale(
    "a density of adsorption sites", "mol/m^2", ("1e-9 mol/m^2", "1e-3 mol/m^2"), ("", "1 mol/m^2"),
    ("1/nm^2", "umol/m^2", "1/cm^2"),
)  # fmt: skip
INTERFACE_RESISTANCE = Scale("the resistance of an interface", "s/m", ("1e-4 s/m", "1e25 s/m"))
POTENTIAL_OFFSET = Scale("a difference of chemical potentials", "eV", ("", "10 eV"), ("", "10 eV"))
TRANSFER_VELOCITY = Scale("a transfer velocity", "m/s", ("1e-25 m/s", "1e4 m/s"))
GRADIENT_ENERGY = Scale("a gradient energy", "J/m", ("1e-14 J/m", "1e-4 J/m"))
TOUGHNESS = Scale(
    "a fracture toughness", "Pa m^0.5", ("1 kPa m^0.5", "1000 MPa m^0.5"), others=("MPa m^0.5", "kPa m^0.5")
)
DENSITY = Scale(
    "a density", "kg/m^3", ("0.1 g/cm^3", "30 g/cm^3"), ("0.001 g/cm^3", "1000 g/cm^3"), ("g/cm^3",)
)
MASS_FRACTION = Scale("a mass fraction of a coating", "kg/kg", ("", "0.3"), others=("%",))
