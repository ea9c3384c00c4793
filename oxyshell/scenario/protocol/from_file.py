"""A current that changes with time as a file says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, PrivateAttr, ValidationInfo, model_validator

from oxyshell.language import units
from oxyshell.language.files import existing_file
from oxyshell.language.mistakes import Refusal, describe, problem, refused
from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import Section
from oxyshell.models.base.protocol import TIME, ProtocolStep, Stop
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.current_table import CurrentTable, read_current_table
from oxyshell.scenario.protocol.ends import Limit, Location
from oxyshell.scenario.protocol.entry import SingleEntry
from oxyshell.scenario.protocol.temperature import AtTemperature
from oxyshell.scenario.reach import Reach, Sites

_UNITS = ("C", "A/kg", "A/m^2")


def _table_file(raw: Any, info: ValidationInfo) -> Path:
    return existing_file(raw, info, "file of times and currents")


def _time_unit(raw: Any) -> Any:
    try:
        units.scale(raw, "s")
    except Refusal as refusal:
        raise refused(problem(refusal.found, "a unit of time, such as s")) from None
    return raw


def _current_unit(raw: Any) -> Any:
    if _si_unit(raw) is None:
        raise refused(problem(describe(raw), "a unit of a current, such as C, mA/g or A/m^2"))
    return raw


def _si_unit(text: Any) -> str | None:
    """The SI unit of the kind of current that a unit is of."""
    for unit in _UNITS:
        try:
            units.scale(text, unit)
        except Refusal:
            continue
        return unit
    return None


class Columns(Section):
    """Units of the columns that are read."""

    time: Annotated[str, BeforeValidator(_time_unit)]
    """Unit of the times."""
    current: Annotated[str, BeforeValidator(_current_unit)]
    """Unit of the currents: C, or one per mass or per surface of the particle."""


class CurrentOfFile(AtTemperature):
    """A file of times and currents, positive on charge, linear between the rows."""

    file: Annotated[Path, BeforeValidator(_table_file)]
    """File, relative to the scenario file, with columns `time` and `current`."""
    columns: Columns
    """Their units."""
    until: Limit | None = None
    """Ends before the last row, from whichever side they come; null: none."""

    _table: CurrentTable = PrivateAttr()

    @model_validator(mode="after")
    def _read(self) -> Self:
        try:
            self._table = read_current_table(self.file)
        except Refusal as refusal:
            raise refused(problem(refusal.found, refusal.expected, "file")) from None
        return self

    @property
    def times(self) -> tuple[float, ...]:
        """Times since the start of the step, s."""
        scale = units.scale(self.columns.time, "s")
        return tuple(time * scale for time in self._table.times)

    @property
    def unit(self) -> str:
        """SI unit of the currents: "C", "A/kg" or "A/m^2"."""
        return _si_unit(self.columns.current) or ""

    @property
    def currents(self) -> tuple[float, ...]:
        """Currents in their SI unit, positive on charge."""
        scale = units.scale(self.columns.current, self.unit)
        return tuple(current * scale for current in self._table.currents)


class FromFile(SingleEntry):
    """A current that changes with time."""

    key: ClassVar[str] = "current"

    current: CurrentOfFile
    """The file, and the units of its columns."""

    def length(self) -> Parameter:
        seconds = self.current.times[-1]
        return Parameter(seconds, "s", f"{seconds:.6g} s")

    def rates(self) -> Iterator[tuple[Parameter, Location]]:
        if self.current.unit == "C":
            yield Parameter(1.0, "C", self.current.columns.current), ("columns", "current")

    def columns(self) -> Iterator[tuple[str, Location]]:
        if self.current.until is not None:
            yield from ((column, ("until", *place)) for column, place in self.current.until.columns())

    def voltages(self) -> Iterator[tuple[Parameter, Location]]:
        if self.current.until is not None and self.current.until.voltage is not None:
            yield self.current.until.voltage, ("until", "voltage")

    def files(self) -> tuple[Path, ...]:
        return (self.current.file,)

    @property
    def reverses(self) -> bool:
        return min(self.current.currents) < 0 < max(self.current.currents)

    def step(self, conversion: Conversion) -> ProtocolStep:
        times, unit = self.current.times, self.current.unit
        fluxes = tuple(conversion.flux(current, unit) for current in self.current.currents)
        asked = () if self.current.until is None else self.current.until.stops(pace=0.0)
        ends = (*asked, *conversion.surface.last_ends(0))
        return ProtocolStep(
            f"current of {self.current.file.name}",
            conversion.surface.following(times, fluxes),
            (*ends, Stop(TIME, times[-1])),
            kind=self.key,
            knots=times[1:-1],
        )

    def after(self, now: Reach, sites: Sites) -> Reach:
        return Reach(-sites.free, sites.filled)
