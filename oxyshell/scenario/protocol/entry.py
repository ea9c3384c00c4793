"""An entry of the protocol, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from pydantic_core import InitErrorDetails

from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import Section, in_words
from oxyshell.models.base.protocol import ProtocolStep, Repeat
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.ends import Location
from oxyshell.scenario.protocol.temperature import AtTemperature
from oxyshell.scenario.reach import Reach, Sites


class ProtocolEntry(Section):
    """One entry of the protocol: a mapping with one key, which tells what is done.

    Attributes:
        key: That key.
    """

    key: ClassVar[str]

    def words(self) -> str:
        """The entry in words: "charge at 0.1 C until extracted 0.9"."""
        return f"{self.key.replace('_', ' ')}: {in_words(getattr(self, self.key))}"

    def steps(self, conversion: Conversion) -> tuple[ProtocolStep, ...]:
        """Its steps in SI, in order; cycles among them are counted from 1."""
        raise NotImplementedError

    def repeats(self, conversion: Conversion) -> tuple[Repeat, ...]:
        """Cycles among its steps, whose positions count from the first step of the entry."""
        return ()

    def singles(self, *here: str | int) -> Iterator[tuple[Location, SingleEntry]]:
        """The different steps that it consists of, each with the place of its keys.

        Args:
            here: Location of the entry.
        """
        raise NotImplementedError

    def longest(self) -> float:
        """Time after which it ends at the latest, s; infinite where no time ends it."""
        raise NotImplementedError

    def unreachable(self, now: Reach, sites: Sites, *here: str | int) -> Iterator[InitErrorDetails]:
        """Ends that cannot be reached from a content.

        Args:
            now: The content when it begins.
            sites: The particle's sites.
            here: Location of the entry.
        """
        raise NotImplementedError

    def through(self, now: Reach, sites: Sites) -> Iterator[Reach]:
        """The contents after each of its steps, that at its end last."""
        raise NotImplementedError


class SingleEntry(ProtocolEntry):
    """An entry that is one step."""

    @property
    def holds_occupancy(self) -> bool:
        """Whether it holds the surface at an occupancy."""
        return False

    @property
    def reverses(self) -> bool:
        """Whether its current changes its direction on the way."""
        return False

    def step(self, conversion: Conversion) -> ProtocolStep:
        """The step in SI."""
        raise NotImplementedError

    def length(self) -> Parameter | None:
        """Time after which it ends at the latest; None where no time ends it."""
        raise NotImplementedError

    def rates(self) -> Iterator[tuple[Parameter, Location]]:
        """Currents that refer to `cell.one_c`, each with its place below the entry's key."""
        return iter(())

    def columns(self) -> Iterator[tuple[str, Location]]:
        """Columns of the history that it needs, each with the place of what needs it below the key."""
        return iter(())

    def voltages(self) -> Iterator[tuple[Parameter, Location]]:
        """Voltages that it comes to or holds, each with its place below the entry's key."""
        return iter(())

    def files(self) -> tuple[Path, ...]:
        """Files that it reads."""
        return ()

    def wrong_ends(self, now: Reach, sites: Sites, *here: str | int) -> Iterator[InitErrorDetails]:
        """Ends that cannot be reached from a content.

        Args:
            now: The content when it begins.
            sites: The particle's sites.
            here: Location of the value of the entry's key.
        """
        return iter(())

    def after(self, now: Reach, sites: Sites) -> Reach:
        """The content when it ends."""
        raise NotImplementedError

    @property
    def temperature(self) -> float | None:
        """Temperature of the step, K; None: that of the run."""
        body: AtTemperature = getattr(self, self.key)
        return None if body.temperature is None else body.temperature.value

    def steps(self, conversion: Conversion) -> tuple[ProtocolStep, ...]:
        step = self.step(conversion.at(self.temperature))
        return (replace(step, temperature=self.temperature),)

    def singles(self, *here: str | int) -> Iterator[tuple[Location, SingleEntry]]:
        yield (*here, self.key), self

    def longest(self) -> float:
        length = self.length()
        return float("inf") if length is None else length.value

    def unreachable(self, now: Reach, sites: Sites, *here: str | int) -> Iterator[InitErrorDetails]:
        return self.wrong_ends(now, sites, *here, self.key)

    def through(self, now: Reach, sites: Sites) -> Iterator[Reach]:
        yield self.after(now, sites)
