"""The section `output`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, SHARE, Parameter, Quantity
from oxyshell.language.sections import Choice, Entries, Section
from oxyshell.models.base.protocol import Stop


class OutputMoments(Choice):
    """Moments at which profiles and fields are written, besides the start and the end of each step."""

    extracted: Entries[Annotated[Parameter, Quantity("1")]] = ()
    """Ions taken out of the as-made particle, per formula unit; whenever the content passes the value."""
    surface_occupancy: Entries[Annotated[Parameter, Quantity("1", SHARE)]] = ()
    """Occupancies of the surface; whenever it passes the value."""
    time: Entries[Annotated[Parameter, Quantity("s", NOT_NEGATIVE, scales.TIME)]] = ()
    """Times since the start of the run, not of a step as in `until.time`."""

    def stops(self) -> tuple[Stop, ...]:
        """All moments."""
        return tuple(Stop(key, entry.value) for key, list_ in self.entries().items() for entry in list_)


class Output(Section):
    """Profiles and fields that a run writes."""

    at: OutputMoments = OutputMoments()
    """Moments at which profiles and fields are written. Default: only the start and the end of each step."""
    every_cycle: Annotated[int, Field(ge=1)] = 1
    """Of the cycles, profiles and fields are written in the first one and in those whose number is a multiple
    of this. Default 1: in all."""
    last_cycles: Annotated[int, Field(ge=0)] = 0
    """So many cycles at the end of the protocol are written too. Default 0. Of a repetition that is over
    early, the last state is written."""
