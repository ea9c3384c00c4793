"""Groups that follow the leading one, over cycles that are not simulated.

What they hold and what has left of it goes on by the same share of the same gains, so that balances which are
linear in both stay as exact as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from oxyshell.solver.state import FollowerState, State

type States = Mapping[str, State]


def states(followers: Mapping[str, FollowerState]) -> dict[str, State]:
    """States of groups, by name."""
    return {name: one.state for name, one in followers.items()}


def gains(before: States, after: States) -> dict[str, State]:
    """Differences of unknowns and of amounts that have left, by the names of the groups `before` has."""
    return {
        name: replace(
            after[name],
            time=0.0,
            unknowns=after[name].unknowns - one.unknowns,
            left=after[name].left - one.left,
        )
        for name, one in before.items()
    }


def added(followers: Mapping[str, FollowerState], change: States, cycles: float) -> dict[str, FollowerState]:
    """Groups after more cycles of the same change each."""
    return {
        name: replace(one, state=_after(one.state, change[name], cycles)) if name in change else one
        for name, one in followers.items()
    }


def later(state: State, time: float) -> State:
    """A state, and those that follow it, by some seconds later."""
    followers = {
        name: replace(one, state=replace(one.state, time=one.state.time + time))
        for name, one in state.followers.items()
    }
    return replace(state, time=state.time + time, earlier=(), age=0, followers=followers)


def error(
    followers: Mapping[str, FollowerState], change: States, cycles: float, room: Mapping[str, float]
) -> float:
    """Largest error of an amount that has left, by a change of gains over some cycles.

    Args:
        followers: The groups.
        change: Difference between two gains of each.
        cycles: Cycles by which it counts.
        room: The most that each can hold, mol; the errors are shares of it, or of what has left if that is
            more.
    """
    shares = (
        abs(cycles * one.left) / max(abs(followers[name].state.left), room[name])
        for name, one in change.items()
    )
    return max(shares, default=0.0)


def _after(state: State, change: State, cycles: float) -> State:
    return replace(
        state, unknowns=state.unknowns + cycles * change.unknowns, left=state.left + cycles * change.left
    )
