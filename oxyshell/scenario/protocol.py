"""The sections `cell`, `protocol` and `output`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Discriminator, model_validator

from oxyshell.language import scales
from oxyshell.language.mistakes import CUSTOM, listed, problem, refused
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, SHARE, Parameter, Quantity
from oxyshell.language.sections import Choice, Entries, Section, SomeEntries, by_keys, tag
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.base.protocol import TIME, ProtocolStep, Stop
from oxyshell.models.ions.exchange import IonExchange


class Cell(Section):
    """Reference of the currents in the protocol."""

    one_c: Annotated[Parameter, Quantity("A/kg", POSITIVE, scales.ONE_C)]
    """The specific current that is called 1 C."""


@dataclass(frozen=True)
class Conversion:
    """Conversion of a current into an ion flux.

    Attributes:
        volume_to_surface: V/A of the particle, m.
        molar_volume: V_m, m³ per mol of formula units.
        density: kg/m³.
        one_c: Specific current of 1 C, A/kg.
        charge_number: z.
        margin: Occupancy below which the current falls.
    """

    volume_to_surface: float
    molar_volume: float
    density: float
    one_c: float
    charge_number: int
    margin: float

    def flux(self, current: float, unit: str) -> float:
        """Flux over the surface, mol/(m² s): j = i/(zF) with i = C-rate · one_c · density · V/A.

        Args:
            current: In C, A/kg or A/m².
            unit: "C", "A/kg" or "A/m^2".
        """
        per_mass = self.density * self.volume_to_surface
        per_surface = {"C": self.one_c * per_mass, "A/kg": per_mass, "A/m^2": 1.0}[unit]
        return current * per_surface / (self.charge_number * FARADAY_CONSTANT)

    def time_to_pass(self, flux: float) -> float:
        """Time in which a flux, mol/(m² s), passes one ion per formula unit, s."""
        return self.volume_to_surface / (self.molar_volume * flux)


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

    @model_validator(mode="after")
    def _some(self) -> Self:
        if all(entry is None for entry in self.entries().values()):
            raise refused(problem("no end", f"at least one of {listed(self.keys())}"))
        return self

    def stops(self, pace: float) -> tuple[Stop, ...]:
        """The ends that are set.

        Args:
            pace: Ions per formula unit that the current takes out or puts in in a second.
        """
        given = {key: entry.value for key, entry in self.entries().items() if entry is not None}
        at_a_time = {key: Stop(TIME, value / pace, key) for key, value in given.items() if key == "passed"}
        return tuple(at_a_time.get(key, Stop(key, value)) for key, value in given.items())


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
        given = [key for key in _CURRENTS if getattr(self, key) is not None]
        if len(given) != 1:
            found = listed(given) or "no current"
            raise refused(problem(found, f"exactly one of {listed(_CURRENTS)}", *given[1:2]))
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


class Charge(Section):
    """Ions leave at a constant current."""

    charge: Current
    """The current, and when it ends."""

    @property
    def current(self) -> Current:
        """The current."""
        return self.charge

    def step(self, conversion: Conversion) -> ProtocolStep:
        """As the solver knows it."""
        flux = self.charge.flux(conversion)
        exchange = IonExchange(extraction=flux, margin=conversion.margin)
        return ProtocolStep(
            f"charge at {self.charge.text}",
            exchange,
            self.charge.until.stops(1 / conversion.time_to_pass(flux)),
            pace=1 / conversion.time_to_pass(flux),
        )


class Discharge(Section):
    """Ions enter at a constant current."""

    discharge: Current
    """The current, and when it ends."""

    @property
    def current(self) -> Current:
        """The current."""
        return self.discharge

    def step(self, conversion: Conversion) -> ProtocolStep:
        """As the solver knows it."""
        flux = self.discharge.flux(conversion)
        exchange = IonExchange(insertion=flux, margin=conversion.margin)
        return ProtocolStep(
            f"discharge at {self.discharge.text}",
            exchange,
            self.discharge.until.stops(1 / conversion.time_to_pass(flux)),
            pace=-1 / conversion.time_to_pass(flux),
        )


class RestTime(Section):
    """Length of a rest."""

    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of the rest."""


class Rest(Section):
    """No ions through the surface."""

    rest: RestTime
    """Its length."""

    def step(self, conversion: Conversion) -> ProtocolStep:
        """As the solver knows it."""
        exchange = IonExchange(margin=conversion.margin)
        return ProtocolStep("rest", exchange, (Stop(TIME, self.rest.time.value),))


class HeldOccupancy(Section):
    """A surface occupancy and a time."""

    surface_occupancy: Annotated[Parameter, Quantity("1", SHARE)]
    """The occupancy."""
    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of the hold."""


class Hold(Section):
    """The surface is held at an occupancy."""

    hold: HeldOccupancy
    """The occupancy, and the length of the hold."""

    def step(self, conversion: Conversion) -> ProtocolStep:
        """As the solver knows it."""
        target = self.hold.surface_occupancy
        ends = (Stop(TIME, self.hold.time.value),)
        label = f"hold at surface occupancy {target.text}"
        return ProtocolStep(label, IonExchange(margin=conversion.margin), ends, held=target.value)


type Step = Annotated[
    Annotated[Charge, tag(Charge)]
    | Annotated[Discharge, tag(Discharge)]
    | Annotated[Rest, tag(Rest)]
    | Annotated[Hold, tag(Hold)],
    Discriminator(
        by_keys(Charge, Discharge, Rest, Hold),
        custom_error_type=CUSTOM,
        custom_error_message="{expected}",
        custom_error_context={
            "expected": "'charge', 'discharge', 'rest' or 'hold' (steps are listed as often as they are run)"
        },
    ),
]


class OutputMoments(Choice):
    """Moments at which profiles and fields are written, besides the start and the end of each step."""

    extracted: Entries[Annotated[Parameter, Quantity("1")]] = ()
    """Ions taken out of the as-made particle, per formula unit; whenever the content passes the value."""
    surface_occupancy: Entries[Annotated[Parameter, Quantity("1", SHARE)]] = ()
    """Occupancies of the surface; whenever it passes the value."""
    time: Entries[Annotated[Parameter, Quantity("s", NOT_NEGATIVE, scales.TIME)]] = ()
    """Times since the start of the run."""

    def stops(self) -> tuple[Stop, ...]:
        """All moments."""
        return tuple(Stop(key, entry.value) for key, list_ in self.entries().items() for entry in list_)


class Output(Section):
    """Profiles and fields that a run writes."""

    at: OutputMoments = OutputMoments()
    """Moments at which profiles and fields are written. Default: only the start and the end of each step."""


type Steps = SomeEntries[Step]
