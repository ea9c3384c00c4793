"""Groups that follow the leading one, over cycles that are not simulated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from oxyshell.solver.state import FollowerState, State

type States = Mapping[str, State]
type Groups = dict[str, FollowerState]


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


def later(state: State, time: float) -> State:
    """A state, and those that follow it, by some seconds later."""
    followers = {
        name: replace(one, state=replace(one.state, time=one.state.time + time))
        for name, one in state.followers.items()
    }
    return replace(state, time=state.time + time, earlier=(), age=0, followers=followers)


def summed(factor: float, apart: int, count: int) -> float:
    """Sum of the gains of cycles after one that gains 1.

    Gains that fall are taken as a geometric series, as of what runs out, others as a straight line.

    Args:
        factor: Gain of another cycle.
        apart: Cycles from the one to the other.
        count: Cycles that are summed up.
    """
    if 0.0 < factor < 1.0:
        step = math.pow(factor, 1 / apart)
        return step * (1 - math.pow(step, count)) / (1 - step)
    return count + (factor - 1) / apart * count * (count + 1) / 2
