"""Groups that follow the particle, over cycles that are jumped over.

Each unknown that accumulates goes on by what it gained in a measured cycle, times a factor of its own; others
settle within a cycle and stay as they are. What the sources of a group's balance give is what its sinks take
and what leaves, in the proportion in which these would go on by themselves, so that the balance stays as
exact as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from oxyshell.solver.extrapolated_groups import Groups, States, summed
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.state import Array, FollowerState, State

type Factors = Mapping[str, Mapping[str, float]]
"""Sum of what the cycles that are jumped over gain, in gains of the measured cycle before them, by group and
unknown."""


@dataclass(frozen=True)
class _Course:
    """Sums of gains over some cycles, by the gains of two cycles.

    Attributes:
        apart: Cycles from the one to the other; negative if the other one comes first.
        skipped: Cycles that are summed up, after the one.
        most: Largest factor from one cycle to the next that is believed.
    """

    apart: int
    skipped: int
    most: float = np.inf

    def sum_of(self, one: float, other: float) -> float:
        """The sum, in the gain of the one; gains of nothing stay nothing."""
        if self.apart < 0:
            factor, apart = (one / other if other else 1.0), -self.apart
        else:
            factor, apart = (other / one if one else 1.0), self.apart
        return summed(min(factor, self.most), apart, self.skipped)


class GroupJumps:
    """Sums of gains over cycles that are jumped over, and their errors."""

    def __init__(self, systems: Mapping[str, FollowingSystem[Any]]) -> None:
        """Set up.

        Args:
            systems: The discretised equations of the groups, by name.
        """
        self._systems = systems

    def predicted(self, gains: States, earlier: States, skipped: int) -> Factors:
        """Sums by the gains of two cycles in a row; gains that grow are taken as constant.

        Args:
            gains: Of the measured cycle.
            earlier: Of the cycle before, by the groups that were looked at then.
            skipped: Cycles that are jumped over.
        """
        course = _Course(-1, skipped, most=1.0)
        return {name: self._factors(name, one, earlier.get(name, one), course) for name, one in gains.items()}

    def interpolated(self, gains: States, later: States, apart: int, skipped: int) -> Factors:
        """Sums by the gains of cycles on both sides.

        Args:
            gains: Of the measured cycle before the jump.
            later: Of a cycle after it.
            apart: Cycles from the one to the other.
            skipped: Cycles that are jumped over.
        """
        course = _Course(apart, skipped)
        return {name: self._factors(name, one, later[name], course) for name, one in gains.items()}

    def changed(self, followers: Mapping[str, FollowerState], gains: States, factors: Factors) -> Groups:
        """Groups with more of their gains."""
        return {
            name: replace(one, state=self._after(name, one.state, gains[name], factors[name]))
            if name in gains
            else one
            for name, one in followers.items()
        }

    def error(self, gains: States, changes: Factors, skipped: int) -> float:
        """Largest error of a jump: of any unknown over its scale, of an amount over what there is room for.

        Args:
            gains: Of the measured cycle before the jump.
            changes: Changes of the sums since the jump was begun.
            skipped: Cycles that are jumped over, in which what settles is taken not to have moved on.
        """
        worst = 0.0
        for name, gain in gains.items():
            system, change = self._systems[name], self._change(name, gain, changes[name])
            settling = [
                abs(self._counts(name)[unknown] * content) * skipped
                for unknown, content in system.contents(gain).items()
                if unknown not in system.process.accumulates
            ]
            amounts = [abs(change.left), *settling]
            worst = max(worst, system.error_norm(change.unknowns), max(amounts) / system.room)
        return worst

    def _factors(self, name: str, one: State, other: State, course: _Course) -> dict[str, float]:
        """Sums of what accumulates in a group, sinks and what leaves taking together what sources give."""
        system, counts = self._systems[name], self._counts(name)
        gained, others = system.contents(one), system.contents(other)
        names = [unknown for unknown in system.process.accumulates if unknown in system.fields.rows]
        factors = {unknown: course.sum_of(gained[unknown], others[unknown]) for unknown in names}
        amounts = {unknown: counts[unknown] * factors[unknown] * gained[unknown] for unknown in names}
        given = -sum(amount for unknown, amount in amounts.items() if counts[unknown] < 0)
        takers = [unknown for unknown in names if counts[unknown] > 0]
        taken = [
            *(amounts[unknown] for unknown in takers),
            course.sum_of(one.left, other.left) * one.left,
        ]
        if given > 0 and min(taken) >= 0 and sum(taken) > 0:
            factors |= {unknown: factors[unknown] * given / sum(taken) for unknown in takers}
        return factors

    def _counts(self, name: str) -> Mapping[str, float]:
        return {one.name: one.counts for one in self._systems[name].fields.unknowns}

    def _scaled(self, name: str, gain: State, factors: Mapping[str, float]) -> Array:
        unknowns = np.zeros_like(gain.unknowns)
        for unknown, factor in factors.items():
            rows = self._systems[name].fields.rows[unknown]
            unknowns[rows] = factor * gain.unknowns[rows]
        return unknowns

    def _change(self, name: str, gain: State, factors: Mapping[str, float]) -> State:
        """Gains times factors, with what leaves by the balance."""
        counts = self._counts(name)
        change = replace(gain, unknowns=self._scaled(name, gain, factors))
        contents = self._systems[name].contents(change)
        return replace(change, left=-sum(counts[one] * content for one, content in contents.items()))

    def _after(self, name: str, state: State, gain: State, factors: Mapping[str, float]) -> State:
        change = self._change(name, gain, factors)
        return replace(state, unknowns=state.unknowns + change.unknowns, left=state.left + change.left)


def differences(after: Factors, before: Factors) -> Factors:
    """Changes of sums."""
    return {
        name: {unknown: factor - before[name][unknown] for unknown, factor in one.items()}
        for name, one in after.items()
    }
