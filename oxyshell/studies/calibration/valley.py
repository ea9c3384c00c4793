"""Walks along a direction that the targets leave open: other values that agree with them just as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.studies.calibration.estimate import Direction, Estimate, Status
from oxyshell.studies.calibration.problem import Problem, Vector

_STEPS = 5
# The longest step, in logarithms.
_LONGEST = 0.15
_CORRECTIONS = 3
# How far from the fit's own residuals a place in the valley may be, in uncertainties: well inside of one.
_CLOSE = 0.1


@dataclass(frozen=True)
class ValleyPoint:
    """Other values at which all targets are met as closely as by the fit.

    Attributes:
        logarithms: Of the values, shape (unknowns,).
        results: There, shape (targets,).
        residuals: Misses in units of their uncertainties, shape (targets,).
    """

    logarithms: Vector
    results: Vector
    residuals: Vector


def valley(problem: Problem, estimate: Estimate, direction: Direction) -> tuple[ValleyPoint, ...]:
    """Places along a direction, from one end to the other; the fit itself is among them.

    A step goes along the direction, corrections go across it until the targets are where the fit left them.
    An end is a bound, a run that cannot be solved, or a place where corrections do not help.
    """
    inverse = np.linalg.pinv(estimate.jacobian, rcond=1e-3)
    here = _place(problem, estimate.logarithms)
    backwards = list(_walk(problem, inverse, here, -direction.components))
    forwards = list(_walk(problem, inverse, here, direction.components))
    return (*reversed(backwards), here, *forwards)


def is_walked(found: Estimate, direction: Direction) -> bool:
    """Whether there is more to find along an open direction than a parameter that does nothing."""
    alone = int(np.argmax(np.abs(direction.components)))
    idle = alone in found.without_effect and abs(float(direction.components[alone])) > 1 - 1e-6
    return found.status is Status.FITTED and not idle


def _walk(problem: Problem, inverse: Vector, start: ValleyPoint, direction: Vector) -> Iterator[ValleyPoint]:
    here = start
    step = min(problem.room(start.logarithms, direction) / _STEPS, _LONGEST)
    for _ in range(_STEPS):
        try:
            there = _corrected(problem, inverse, start, here.logarithms + step * direction)
        except OxyshellError:
            return
        if there is None:
            return
        here = there
        yield here


def _corrected(
    problem: Problem, inverse: Vector, start: ValleyPoint, logarithms: Vector
) -> ValleyPoint | None:
    for _ in range(_CORRECTIONS + 1):
        if np.any(logarithms < problem.low - 1e-9) or np.any(logarithms > problem.high + 1e-9):
            return None
        place = _place(problem, logarithms)
        away = place.residuals - start.residuals
        if np.max(np.abs(away)) <= _CLOSE:
            return place
        logarithms = logarithms - inverse @ away
    return None


def _place(problem: Problem, logarithms: Vector) -> ValleyPoint:
    results = problem.results(logarithms)
    return ValleyPoint(logarithms, results, problem.residuals(logarithms))
