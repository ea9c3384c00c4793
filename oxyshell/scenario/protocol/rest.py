"""A rest."""

from __future__ import annotations

from typing import Annotated, ClassVar

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.models.base.protocol import TIME, ProtocolStep, Stop
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.entry import SingleEntry
from oxyshell.scenario.protocol.temperature import AtTemperature
from oxyshell.scenario.reach import Reach, Sites


class RestTime(AtTemperature):
    """Length of a rest."""

    time: Annotated[Parameter, Quantity("s", POSITIVE, scales.TIME)]
    """Length of the rest."""


class Rest(SingleEntry):
    """No ions through the surface."""

    key: ClassVar[str] = "rest"

    rest: RestTime
    """Its length."""

    def words(self) -> str:
        return f"rest for {self.rest.time.text}"

    def length(self) -> Parameter:
        return self.rest.time

    def step(self, conversion: Conversion) -> ProtocolStep:
        ends = (Stop(TIME, self.rest.time.value),)
        return ProtocolStep("rest", conversion.surface, ends, kind=self.key)

    def after(self, now: Reach, sites: Sites) -> Reach:
        # It evens out a particle in which something has moved.
        return now if now.uniform else Reach(now.least, now.most)
