"""Ends of a step: the first to come is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import ConfigDict, ModelWrapValidatorHandler, PrivateAttr, model_validator

from oxyshell.language import scales
from oxyshell.language.former import Reported
from oxyshell.language.mistakes import listed, problem, refused
from oxyshell.language.parameters import POSITIVE, SHARE, Parameter, Quantity
from oxyshell.language.sections import Choice, in_words, one_of
from oxyshell.models.base.observable import Where
from oxyshell.models.base.protocol import TIME, Stop
from oxyshell.scenario.cell import Conversion

VOLTAGE = "voltage_V"
"""Column of the history at which a voltage ends a step."""
CURRENT_MAGNITUDE = "current_magnitude_A_m2"
"""Column of the history at which a current ends a hold."""

type Location = tuple[str | int, ...]


def _some_end(schema: dict[str, Any]) -> None:
    """Note in a JSON Schema that one of the keys is there."""
    schema["anyOf"] = one_of(*schema["properties"])["oneOf"]


class Alternatives(Choice):
    """Ends of which the first to come is in force; of those that come together, the first that is written."""

    model_config = ConfigDict(json_schema_extra=_some_end)
    _written: tuple[str, ...] = PrivateAttr(default=())

    @model_validator(mode="wrap")
    @classmethod
    def _in_written_order(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        ends = handler(data)
        given = ends.given()
        if not given:
            raise refused(problem("no end", f"at least one of {listed(cls.keys())}"))
        ends._written = tuple(key for key in data if key in given) if isinstance(data, Mapping) else ()
        return ends

    def entries(self) -> dict[str, Any]:
        """The ends by their keys, those that are given first, as they are written."""
        entries = super().entries()
        return {key: entries[key] for key in (*self._written, *entries)}

    def given(self) -> dict[str, Any]:
        """The ends that are given, as they are written."""
        return {key: entry for key, entry in self.entries().items() if entry not in (None, {})}

    def words(self) -> str:
        """The ends in words: "voltage 4.8 V or time 5 h"."""
        return " or ".join(
            f"{key.replace('_', ' ')} {in_words(entry)}" for key, entry in self.given().items()
        )


class Limit(Alternatives):
    """Contents, voltages and columns of the history."""

    extracted: Annotated[Parameter, Quantity("1")] | None = None
    """Ions taken out of the as-made particle so far, per formula unit."""
    surface_occupancy: Annotated[Parameter, Quantity("1", SHARE)] | None = None
    """Occupancy of the surface."""
    voltage: Annotated[Parameter, Quantity("V", scale=scales.VOLTAGE)] | None = None
    """Voltage, to which a charge rises and a discharge falls; needs an electrode."""
    reaches: Annotated[Mapping[str, float], Reported(Where.HISTORY)] = {}
    """Columns of the history and values that they come to, in the unit of the column: a peak stress, or an
    amount of a physics, such as `{first_principal_peak_MPa: 300}`."""

    def __hash__(self) -> int:
        return hash(tuple(_hashable(entry) for entry in self.given().values()))

    def columns(self) -> Iterator[tuple[str, Location]]:
        """Columns of the history at whose values it ends, each with its place in the section."""
        if self.voltage is not None:
            yield VOLTAGE, ("voltage",)
        yield from ((name, ("reaches", name)) for name in self.reaches)

    def stops(self, pace: float) -> tuple[Stop, ...]:
        """The ends as they are written.

        Args:
            pace: Ions per formula unit that the current takes out in a second, negative if it puts them in;
                0 if it changes.
        """
        return tuple(stop for key, entry in self.given().items() for stop in self._stops(key, entry, pace))

    def _stops(self, key: str, entry: Any, pace: float) -> Iterator[Stop]:
        match key:
            case "voltage":
                yield Stop(VOLTAGE, entry.value, "voltage", rises=(pace > 0) - (pace < 0))
            case "reaches":
                yield from (Stop(name, value) for name, value in entry.items())
            case _:
                yield Stop(key, entry.value)


class Until(Limit):
    """A step ends at the first of these."""

    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)] | None = None
    """Time since the start of the step, not of the run as in `output.at.time`."""
    passed: Annotated[Parameter, Quantity("1", POSITIVE)] | None = None
    """Ions per formula unit that the set current passes in the step: a time that follows the rate. Less is
    extracted if the surface is exhausted before."""

    __hash__ = Limit.__hash__

    @property
    def is_content(self) -> bool:
        """True if the content extracted is the only end."""
        return list(self.given()) == ["extracted"]

    def _stops(self, key: str, entry: Any, pace: float) -> Iterator[Stop]:
        if key == "passed":
            yield Stop(TIME, entry.value / abs(pace), "passed")
        else:
            yield from super()._stops(key, entry, pace)


class HoldEnds(Alternatives):
    """A hold ends at the first of these: once the current has fallen to a value, or after a time."""

    rate: Annotated[Parameter, Quantity("C", POSITIVE, scales.RATE)] | None = None
    """Size of the current in C, that is in `cell.one_c`: "C/50"."""
    specific_current: Annotated[Parameter, Quantity("A/kg", POSITIVE, scales.SPECIFIC_CURRENT)] | None = None
    """Size of the current per mass of the material."""
    current_density: Annotated[Parameter, Quantity("A/m^2", POSITIVE, scales.CURRENT_DENSITY)] | None = None
    """Size of the current per surface of the particle."""
    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)] | None = None
    """Time since the start of the hold."""

    def columns(self) -> Iterator[tuple[str, Location]]:
        """Columns of the history at whose values it ends, each with its place in the section."""
        yield from ((CURRENT_MAGNITUDE, (key,)) for key in self.given() if key != TIME)

    def stops(self, conversion: Conversion) -> tuple[Stop, ...]:
        """The ends as they are written.

        Args:
            conversion: Of a current into one per surface.
        """
        return tuple(self._stop(key, entry, conversion) for key, entry in self.given().items())

    def _stop(self, key: str, entry: Parameter, conversion: Conversion) -> Stop:
        if key == TIME:
            return Stop(TIME, entry.value)
        density = conversion.current_density(entry.value, entry.unit)
        return Stop(CURRENT_MAGNITUDE, density, key, rises=-1)


def _hashable(entry: Any) -> Any:
    return frozenset(entry.items()) if isinstance(entry, Mapping) else entry
