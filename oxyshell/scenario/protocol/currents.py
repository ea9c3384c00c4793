"""Currents of a protocol: how large they are; charge and discharge say in which direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import ConfigDict, model_validator

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Choice, one_of, require_one
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.ends import Location, Until
from oxyshell.scenario.protocol.temperature import AtTemperature

CURRENTS = ("rate", "specific_current", "current_density")
"""Keys of a current, of which one is given."""


@dataclass(frozen=True)
class Magnitude(Quantity):
    """The size of a current, whose direction is said by what is done."""

    def _expected(self) -> str:
        return f"{super()._expected()}; 'charge' and 'discharge' give the direction"


type Rate = Annotated[Parameter, Magnitude("C", POSITIVE, scales.RATE)]


class CurrentSize(Choice):
    """A constant current: exactly one of rate, specific_current and current_density."""

    model_config = ConfigDict(json_schema_extra=one_of(*CURRENTS))

    rate: Rate | None = None
    """In C, that is in `cell.one_c`: "0.1 C" or "C/10"."""
    specific_current: Annotated[Parameter, Magnitude("A/kg", POSITIVE, scales.SPECIFIC_CURRENT)] | None = None
    """Per mass of the material."""
    current_density: Annotated[Parameter, Magnitude("A/m^2", POSITIVE, scales.CURRENT_DENSITY)] | None = None
    """Per surface of the particle."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        require_one(self, CURRENTS, "no current")
        return self

    @property
    def text(self) -> str:
        """The current as the user wrote it."""
        return self.size.text

    @property
    def size(self) -> Parameter:
        """The one that is given."""
        currents = (self.rate, self.specific_current, self.current_density)
        return next(current for current in currents if current is not None)

    def rates(self) -> Iterator[tuple[Parameter, Location]]:
        """The current if it refers to `cell.one_c`, with its place in the section."""
        if self.rate is not None:
            yield self.rate, ("rate",)

    def flux(self, conversion: Conversion) -> float:
        """Ion flux over the surface, mol/(m² s), positive."""
        return conversion.flux(self.size.value, self.size.unit)


class Current(AtTemperature, CurrentSize):
    """A constant current, and its end."""

    until: Until
    """End of the step."""
