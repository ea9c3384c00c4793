"""The section `limits`, and ranges of voltages."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from oxyshell.language import scales
from oxyshell.language.mistakes import problem, refused
from oxyshell.language.parameters import Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.base.protocol import Stop
from oxyshell.scenario.protocol.ends import VOLTAGE


def _from_below(voltages: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    if len(voltages) != 2:
        raise refused(problem(f"a list of {len(voltages)}", "two voltages, the lower one first"))
    if not voltages[0].value < voltages[1].value:
        found = f"'{voltages[0].text}' before '{voltages[1].text}'"
        raise refused(problem(found, "two voltages, the lower one first"))
    return voltages


type VoltageRange = Annotated[
    tuple[Annotated[Parameter, Quantity("V", scale=scales.VOLTAGE)], ...],
    Field(strict=False),
    AfterValidator(_from_below),
]
"""Two voltages, the lower one first."""


class Limits(Section):
    """Values that end the whole run, wherever it is."""

    voltage: VoltageRange
    """The lowest and the highest voltage; a run that reaches one of them ends there, and says so."""

    def stops(self) -> tuple[Stop, ...]:
        """The limits as ends of each step."""
        low, high = self.voltage
        return (
            Stop(VOLTAGE, low.value, "limits.voltage", rises=-1, ends_run=True),
            Stop(VOLTAGE, high.value, "limits.voltage", rises=1, ends_run=True),
        )
