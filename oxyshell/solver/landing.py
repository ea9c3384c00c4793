"""Time steps that pass no stop: events are found by solving steps again, not by interpolation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oxyshell.errors import SolverError
from oxyshell.models.base.protocol import Stop
from oxyshell.solver.bracketing import Place, between
from oxyshell.solver.state import Observation, State
from oxyshell.solver.step_result import Continuation
from oxyshell.solver.stepping import Stepping, Taken
from oxyshell.solver.targets import Targets, returns
from oxyshell.solver.turning import turns_at

# A step that passes an end and is no longer than this share of the time since the protocol step
# began has landed: a column may jump, or tremble by what solvers leave.
_RESOLVED = 1e-10
# Solved steps on the way to a stop before the run gives up.
_MOST = 200
# Shorter steps in which a turn beyond an end is looked for, before a step is believed.
_LOOKED_FOR = 3


@dataclass(frozen=True)
class _Solved:
    """A place within a step that has been solved up to there, or the start of the step.

    Attributes:
        at: Time since the start of the step, s.
        distances: Signed distances to the stops.
    """

    at: float
    distances: Mapping[Stop, float]

    def place(self, stop: Stop) -> Place:
        """The place, and the distance to a stop there."""
        return Place(self.at, self.distances[stop])


class Landing:
    """Takes steps that pass no stop."""

    def __init__(self, stepping: Stepping, targets: Targets) -> None:
        """Set up.

        Args:
            stepping: Takes single steps.
            targets: Measures distances.
        """
        self._stepping, self._targets = stepping, targets

    def land(
        self,
        state: State,
        observation: Observation,
        ends: Sequence[Stop],
        others: Sequence[Stop],
        continuation: Continuation,
    ) -> Taken:
        """One accepted step that passes no stop: the largest at most as wanted that the error allows.

        Args:
            state: Where the run stands.
            observation: What was observed of it.
            ends: Of the protocol step under way, their times since the start of the run.
            others: Other stops, likewise.
            continuation: The protocol step under way.

        Raises:
            SolverError: If a stop cannot be landed on, or steps become too small or too many.
        """
        wanted, targets = continuation.wanted, self._targets
        listed = [(stop, targets.distance(stop, state, observation)) for stop in (*ends, *others)]
        step = min([wanted, *(targets.approach(t, d, observation, wanted) for t, d in listed)])
        ceiling, looked_for = math.inf, 0
        for number in range(_MOST):
            taken = self._stepping.accepted(state, min(step, ceiling), continuation)
            step = taken.step
            crossed = self._crossed(listed, taken)
            # Only towards ends with a side is there a state before to look back on.
            if not crossed and (not continuation.before or looked_for == _LOOKED_FOR):
                return taken
            distances = dict(listed)
            if any(stop.rises for stop in crossed):
                return self._at_first(state, distances, taken, continuation)
            if not crossed:
                turn = turns_at(state.time, step, continuation.before, self._pairs(ends, distances, taken))
                if turn is None:
                    return taken
                looked_for += 1
                self._stepping.rejected += 1
                ceiling = step = turn
                continue
            shortest = self._shortest(state, continuation)
            if step <= shortest and set(filter(returns, ends)).issuperset(crossed):
                return taken
            # Where between here and there the first target lies, by a straight line; then by halves.
            self._stepping.rejected += 1
            ceiling = step
            share = min(_straight_share(distances[stop], beyond) for stop, beyond in crossed.items())
            step = max(step * (share if number < 20 else min(share, 0.5)), min(shortest, step))
        raise _no_landing(next(iter(crossed)))

    def _at_first(
        self, state: State, distances: Mapping[Stop, float], longer: Taken, continuation: Continuation
    ) -> Taken:
        """The step onto the first of the stops that a longer one has passed.

        Args:
            state: Where the run stands.
            distances: There, of all stops.
            longer: The longer step.
            continuation: The protocol step under way.
        """
        stepping, shortest = self._stepping, self._shortest(state, continuation)
        lower, upper = _Solved(0.0, distances), self._solved(distances, longer)
        third: _Solved | None = None
        kept: Taken | None = None
        for _ in range(_MOST):
            crossed = self._crossed(distances.items(), longer)
            stop = min(crossed, key=lambda one: _straight_share(lower.distances[one], crossed[one]))
            if upper.at - lower.at <= shortest:
                return longer
            older = None if third is None else third.place(stop)
            asked = between(lower.place(stop), upper.place(stop), older)
            stepping.rejected += 1
            taken = stepping.accepted(state, asked, continuation)
            if self._crossed(distances.items(), taken):
                longer = taken
                third, upper = upper, self._solved(distances, taken)
            elif taken.step < asked or self._is_at(stop, taken):
                # Solvers may fail at places beyond which they succeed: then on from before them.
                return kept if kept is not None and kept.step > taken.step else taken
            else:
                kept = taken
                third, lower = lower, self._solved(distances, taken)
        raise _no_landing(stop)

    def _shortest(self, state: State, continuation: Continuation) -> float:
        """Length within which no place of an event is told from another, s."""
        lasted = state.time - continuation.began
        return max(_RESOLVED * lasted, self._stepping.smallest(continuation, state.time))

    def _distances(self, stops: Iterable[Stop], taken: Taken) -> dict[Stop, float]:
        return {one: self._targets.distance(one, taken.attempt.state, taken.observation) for one in stops}

    def _solved(self, stops: Iterable[Stop], taken: Taken) -> _Solved:
        return _Solved(taken.step, self._distances(stops, taken))

    def _is_at(self, stop: Stop, taken: Taken) -> bool:
        return self._targets.reached(stop, taken.attempt.state, taken.observation)

    def _crossed(self, listed: Iterable[tuple[Stop, float]], taken: Taken) -> dict[Stop, float]:
        """Distances of the stops that a step has jumped over.

        Args:
            listed: All stops, with the distances to them where the step began.
            taken: The step.
        """
        state, observation, targets = taken.attempt.state, taken.observation, self._targets
        return {
            stop: targets.distance(stop, state, observation)
            for stop, before in listed
            if targets.overshoots(stop, before, state, observation)
        }

    def _pairs(
        self, ends: Sequence[Stop], distances: Mapping[Stop, float], taken: Taken
    ) -> list[tuple[int, float, float]]:
        """Sides from which ends are met, and distances to them before and after a step."""
        after = self._distances(ends, taken)
        return [(stop.rises, distances[stop], after[stop]) for stop in ends]


def _straight_share(before: float, beyond: float) -> float:
    """Share of a step at which a stop lies, by a straight line between the distances around it."""
    return before / (before - beyond)


def _no_landing(stop: Stop) -> SolverError:
    return SolverError(f"could not land on {stop.key} = {stop.value}")
