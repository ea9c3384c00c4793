"""Galvanostatic intermittent titration: pulses of a current, each followed by a rest."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from oxyshell.errors import InputError
from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.at_current import AtCurrent, Charge, Discharge
from oxyshell.scenario.protocol.currents import Current, CurrentSize
from oxyshell.scenario.protocol.ends import Limit, Until
from oxyshell.scenario.protocol.rest import Rest, RestTime
from oxyshell.scenario.protocol.series import MOST_CYCLES, Block, Series


class Titration(CurrentSize):
    """Pulses and rests until a limit, which ends the pulse in which it is reached, and all."""

    direction: Literal["charge", "discharge"] = "charge"
    """charge (default) or discharge."""
    pulse: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of a pulse."""
    rest: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of the rest after each pulse."""
    until: Limit
    """End of the last pulse. There is at most one pulse more than empty or fill the particle."""

    def pulses(self) -> AtCurrent:
        """A pulse."""
        until = Until.model_construct(**{**self.until.entries(), "time": self.pulse})
        current = Current.model_construct(
            rate=self.rate,
            specific_current=self.specific_current,
            current_density=self.current_density,
            until=until,
        )
        if self.direction == "charge":
            return Charge.model_construct(charge=current)
        return Discharge.model_construct(discharge=current)


class Gitt(Series):
    """Pulses of a current, each followed by a rest."""

    key: ClassVar[str] = "gitt"

    gitt: Titration
    """The pulses, the rests, and the limit."""

    def blocks(self) -> tuple[Block, ...]:
        pulse = ((self.key,), self.gitt.pulses())
        rest = ((self.key,), Rest.model_construct(rest=RestTime.model_construct(time=self.gitt.rest)))
        # The signs of ends do not matter for their keys.
        keys = tuple(dict.fromkeys(stop.key for stop in self.gitt.until.stops(1.0)))
        return (Block("gitt", (pulse, rest), MOST_CYCLES, until_reached=keys),)

    def times(self, block: Block, conversion: Conversion) -> int:
        passed = self.gitt.pulse.value / conversion.time_to_pass(self.gitt.flux(conversion))
        needed = math.ceil(conversion.sites / passed) + 1
        if needed > block.times:
            raise InputError(
                f"found a gitt of up to {needed:.3g} pulses, of {self.gitt.pulse.text} each, "
                f"expected at most {block.times}: longer pulses, or a larger current"
            )
        return needed

    def longest(self) -> float:
        return math.inf
