"""Energies that may be given as multiples of RT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import JsonSchemaValue

from oxyshell.language import units
from oxyshell.language.mistakes import Refusal, describe
from oxyshell.language.parameters import Bounds, Parameter, Quantity
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT

_MULTIPLE = "RT"
# Of either sign; about 10 eV at room temperature.
_MULTIPLES = Bounds(at_least=-400, at_most=400)


class ThermalEnergy(Quantity):
    """Marks a `Parameter` that is an energy per molecule or per mol, or a multiple of RT ("1.5 RT").

    Its unit is eV, and RT where it is written as a multiple of that.
    """

    def scalar_schemas(self, bare: bool = True) -> list[JsonSchemaValue]:
        multiple = Quantity(_MULTIPLE, _MULTIPLES).scalar_schemas()[1]
        text = {"type": "string", "anyOf": [super().scalar_schemas()[1], multiple]}
        return [{"type": "number", "const": 0}, text]

    def validate(self, raw: Any) -> Any:
        written = raw.get("value") if isinstance(raw, Mapping) else raw
        if isinstance(written, str) and written.rstrip().endswith(_MULTIPLE):
            return Quantity(_MULTIPLE, _MULTIPLES).validate(raw)
        return super().validate(raw)

    def read(self, raw: Any) -> units.Reading:
        # A bare number is as likely a multiple of RT as an energy in any unit.
        if not units.has_unit(raw) and units.read(raw, self.unit).value:
            number = f"{raw}".strip()
            expected = f"'{number} RT', or {self.scale.name} with its unit, such as '30 meV' or '3 kJ/mol'"
            raise Refusal(f"{describe(raw)} without a unit", expected)
        return super().read(raw)

    def is_usual(self, number: Any) -> bool:
        # The scale is one of energies: a multiple of RT has no place in it.
        return bool(number.unit == _MULTIPLE) or super().is_usual(number)


def over_thermal_energy(energy: Parameter, temperature: float) -> float:
    """An energy over RT.

    Args:
        energy: As `ThermalEnergy` reads it.
        temperature: T, K.
    """
    if energy.unit == _MULTIPLE:
        return energy.value
    return energy.value * FARADAY_CONSTANT / (GAS_CONSTANT * temperature)
