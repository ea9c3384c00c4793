"""Charge and discharge at a constant current."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import problem
from oxyshell.language.parameters import Parameter
from oxyshell.models.base.protocol import ProtocolStep
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.currents import Current
from oxyshell.scenario.protocol.ends import Location
from oxyshell.scenario.protocol.entry import SingleEntry
from oxyshell.scenario.reach import ROUND_OFF, Reach, Sites


class AtCurrent(SingleEntry):
    """An entry at a constant current.

    Attributes:
        sign: 1 where ions leave, −1 where they enter.
    """

    sign: ClassVar[int]

    @property
    def current(self) -> Current:
        """The current, and its ends."""
        current: Current = getattr(self, self.key)
        return current

    def words(self) -> str:
        return f"{self.key} at {self.current.text} until {self.current.until.words()}"

    def length(self) -> Parameter | None:
        return self.current.until.time

    def rates(self) -> Iterator[tuple[Parameter, Location]]:
        return self.current.rates()

    def columns(self) -> Iterator[tuple[str, Location]]:
        return ((column, ("until", *place)) for column, place in self.current.until.columns())

    def voltages(self) -> Iterator[tuple[Parameter, Location]]:
        if self.current.until.voltage is not None:
            yield self.current.until.voltage, ("until", "voltage")

    def step(self, conversion: Conversion) -> ProtocolStep:
        flux = self.current.flux(conversion)
        exchange = conversion.surface.at_current(self.sign * flux)
        pace = self.sign / conversion.time_to_pass(flux)
        stops = self.current.until.stops(pace)
        label = f"{self.key} at {self.current.text}"
        stops = (*stops, *conversion.surface.last_ends(self.sign))
        return ProtocolStep(label, exchange, stops, pace=pace, kind=self.key)

    def wrong_ends(self, now: Reach, sites: Sites, *here: str | int) -> Iterator[InitErrorDetails]:
        until = self.current.until
        here = (*here, "until")
        if until.extracted is not None:
            wrong = self._wrong_content(until.extracted.value, now, sites)
            yield from (problem(*words, *here, "extracted") for words in wrong)
        if until.surface_occupancy is not None:
            wrong = self._wrong_occupancy(until.surface_occupancy.value, now)
            yield from (problem(*words, *here, "surface_occupancy") for words in wrong)
        if until.voltage is not None:
            wrong = self._wrong_voltage(until.voltage, now)
            yield from (problem(*words, *here, "voltage") for words in wrong)

    def _wrong_content(self, value: float, now: Reach, sites: Sites) -> Iterator[tuple[str, str]]:
        """A content found and the one expected, unless the current comes to it."""
        sign, (ahead, behind) = self.sign, self._sides()
        start, limit = (now.least, sites.filled) if sign > 0 else (now.most, -sites.free)
        if not sign * value > sign * start + ROUND_OFF:
            when = f"which is extracted when this {self.key} begins"
            yield f"{value:.6g}", f"a value {ahead} {start:.6g}, {when}"
        elif not sign * value < sign * limit - ROUND_OFF:
            state = "empty" if sign > 0 else "full"
            yield f"{value:.6g}", f"a value {behind} {limit:.6g}, where the particle is {state}"

    def _wrong_occupancy(self, value: float, now: Reach) -> Iterator[tuple[str, str]]:
        """A surface occupancy found and the one expected, unless the current comes to it."""
        sign, (ahead, behind) = self.sign, self._sides()
        start = math.inf * sign if now.surface is None else now.surface
        end = 0.0 if sign > 0 else 1.0
        if not sign * value < sign * start - ROUND_OFF:
            yield f"{value:.6g}", f"a value {behind} {start:.6g}, the occupancy when this {self.key} begins"
        elif value == end:
            yield f"{value:.6g}", f"a value {ahead} {end:g}, which the falling current never reaches"

    def _wrong_voltage(self, limit: Parameter, now: Reach) -> Iterator[tuple[str, str]]:
        """A voltage found and the one expected, unless the current may come to it.

        A hold ends with a current, so that at its own voltage the next step may begin on either side.
        """
        if now.voltage is not None and self.sign * limit.value < self.sign * now.voltage:
            ahead, _ = self._sides()
            before = f"{now.voltage:.6g} V, the voltage of the hold before this {self.key}"
            yield f"'{limit.text}'", f"a value {ahead} {before}"

    def _sides(self) -> tuple[str, str]:
        """The side of a content on which the current leads, and the other one."""
        return ("above", "below") if self.sign > 0 else ("below", "above")


class Charge(AtCurrent):
    """Ions leave at a constant current."""

    key: ClassVar[str] = "charge"
    sign: ClassVar[int] = 1

    charge: Current
    """The current, and when it ends."""

    def after(self, now: Reach, sites: Sites) -> Reach:
        until = self.charge.until
        target = math.inf if until.extracted is None else until.extracted.value
        most = sites.filled if until.passed is None else now.most + until.passed.value
        return Reach(target if until.is_content else now.least, min(target, most, sites.filled))


class Discharge(AtCurrent):
    """Ions enter at a constant current."""

    key: ClassVar[str] = "discharge"
    sign: ClassVar[int] = -1

    discharge: Current
    """The current, and when it ends."""

    def after(self, now: Reach, sites: Sites) -> Reach:
        until = self.discharge.until
        target = -math.inf if until.extracted is None else until.extracted.value
        return Reach(max(target, -sites.free), target if until.is_content else now.most)
