"""Holds: the surface at an occupancy, or the electrode at a voltage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, SHARE, Parameter, Quantity
from oxyshell.language.sections import tag, told_by_keys
from oxyshell.models.base.protocol import TIME, ProtocolStep, Stop
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.ends import VOLTAGE, HoldEnds, Location
from oxyshell.scenario.protocol.entry import SingleEntry
from oxyshell.scenario.protocol.temperature import AtTemperature
from oxyshell.scenario.reach import Reach, Sites


class Held(AtTemperature):
    """The value at which a surface is held, and the end of the hold."""

    def step(self, conversion: Conversion) -> ProtocolStep:
        """The hold in SI."""
        raise NotImplementedError

    def words(self) -> str:
        """The value and the end in words."""
        raise NotImplementedError

    def length(self) -> Parameter | None:
        """Time after which it ends at the latest; None where no time ends it."""
        raise NotImplementedError

    def rates(self) -> Iterator[tuple[Parameter, Location]]:
        """Currents that refer to `cell.one_c`, each with its place in the section."""
        return iter(())

    def columns(self) -> Iterator[tuple[str, Location]]:
        """Columns of the history that it needs, each with the place of what needs it."""
        return iter(())

    def voltages(self) -> Iterator[tuple[Parameter, Location]]:
        """Voltages that it holds, each with its place in the section."""
        return iter(())

    def after(self, sites: Sites) -> Reach:
        """The content when it ends."""
        raise NotImplementedError


class HeldOccupancy(Held):
    """A surface occupancy and a time."""

    surface_occupancy: Annotated[Parameter, Quantity("1", SHARE)]
    """The occupancy."""
    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of the hold."""

    def step(self, conversion: Conversion) -> ProtocolStep:
        ends = (Stop(TIME, self.time.value),)
        label = f"hold at surface occupancy {self.surface_occupancy.text}"
        return ProtocolStep(label, conversion.surface, ends, held=self.surface_occupancy.value, kind=Hold.key)

    def words(self) -> str:
        return f"surface occupancy {self.surface_occupancy.text} for {self.time.text}"

    def length(self) -> Parameter:
        return self.time

    def after(self, sites: Sites) -> Reach:
        return Reach(-sites.free, sites.filled, self.surface_occupancy.value)


class HeldVoltage(Held):
    """A voltage, and the ends of the hold."""

    voltage: Annotated[Parameter, Quantity("V", scale=scales.VOLTAGE)]
    """The voltage; needs an electrode."""
    until: HoldEnds
    """End of the hold."""

    def step(self, conversion: Conversion) -> ProtocolStep:
        exchange = conversion.surface.at_voltage(self.voltage.value)
        label = f"hold at {self.voltage.text}"
        ends = (*self.until.stops(conversion), *conversion.surface.last_ends(0))
        return ProtocolStep(label, exchange, ends, kind=Hold.key)

    def words(self) -> str:
        return f"{self.voltage.text} until {self.until.words()}"

    def length(self) -> Parameter | None:
        return self.until.time

    def rates(self) -> Iterator[tuple[Parameter, Location]]:
        if self.until.rate is not None:
            yield self.until.rate, ("until", "rate")

    def columns(self) -> Iterator[tuple[str, Location]]:
        yield VOLTAGE, ("voltage",)
        yield from ((column, ("until", *place)) for column, place in self.until.columns())

    def voltages(self) -> Iterator[tuple[Parameter, Location]]:
        yield self.voltage, ("voltage",)

    def after(self, sites: Sites) -> Reach:
        return Reach(-sites.free, sites.filled, voltage=self.voltage.value)


type AnyHold = Annotated[
    Annotated[HeldOccupancy, tag(HeldOccupancy)] | Annotated[HeldVoltage, tag(HeldVoltage)],
    told_by_keys("'voltage' and 'until', or 'surface_occupancy' and 'time'", HeldVoltage, HeldOccupancy),
]


class Hold(SingleEntry):
    """The surface is held at an occupancy, or the electrode at a voltage."""

    key: ClassVar[str] = "hold"

    hold: AnyHold
    """The voltage or the surface occupancy, and when the hold ends."""

    @property
    def holds_occupancy(self) -> bool:
        """Whether the surface is held at an occupancy."""
        return not list(self.hold.voltages())

    def words(self) -> str:
        return f"hold at {self.hold.words()}"

    def length(self) -> Parameter | None:
        return self.hold.length()

    def rates(self) -> Iterator[tuple[Parameter, Location]]:
        return self.hold.rates()

    def columns(self) -> Iterator[tuple[str, Location]]:
        return self.hold.columns()

    def voltages(self) -> Iterator[tuple[Parameter, Location]]:
        return self.hold.voltages()

    def step(self, conversion: Conversion) -> ProtocolStep:
        return self.hold.step(conversion)

    def after(self, now: Reach, sites: Sites) -> Reach:
        return self.hold.after(sites)
