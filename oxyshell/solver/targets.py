"""Distances of a run from its stops, and detection of those reached or passed.

A distance is signed; it changes its sign when the stop is passed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from oxyshell.models.base import protocol
from oxyshell.models.base.protocol import EXTRACTED, OF_EVERY_STATE, SURFACE_OCCUPANCY, TIME, Stop
from oxyshell.solver.state import Observation, State

# A content counts as reached within this, in its size if that is above one; a column, which may be as small
# as 1e-17 mol, within this share of its value, and at 0 within this; a time within a share of itself.
# Round-off is smaller.
_LANDING = 1e-10
_LANDING_IN_TIME = 1e-12
# How far an observable moves away from a stop before reaching it is news again: less may be a step's error.
_AWAY = {EXTRACTED: 1e-6}
_AWAY_OTHERWISE = 1e-3


def absolute(end: Stop, start: float) -> Stop:
    """An end of a protocol step that began at a time, s, its own time as one since the start of the run."""
    return replace(end, value=start + end.value) if end.observable == TIME else end


def returns(stop: Stop) -> bool:
    """Whether its observable can come back to a value, so that it can be reached again."""
    return stop.observable != TIME


def nearest(stops: Iterable[Stop]) -> list[Stop]:
    """All that can be reached again, and of the times that lie ahead the first."""
    found: list[Stop] = []
    first: list[Stop] = []
    for one in stops:
        if returns(one):
            found.append(one)
        elif not first or one.value < first[0].value:
            first = [one]
    return found + first


@dataclass(frozen=True)
class Targets:
    """Distances to stops whose times count from the start of the run.

    Attributes:
        formula_units: Formula units in the particle, mol.
    """

    formula_units: float

    def distance(self, stop: Stop, state: State, observation: Observation) -> float:
        """Stop value minus the present value of its observable."""
        # Asked for many times in every time step.
        match stop.observable:
            case protocol.TIME:
                return stop.value - state.time
            case protocol.EXTRACTED:
                return stop.value - state.left / self.formula_units
            case protocol.SURFACE_OCCUPANCY:
                return stop.value - observation.surface_occupancy
        return stop.value - observation.more[stop.observable]

    def reached(self, stop: Stop, state: State, observation: Observation) -> bool:
        """Whether the run stands at the stop."""
        return abs(self.distance(stop, state, observation)) <= _landing(stop)

    def met(self, stop: Stop, state: State, observation: Observation) -> bool:
        """Whether the run stands at a stop, or beyond one that is met from a side of its own."""
        beyond = stop.rises * self.distance(stop, state, observation) < 0
        return beyond or self.reached(stop, state, observation)

    def left(self, stop: Stop, state: State, observation: Observation) -> bool:
        """Whether the run is so far from what can be reached again that reaching it is news."""
        away = _AWAY.get(stop.observable, _AWAY_OTHERWISE * max(abs(stop.value), 1.0))
        return abs(self.distance(stop, state, observation)) > away

    def is_behind(self, stop: Stop, state: State, observation: Observation, drive: float = 0.0) -> bool:
        """Whether a stop is met, or lies where a current of the sign of `drive` leads away from."""
        if stop.rises:
            return self.met(stop, state, observation)
        heading = {TIME: 1.0, EXTRACTED: drive, SURFACE_OCCUPANCY: -drive}
        return self.reached(stop, state, observation) or (
            heading.get(stop.observable, 0.0) * self.distance(stop, state, observation) < 0
        )

    def passed(self, stop: Stop, before: float, state: State, observation: Observation) -> bool:
        """Whether a stop is met, or lies behind where the distance was once `before`."""
        if stop.rises:
            return self.met(stop, state, observation)
        distance = self.distance(stop, state, observation)
        return abs(distance) <= _landing(stop) or before * distance < 0

    def overshoots(self, stop: Stop, before: float, state: State, observation: Observation) -> bool:
        """Whether a step from a distance `before` has jumped over the stop."""
        distance, landing = self.distance(stop, state, observation), _landing(stop)
        if abs(distance) <= landing:
            return False
        if stop.rises:
            return stop.rises * distance < 0
        return abs(before) > landing and before * distance < 0

    def approach(self, stop: Stop, distance: float, observation: Observation, wanted: float) -> float:
        """The step that reaches the stop if all goes on as now; two equal ones if one would barely do."""
        speed = 0.0
        if stop.observable == TIME:
            speed = 1.0
        elif stop.observable == EXTRACTED:
            speed = observation.outflow / self.formula_units
        arrival = distance / speed if speed * distance > 0 else math.inf
        if math.isinf(arrival):
            return math.inf
        # Outputs often lie a whole number of largest steps apart: round-off must not make one step more.
        if arrival <= wanted * (1 + _LANDING):
            return arrival
        return arrival / 2 if arrival < 2 * wanted else math.inf


def _landing(stop: Stop) -> float:
    size = abs(stop.value)
    if stop.observable == TIME:
        return _LANDING_IN_TIME * size
    if stop.observable in OF_EVERY_STATE:
        return _LANDING * max(size, 1.0)
    return _LANDING * (size or 1.0)
