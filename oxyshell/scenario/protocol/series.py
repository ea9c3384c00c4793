"""Entries that stand for many steps: cycles, the same again and again."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic_core import InitErrorDetails

from oxyshell.models.base.jump import EVERY_CYCLE, JumpPolicy
from oxyshell.models.base.protocol import ProtocolStep, Repeat
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.protocol.ends import Location
from oxyshell.scenario.protocol.entry import ProtocolEntry, SingleEntry
from oxyshell.scenario.reach import Reach, Sites

MOST_CYCLES = 100_000
"""More in one entry are refused."""


@dataclass(frozen=True)
class Played:
    """A step of a cycle, with the contents around it.

    Attributes:
        place: Of its keys below the entry.
        entry: The step.
        before: The content when it begins.
        after: The content when it ends.
    """

    place: Location
    entry: SingleEntry
    before: Reach
    after: Reach


@dataclass(frozen=True)
class Block:
    """Cycles of an entry, one like the other.

    Attributes:
        name: For people.
        steps: Of one cycle, each with the place of its keys below the entry.
        times: Cycles at most.
        least_capacity: See `Repeat`.
        until_reached: See `Repeat`.
        jump: See `Repeat`.
    """

    name: str
    steps: tuple[tuple[Location, SingleEntry], ...]
    times: int
    least_capacity: float = 0.0
    until_reached: tuple[str, ...] = ()
    jump: JumpPolicy = EVERY_CYCLE

    def played(self, now: Reach, sites: Sites) -> Iterator[Played]:
        """The steps of its cycles one after the other, until a cycle is as the one before it.

        Args:
            now: The content when the first one begins.
            sites: The particle's sites.
        """
        for _ in range(self.times):
            start = now
            for place, entry in self.steps:
                after = entry.after(now, sites)
                yield Played(place, entry, now, after)
                now = after
            if now == start:
                return

    def after(self, now: Reach, sites: Sites) -> Reach:
        """The content after its last cycle, whichever that is.

        Args:
            now: The content when it begins.
            sites: The particle's sites.
        """
        ends = [part.after for part in self.played(now, sites)]
        may_end_early = self.least_capacity > 0 or bool(self.until_reached)
        return functools.reduce(Reach.or_other, ends) if may_end_early else ends[-1]


class Series(ProtocolEntry):
    """An entry of many steps."""

    def blocks(self) -> tuple[Block, ...]:
        """Its cycles."""
        raise NotImplementedError

    def times(self, block: Block, conversion: Conversion) -> int:
        """Cycles of a block at most, for a particle."""
        return block.times

    def steps(self, conversion: Conversion) -> tuple[ProtocolStep, ...]:
        steps: list[ProtocolStep] = []
        for block in self.blocks():
            cycle = [replace(entry.step(conversion), block=block.name) for _, entry in block.steps]
            cycle[-1] = replace(cycle[-1], ends_cycle=True)
            before = steps[-1].cycle if steps else 0
            numbers = range(before + 1, before + 1 + self.times(block, conversion))
            steps += [replace(step, cycle=number) for number in numbers for step in cycle]
        return tuple(steps)

    def repeats(self, conversion: Conversion) -> tuple[Repeat, ...]:
        repeats: list[Repeat] = []
        for block in self.blocks():
            first, times = repeats[-1].end if repeats else 0, self.times(block, conversion)
            ends = (block.least_capacity, block.until_reached, block.jump)
            repeats.append(Repeat(block.name, first, len(block.steps), times, *ends))
        return tuple(repeats)

    def singles(self, *here: str | int) -> Iterator[tuple[Location, SingleEntry]]:
        for block in self.blocks():
            for place, entry in block.steps:
                yield (*here, *place), entry

    def longest(self) -> float:
        return sum(block.times * entry.longest() for block in self.blocks() for _, entry in block.steps)

    def unreachable(self, now: Reach, sites: Sites, *here: str | int) -> Iterator[InitErrorDetails]:
        for block in self.blocks():
            for part in block.played(now, sites):
                wrong = list(part.entry.wrong_ends(part.before, sites, *here, *part.place))
                if wrong:
                    yield from wrong
                    return
            now = block.after(now, sites)

    def through(self, now: Reach, sites: Sites) -> Iterator[Reach]:
        for block in self.blocks():
            yield from (part.after for part in block.played(now, sites))
            now = block.after(now, sites)
            yield now
