"""The section `protocol`: a class for each kind of entry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Self

from pydantic import model_validator
from pydantic_core import InitErrorDetails

from oxyshell.language import scales
from oxyshell.language.mistakes import listed, problem, refused
from oxyshell.language.parameters import POSITIVE, SHARE, Parameter, Quantity
from oxyshell.language.sections import Choice, Section, SomeEntries, require_one, tag, told_by_keys
from oxyshell.models.base.protocol import EXTRACTED, SURFACE_OCCUPANCY, TIME, ProtocolStep, Stop
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.reach import ROUND_OFF, Reach, Sites


class Until(Choice):
    """A step ends at the first of these."""

    extracted: Annotated[Parameter, Quantity("1")] | None = None
    """Ions taken out of the as-made particle so far, per formula unit."""
    surface_occupancy: Annotated[Parameter, Quantity("1", SHARE)] | None = None
    """Occupancy of the surface."""
    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)] | None = None
    """Time since the start of the step."""
    passed: Annotated[Parameter, Quantity("1", POSITIVE)] | None = None
    """Ions per formula unit that the set current passes in the step: a time that follows the rate. Less is
    extracted if the surface is exhausted before."""
    reaches: Mapping[str, float] = {}
    """Columns of the history and values that they come to, in the unit of the column: a peak stress, or an
    amount of a physics, such as `{first_principal_peak_MPa: 300}`."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if all(entry in (None, {}) for entry in self.entries().values()):
            raise refused(problem("no end", f"at least one of {listed(self.keys())}"))
        return self

    def __hash__(self) -> int:
        contents = (self.extracted, self.surface_occupancy, self.time, self.passed)
        return hash((*contents, frozenset(self.reaches.items())))

    @property
    def is_content(self) -> bool:
        """True if the content extracted is the only end."""
        return [key for key, entry in self.entries().items() if entry not in (None, {})] == ["extracted"]

    def stops(self, pace: float) -> tuple[Stop, ...]:
        """The ends that are set.

        Args:
            pace: Ions per formula unit that the current takes out or puts in in a second.
        """
        contents = [
            Stop(key, entry.value)
            for key, entry in ((EXTRACTED, self.extracted), (SURFACE_OCCUPANCY, self.surface_occupancy))
            if entry is not None
        ]
        times = [] if self.time is None else [Stop(TIME, self.time.value)]
        if self.passed is not None:
            times.append(Stop(TIME, self.passed.value / pace, "passed"))
        return (*contents, *times, *(Stop(name, value) for name, value in self.reaches.items()))


_CURRENTS = ("rate", "specific_current", "current_density")


class Current(Choice):
    """A constant current: exactly one of rate, specific_current and current_density."""

    rate: Annotated[Parameter, Quantity("C", POSITIVE, scales.RATE)] | None = None
    """In C, that is in `cell.one_c`: "0.1 C" or "C/10"."""
    specific_current: Annotated[Parameter, Quantity("A/kg", POSITIVE, scales.SPECIFIC_CURRENT)] | None = None
    """Per mass of the material."""
    current_density: Annotated[Parameter, Quantity("A/m^2", POSITIVE, scales.CURRENT_DENSITY)] | None = None
    """Per surface of the particle."""
    until: Until
    """End of the step."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        require_one(self, _CURRENTS, "no current")
        return self

    @property
    def text(self) -> str:
        """The current as the user wrote it."""
        return self._given().text

    def flux(self, conversion: Conversion) -> float:
        """Ion flux over the surface, mol/(m² s), positive."""
        given = self._given()
        return conversion.flux(given.value, given.unit)

    def _given(self) -> Parameter:
        currents = (self.rate, self.specific_current, self.current_density)
        return next(current for current in currents if current is not None)


class ProtocolEntry(Section):
    """One entry of the protocol: a mapping with one key, which tells what is done."""

    key: ClassVar[str]

    @property
    def length(self) -> Parameter | None:
        """Time after which it ends at the latest; None where no time ends it."""
        raise NotImplementedError

    @property
    def c_rate(self) -> Parameter | None:
        """Current that refers to `cell.one_c`; None where there is none."""
        return None

    @property
    def reaches(self) -> Mapping[str, float]:
        """Columns of the history at whose values it ends."""
        return {}

    def step(self, conversion: Conversion) -> ProtocolStep:
        """The step in SI."""
        raise NotImplementedError

    def unreachable(self, now: Reach, sites: Sites, *here: str | int) -> Iterator[InitErrorDetails]:
        """Ends that cannot be reached from a content.

        Args:
            now: The content when it begins.
            sites: The particle's sites.
            here: Location of the entry.
        """
        return iter(())

    def after(self, now: Reach, sites: Sites) -> Reach:
        """The content when it ends."""
        raise NotImplementedError


class AtCurrent(ProtocolEntry):
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

    @property
    def length(self) -> Parameter | None:
        return self.current.until.time

    @property
    def c_rate(self) -> Parameter | None:
        return self.current.rate

    @property
    def reaches(self) -> Mapping[str, float]:
        return self.current.until.reaches

    def step(self, conversion: Conversion) -> ProtocolStep:
        flux = self.current.flux(conversion)
        exchange = conversion.surface.at_current(self.sign * flux)
        pace = 1 / conversion.time_to_pass(flux)
        stops = self.current.until.stops(pace)
        label = f"{self.key} at {self.current.text}"
        return ProtocolStep(label, exchange, stops, pace=self.sign * pace, kind=self.key)

    def unreachable(self, now: Reach, sites: Sites, *here: str | int) -> Iterator[InitErrorDetails]:
        until = self.current.until
        here = (*here, self.key, "until")
        if until.extracted is not None:
            wrong = self._wrong_content(until.extracted.value, now, sites)
            yield from (problem(*words, *here, "extracted") for words in wrong)
        if until.surface_occupancy is not None:
            wrong = self._wrong_occupancy(until.surface_occupancy.value, now)
            yield from (problem(*words, *here, "surface_occupancy") for words in wrong)

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


class RestTime(Section):
    """Length of a rest."""

    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of the rest."""


class Rest(ProtocolEntry):
    """No ions through the surface."""

    key: ClassVar[str] = "rest"

    rest: RestTime
    """Its length."""

    @property
    def length(self) -> Parameter:
        return self.rest.time

    def step(self, conversion: Conversion) -> ProtocolStep:
        ends = (Stop(TIME, self.rest.time.value),)
        return ProtocolStep("rest", conversion.surface, ends, kind=self.key)

    def after(self, now: Reach, sites: Sites) -> Reach:
        # It evens out a particle in which something has moved.
        return now if now.uniform else Reach(now.least, now.most)


class HeldOccupancy(Section):
    """A surface occupancy and a time."""

    surface_occupancy: Annotated[Parameter, Quantity("1", SHARE)]
    """The occupancy."""
    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of the hold."""


class Hold(ProtocolEntry):
    """The surface is held at an occupancy."""

    key: ClassVar[str] = "hold"

    hold: HeldOccupancy
    """The occupancy, and the length of the hold."""

    @property
    def length(self) -> Parameter:
        return self.hold.time

    def step(self, conversion: Conversion) -> ProtocolStep:
        target = self.hold.surface_occupancy
        ends = (Stop(TIME, self.hold.time.value),)
        label = f"hold at surface occupancy {target.text}"
        return ProtocolStep(label, conversion.surface, ends, held=target.value, kind=self.key)

    def after(self, now: Reach, sites: Sites) -> Reach:
        return Reach(-sites.free, sites.filled, self.hold.surface_occupancy.value)


type Step = Annotated[
    Annotated[Charge, tag(Charge)]
    | Annotated[Discharge, tag(Discharge)]
    | Annotated[Rest, tag(Rest)]
    | Annotated[Hold, tag(Hold)],
    told_by_keys(
        "'charge', 'discharge', 'rest' or 'hold' (steps are listed as often as they are run)",
        *(Charge, Discharge, Rest, Hold),
    ),
]

type Steps = SomeEntries[Step]
