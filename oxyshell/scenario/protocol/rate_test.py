"""Rate capability: cycles at one rate after the other."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import Section, SomeEntries
from oxyshell.scenario.protocol.at_current import Charge, Discharge
from oxyshell.scenario.protocol.currents import Current, Rate
from oxyshell.scenario.protocol.ends import Until
from oxyshell.scenario.protocol.limits import VoltageRange
from oxyshell.scenario.protocol.series import MOST_CYCLES, Block, Series


class BothEnds(Section):
    """Ends of charge and discharge."""

    voltage: VoltageRange
    """The voltage at which discharges end, and the one at which charges end."""


class Rates(Section):
    """Rates of charge and discharge."""

    charge: Rate
    """Rate of all charges."""
    discharge: SomeEntries[Rate]
    """Rates of the discharges, one after the other."""
    cycles_each: Annotated[int, Field(ge=1, le=MOST_CYCLES)] = 1
    """Cycles at each rate. Default 1."""
    until: BothEnds
    """Voltages at which discharges and charges end."""

    def charged(self) -> Charge:
        """The charge of every cycle."""
        return Charge.model_construct(charge=_at(self.charge, self.until.voltage[1]))

    def discharged(self, rate: Parameter) -> Discharge:
        """The discharge at a rate."""
        return Discharge.model_construct(discharge=_at(rate, self.until.voltage[0]))


class RateTest(Series):
    """Cycles with the same charge and a discharge at one rate after the other."""

    key: ClassVar[str] = "rate_test"

    rate_test: Rates
    """The rates, and the ends."""

    def blocks(self) -> tuple[Block, ...]:
        test = self.rate_test
        charge = ((self.key,), test.charged())
        return tuple(
            Block(
                f"discharge at {rate.text}",
                (charge, ((self.key,), test.discharged(rate))),
                test.cycles_each,
            )
            for rate in test.discharge
        )


def _at(rate: Parameter, voltage: Parameter) -> Current:
    until = Until.model_construct(voltage=voltage)
    return Current.model_construct(rate=rate, until=until)
