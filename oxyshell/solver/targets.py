"""How far a run is from its targets, and when it has reached or passed one.

A distance is signed; it changes its sign when the target is passed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from oxyshell.models.base.protocol import Progress, ProtocolStep, Target
from oxyshell.solver.state import Observation, State

# A content counts as reached within this, a time within this share of itself; round-off is smaller.
_LANDING = 1e-10
_LANDING_IN_TIME = 1e-12
# How far a content moves away from a target before reaching it is news again: less may be a step's error.
_AWAY = {Progress.EXTRACTED: 1e-6, Progress.SURFACE_OCCUPANCY: 1e-3}

RETURNING = tuple(_AWAY)
"""What can come back to a value: a target of it can be reached again."""


def absolute(step: ProtocolStep, end: Target, start: float) -> Target:
    """An end of a protocol step, as a time since the start of the run if the clock alone decides it.

    Args:
        step: The protocol step.
        end: One of its ends.
        start: When it began, s.
    """
    if end.progress in (Progress.TIME, Progress.PASSED):
        return Target(Progress.TIME, start + step.time_of(end))
    return end


def nearest(targets: Iterable[Target]) -> list[Target]:
    """All contents, and of the times that lie ahead the first."""
    listed = list(targets)
    times = [one for one in listed if one.progress not in RETURNING]
    first = [min(times, key=lambda one: one.value)] if times else []
    return [*(one for one in listed if one.progress in RETURNING), *first]


@dataclass(frozen=True)
class Targets:
    """Distances to targets whose times count from the start of the run.

    Attributes:
        formula_units: Formula units in the particle, mol.
    """

    formula_units: float

    def distance(self, target: Target, state: State, observation: Observation) -> float:
        """What the target's quantity has yet to gain."""
        match target.progress:
            case Progress.EXTRACTED:
                return target.value - state.left / self.formula_units
            case Progress.SURFACE_OCCUPANCY:
                return target.value - observation.surface_occupancy
        return target.value - state.time

    def reached(self, target: Target, state: State, observation: Observation) -> bool:
        """Whether the run stands at the target."""
        return abs(self.distance(target, state, observation)) <= _landing(target)

    def left(self, target: Target, state: State, observation: Observation) -> bool:
        """Whether the run is so far from a content that reaching it is news."""
        return abs(self.distance(target, state, observation)) > _AWAY[target.progress]

    def is_behind(self, target: Target, state: State, observation: Observation, drive: float = 0.0) -> bool:
        """Whether a target is reached or lies where a current of the sign of `drive` leads away from."""
        heading = {Progress.EXTRACTED: drive, Progress.SURFACE_OCCUPANCY: -drive}
        return self.reached(target, state, observation) or (
            heading.get(target.progress, 1.0) * self.distance(target, state, observation) < 0
        )

    def passed(self, target: Target, before: float, state: State, observation: Observation) -> bool:
        """Whether a target is reached, or lies behind where the distance was once `before`."""
        return self.reached(target, state, observation) or (
            before * self.distance(target, state, observation) < 0
        )

    def overshoots(self, target: Target, before: float, state: State, observation: Observation) -> bool:
        """Whether a step from a distance `before` has jumped over the target."""
        if self.reached(target, state, observation):
            return False
        small = abs(before) <= _landing(target)
        return not small and before * self.distance(target, state, observation) < 0

    def approach(self, target: Target, distance: float, observation: Observation, wanted: float) -> float:
        """The step that reaches the target if all goes on as now; two equal ones if one would barely do."""
        match target.progress:
            case Progress.EXTRACTED:
                speed = observation.outflow / self.formula_units
                arrival = distance / speed if speed * distance > 0 else math.inf
            case Progress.SURFACE_OCCUPANCY:
                arrival = math.inf
            case _:
                arrival = distance
        if arrival <= 0 or math.isinf(arrival):
            return math.inf
        # Outputs often lie a whole number of largest steps apart: round-off must not make one step more.
        if arrival <= wanted * (1 + _LANDING):
            return arrival
        return arrival / 2 if arrival < 2 * wanted else math.inf


def _landing(target: Target) -> float:
    return _LANDING if target.progress in RETURNING else _LANDING_IN_TIME * abs(target.value)
