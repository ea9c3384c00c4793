"""The fitted values, and what the targets say about them: covariance, intervals, open directions.

All of it is linear in the parameters' logarithms around the fit, with the stated uncertainties taken as
standard deviations of independent normal errors (they are not rescaled by the misfit).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.studies.calibration.problem import Problem, Vector
from oxyshell.studies.calibration.search import Search, Starts, search

CONFIDENCE = 0.95
Z = 1.959963984540054
"""Half width of the normal interval of 95 %, in standard errors."""
# Singular values below this share of the largest one are round-off of the difference quotients.
_NOISE = 1e-3
# Part of a unit vector below which a parameter does not take part in a direction.
PART = 0.05
# A fit is held by a bound if 10 % beyond it the sum of squares would be smaller by more than this.
_BEYOND, _GAIN = 0.1, 0.1
# By how much a target has to move at most, in its uncertainty, for a parameter to be without effect on it.
_NO_MOVE = 0.01
ALONE = Starts(points=0, seed=0, always=False)
"""Only the given start."""


class Status(StrEnum):
    """The worth of a fit; only of the first kind do intervals mean anything."""

    FITTED = "fitted"
    NOT_UNIQUE = "not unique"
    AT_BOUND = "at a bound"
    NOT_MET = "targets not met"
    NOT_SETTLED = "not settled"


@dataclass(frozen=True)
class Direction:
    """A direction in the space of the logarithms.

    Attributes:
        components: Unit vector, shape (unknowns,).
        singular_value: By how many uncertainties the targets change for a factor of e along it.
        identified: Whether the targets tell more about it than the bounds do.
    """

    components: Vector
    singular_value: float
    identified: bool


@dataclass(frozen=True)
class Estimate:
    """Result of a fit.

    Attributes:
        logarithms: Logarithms of the fitted values, shape (unknowns,).
        results: The model there, shape (targets,).
        jacobian: Derivatives of the residuals by the logarithms, shape (targets, unknowns).
        directions: Right singular vectors of the Jacobian, best determined first.
        covariance: Of the logarithms, in the identified directions only, shape (unknowns, unknowns).
        misfit: Sum of the squared residuals.
        search: Where all fits ended; this is the best of them.
        held: Of each unknown -1 if its lower bound holds it, 1 if its upper bound does, else 0.
        without_effect: Positions of the unknowns that move no target between their bounds.
        status: The worth of the fit.
    """

    logarithms: Vector
    results: Vector
    jacobian: Vector
    directions: tuple[Direction, ...]
    covariance: Vector
    misfit: float
    search: Search
    held: tuple[int, ...]
    without_effect: tuple[int, ...]
    status: Status

    @property
    def values(self) -> Vector:
        """The fitted values, shape (unknowns,)."""
        return np.exp(self.logarithms)

    @property
    def identified(self) -> tuple[bool, ...]:
        """Of each unknown, whether it takes part in no direction that the targets leave open.

        None is where the fit is no minimum in which the targets are met: what holds around it says nothing.
        """
        if self.status is not Status.FITTED:
            return (False,) * len(self.logarithms)
        loose = [direction.components for direction in self.directions if not direction.identified]
        return tuple(all(abs(one[index]) < PART for one in loose) for index in range(len(self.logarithms)))

    @property
    def standard_errors(self) -> tuple[float | None, ...]:
        """Of the logarithms, that is relative ones; None where the targets do not determine an unknown."""
        found = np.sqrt(np.diag(self.covariance))
        return tuple(
            float(error) if known else None for error, known in zip(found, self.identified, strict=True)
        )

    @property
    def intervals(self) -> tuple[tuple[float, float] | None, ...]:
        """Confidence intervals (95 %) of the values; None where the targets do not determine an unknown."""
        pairs = zip(self.logarithms, self.standard_errors, strict=True)
        return tuple(
            None if error is None else (math.exp(log - Z * error), math.exp(log + Z * error))
            for log, error in pairs
        )

    @property
    def correlation(self) -> Vector:
        """Correlation of the logarithms in identified directions, shape (unknowns, unknowns); NaN without."""
        errors = np.sqrt(np.diag(self.covariance))
        scale = np.outer(errors, errors)
        found = np.full_like(scale, math.nan)
        np.divide(self.covariance, scale, out=found, where=scale > 0)
        return found

    @property
    def condition_number(self) -> float:
        """Largest over smallest singular value of the Jacobian; infinite if a direction does nothing."""
        sizes = [direction.singular_value for direction in self.directions]
        return sizes[0] / sizes[-1] if sizes and sizes[-1] > 0 else math.inf

    @property
    def degrees_of_freedom(self) -> int:
        """Targets beyond what the identified directions need."""
        return len(self.results) - sum(direction.identified for direction in self.directions)


def estimate(
    problem: Problem, starts: Starts = ALONE, report: Callable[[float], None] = lambda misfit: None
) -> Estimate:
    """Fit the unknowns of a problem.

    Args:
        problem: Unknowns and targets.
        starts: Values that fits may start from besides the given ones.
        report: Receives the sum of squared residuals at every evaluation.

    Raises:
        OxyshellError: If no run could be solved.
    """
    found = search(problem, starts, report)
    logarithms = found.minima[0].logarithms
    misses, jacobian = problem.residuals(logarithms), _jacobian(problem, logarithms)
    directions = directions_of(problem, logarithms, jacobian)
    covariance = np.zeros((len(logarithms), len(logarithms)))
    for direction in directions:
        if direction.identified:
            unit = direction.components / direction.singular_value
            covariance += np.outer(unit, unit)
    held = _held(problem, logarithms, jacobian.T @ misses)
    return Estimate(
        logarithms=logarithms,
        results=problem.results(logarithms),
        jacobian=jacobian,
        directions=directions,
        covariance=covariance,
        misfit=float(misses @ misses),
        search=found,
        held=held,
        without_effect=tuple(_without_effect(problem, logarithms, jacobian)),
        status=_status(problem, found, held) if directions else Status.NOT_SETTLED,
    )


def _status(problem: Problem, found: Search, held: tuple[int, ...]) -> Status:
    best, *others = found.minima
    if not best.settled:
        return Status.NOT_SETTLED
    if not problem.meets(best.misfit):
        return Status.NOT_MET
    if any(held):
        return Status.AT_BOUND
    if any(problem.meets(one.misfit) for one in others):
        return Status.NOT_UNIQUE
    return Status.FITTED


def _jacobian(problem: Problem, logarithms: Vector) -> Vector:
    """The Jacobian of the residuals; NaN where a run beside the fit cannot be solved."""
    try:
        return problem.jacobian(logarithms)
    except OxyshellError:
        return np.full((len(problem.targets), len(problem.unknowns)), math.nan)


def directions_of(problem: Problem, logarithms: Vector, jacobian: Vector) -> tuple[Direction, ...]:
    """Right singular vectors of a Jacobian, best determined first; none of one with a number that is none."""
    if not np.all(np.isfinite(jacobian)):
        return ()
    _, sizes, rows = np.linalg.svd(jacobian, full_matrices=True)
    sizes = np.concatenate([sizes, np.zeros(len(rows) - len(sizes))])
    sizes = np.where(sizes > _NOISE * sizes[0], sizes, 0.0)
    return tuple(
        Direction(row, float(size), _tells(problem, logarithms, row, size))
        for row, size in zip(rows, sizes, strict=True)
    )


def _held(problem: Problem, logarithms: Vector, gradient: Vector) -> tuple[int, ...]:
    """The bounds beyond which the sum of squares would go on falling; `gradient` is half its derivative."""
    at = problem.bounds_met(logarithms)
    gain = -2 * gradient * at * _BEYOND
    return tuple(int(side) if more > _GAIN else 0 for side, more in zip(at, gain, strict=True))


def _without_effect(problem: Problem, logarithms: Vector, jacobian: Vector) -> Iterator[int]:
    """The unknowns without a derivative that move no target at their bounds either."""
    sizes = np.linalg.norm(jacobian, axis=0)
    for index in np.flatnonzero(sizes <= _NOISE * np.max(sizes)):
        ends = [logarithms.copy(), logarithms.copy()]
        ends[0][index], ends[1][index] = problem.low[index], problem.high[index]
        try:
            moved = [problem.residuals(end) - problem.residuals(logarithms) for end in ends]
        except OxyshellError:
            continue
        if np.max(np.abs(moved)) <= _NO_MOVE:
            yield int(index)


def _tells(problem: Problem, logarithms: Vector, direction: Vector, size: float) -> bool:
    """Whether the interval along a direction ends before the bounds do, on one side at least."""
    room = max(problem.room(logarithms, direction), problem.room(logarithms, -direction))
    return bool(size > 0 and Z / size < room)
