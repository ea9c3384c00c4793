"""Groups that follow the particle, over cycles that are jumped over.

Each unknown that accumulates goes on by what it gained in a measured cycle, times a factor of its own; others
settle within a cycle. What has left of the group follows from its balance, which stays as exact as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from oxyshell.solver.extrapolated_groups import Groups, States, ratio, summed
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.state import Array, FollowerState, State

type Factors = Mapping[str, Mapping[str, float]]
"""Sum of what the cycles that are jumped over gain, in gains of the measured cycle before them, by group and
unknown."""


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
        return self._each(
            gains,
            lambda name, unknown: summed(
                min(self._ratio(name, unknown, earlier[name], gains[name]), 1.0) if name in earlier else 1.0,
                1,
                skipped,
            ),
        )

    def interpolated(self, gains: States, later: States, apart: int, skipped: int) -> Factors:
        """Sums by the gains of cycles on both sides.

        Args:
            gains: Of the measured cycle before the jump.
            later: Of a cycle after it.
            apart: Cycles from the one to the other.
            skipped: Cycles that are jumped over.
        """
        return self._each(
            gains,
            lambda name, unknown: summed(
                self._ratio(name, unknown, gains[name], later[name]), apart, skipped
            ),
        )

    def changed(self, followers: Mapping[str, FollowerState], gains: States, factors: Factors) -> Groups:
        """Groups with more of their gains."""
        return {
            name: replace(one, state=self._after(name, one.state, gains[name], factors[name]))
            if name in gains
            else one
            for name, one in followers.items()
        }

    def error(self, gains: States, changes: Factors) -> float:
        """Largest error of any unknown over its scale, if sums change by so much."""
        errors = (
            self._systems[name].error_norm(self._scaled(name, one, changes[name]))
            for name, one in gains.items()
        )
        return max(errors, default=0.0)

    def _each(self, gains: States, factor: Callable[[str, str], float]) -> Factors:
        return {
            name: {
                unknown: factor(name, unknown)
                for unknown in system.process.accumulates
                if unknown in system.fields.rows
            }
            for name, system in self._systems.items()
            if name in gains
        }

    def _ratio(self, name: str, unknown: str, first: State, second: State) -> float:
        system = self._systems[name]
        rows = system.fields.rows[unknown]
        return ratio(first.unknowns[rows], second.unknowns[rows], system.comm)

    def _scaled(self, name: str, gain: State, factors: Mapping[str, float]) -> Array:
        unknowns = np.zeros_like(gain.unknowns)
        for unknown, factor in factors.items():
            rows = self._systems[name].fields.rows[unknown]
            unknowns[rows] = factor * gain.unknowns[rows]
        return unknowns

    def _after(self, name: str, state: State, gain: State, factors: Mapping[str, float]) -> State:
        system = self._systems[name]
        change = replace(gain, unknowns=self._scaled(name, gain, factors))
        counts = {one.name: one.counts for one in system.fields.unknowns}
        left = -sum(counts[one] * content for one, content in system.contents(change).items())
        return replace(state, unknowns=state.unknowns + change.unknowns, left=state.left + left)


def differences(after: Factors, before: Factors) -> Factors:
    """Changes of sums."""
    return {
        name: {unknown: factor - before[name][unknown] for unknown, factor in one.items()}
        for name, one in after.items()
    }
