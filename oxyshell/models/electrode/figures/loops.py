"""The history of a run in loops: a charge and a discharge with all that stands between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from oxyshell.models.electrode.observables import CAPACITY, VOLTAGE
from oxyshell.outputs.records import Array

if TYPE_CHECKING:
    from oxyshell.outputs import Result

REST = "rest"
_ROUND_OFF = 1e-12
_NOTHING_PASSED = 1e-9
"""Charge that is round-off, as a share of the largest one of the run."""


@dataclass(frozen=True, eq=False)
class Branch:
    """A step of the protocol.

    Attributes:
        number: Its number, from 1.
        verb: "charge", "discharge", "hold", "rest" or "current".
        cycle: Number of its cycle, 0 without one.
        history: Columns of the history from its start, with the new current, to its end.
    """

    number: int
    verb: str
    cycle: int
    history: Mapping[str, Array]

    @property
    def charged(self) -> float:
        """Charge taken out, mA h/g."""
        return float(np.sum(np.maximum(np.diff(self.history[CAPACITY]), 0.0)))

    @property
    def discharged(self) -> float:
        """Charge put back, mA h/g."""
        return float(np.sum(np.maximum(-np.diff(self.history[CAPACITY]), 0.0)))


@dataclass(frozen=True, eq=False)
class Loop:
    """Steps that take charge out and put it back, in whichever order.

    Attributes:
        name: "cycle 3", or where the protocol has no cycle there "steps 1–4".
        cycle: Number of the cycle of the protocol; 0 where it is none.
        branches: The steps.
    """

    name: str
    cycle: int
    branches: tuple[Branch, ...]

    @property
    def closed(self) -> bool:
        """Whether charge passes in both directions."""
        return self.charged > 0 and self.discharged > 0

    @property
    def charged(self) -> float:
        """Charge taken out, mA h/g."""
        return sum(branch.charged for branch in self.branches)

    @property
    def discharged(self) -> float:
        """Charge put back, mA h/g."""
        return sum(branch.discharged for branch in self.branches)

    def course(self, column: str) -> Array:
        """A column of the history over all its steps, with the jumps where one ends and the next begins."""
        return np.concatenate([branch.history[column] for branch in self.branches])


def has_electrode(result: Result) -> bool:
    """Whether a run has come so far that it has voltages to draw."""
    return VOLTAGE in result.history and len(result.history[VOLTAGE]) > 1


def branches_of(result: Result) -> tuple[Branch, ...]:
    """The steps of the protocol of a run, in order.

    One that has not ended is left out, and so are those of cycles whose rows of the history were not kept.
    """
    return tuple(_branches(result))


def _branches(result: Result) -> Iterator[Branch]:
    history, table = result.history, result.step_table
    time = history["time_s"]
    # A row without length begins every step, with its new current.
    starts = np.flatnonzero(history["time_step_s"] == 0)
    stops = [*starts[1:], len(time)]
    columns = (table.get(name, ()) for name in ("step", "verb", "cycle", "start_s", "duration_s"))
    place = 0
    for number, verb, cycle, begin, duration in zip(*columns, strict=True):
        place += int(np.count_nonzero(time[starts[place:]] < begin))
        if place == len(starts) or time[starts[place]] != begin:
            continue
        first, stop = int(starts[place]), int(stops[place])
        within = np.searchsorted(time[first:stop], (begin + duration) * (1 + _ROUND_OFF), side="right")
        yield Branch(int(number), str(verb), int(cycle), _rows(history, slice(first, first + int(within))))
        place += 1


def loops_of(result: Result) -> tuple[Loop, ...]:
    """The loops of a run: cycles of its protocol that charge and discharge; between them by the direction.

    Cycles that only charge, such as the pulses of a titration, are parts of one loop. Where no charge passes
    before the first loop, there is none.
    """
    branches = branches_of(result)
    passed = max((branch.charged + branch.discharged for branch in branches), default=0.0)
    negligible = _NOTHING_PASSED * passed
    both_ways = _cycles_both_ways(branches, negligible)
    loops: list[list[Branch]] = []
    turns = _Turns()
    for branch in branches:
        cycle = branch.cycle if branch.cycle in both_ways else 0
        if turns.begins(cycle, _direction(branch, negligible)):
            loops.append([])
        loops[-1].append(branch)
    found = (_loop(steps, both_ways) for steps in loops)
    return tuple(loop for loop in found if loop.charged + loop.discharged > negligible)


def closed_loops(loops: Sequence[Loop]) -> Sequence[Loop]:
    """The loops in which charge passes in both directions; all, if there is none."""
    return [loop for loop in loops if loop.closed] or loops


def choice(count: int, most: int = 6) -> list[int]:
    """Indices of up to `most` of so many loops: the first two, the last one, and some between.

    Of two the first and the last; of one the first.
    """
    if count <= most:
        return list(range(count))
    if most == 1:
        return [0]
    between = np.linspace(count - 1, 1, most - 1).round().astype(int)[::-1]
    return [0, *(int(index) for index in between)]


@dataclass
class _Turns:
    """Tells where loops begin."""

    cycle: int = -1
    first: int = 0
    turned: bool = False

    def begins(self, cycle: int, direction: int) -> bool:
        """Whether a loop begins with a step of a cycle, 0 for none, in a direction, 0 for a rest."""
        if self.cycle >= 0 and not cycle and not direction:
            # A rest after a cycle belongs to it.
            return False
        new = cycle != self.cycle or (not cycle and self.turned and direction == self.first)
        if new:
            self.cycle, self.first, self.turned = cycle, 0, False
        self.first = self.first or direction
        self.turned = self.turned or direction == -self.first != 0
        return new


def _direction(branch: Branch, negligible: float) -> int:
    net = branch.charged - branch.discharged
    return 0 if abs(net) <= negligible else int(np.sign(net))


def _cycles_both_ways(branches: Sequence[Branch], negligible: float) -> set[int]:
    directions: dict[int, set[int]] = defaultdict(set)
    for branch in branches:
        directions[branch.cycle] |= set(_directions(branch, negligible))
    return {cycle for cycle, found in directions.items() if cycle > 0 and len(found) == 2}


def _directions(branch: Branch, negligible: float) -> Iterator[int]:
    if branch.charged > negligible:
        yield 1
    if branch.discharged > negligible:
        yield -1


def _loop(branches: Sequence[Branch], both_ways: set[int]) -> Loop:
    first, last = branches[0], branches[-1]
    if first.cycle in both_ways:
        return Loop(f"cycle {first.cycle}", first.cycle, tuple(branches))
    numbers = f"{first.number}–{last.number}" if last.number > first.number else f"{first.number}"
    return Loop(f"step{'s' * (last is not first)} {numbers}", 0, tuple(branches))


def _rows(history: Mapping[str, Array], rows: slice) -> dict[str, Array]:
    return {name: values[rows] for name, values in history.items()}
