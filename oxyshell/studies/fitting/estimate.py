"""The fitted values, and what the targets say about them: covariance, intervals, open directions.

All of it is linear in the parameters' logarithms around the fit, with the stated uncertainties taken as
standard deviations of independent normal errors (they are not rescaled by the misfit).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from oxyshell.errors import SolverError
from oxyshell.studies.fitting import solving
from oxyshell.studies.fitting.problem import Problem

if TYPE_CHECKING:
    from oxyshell.studies.fitting.solving import Vector

CONFIDENCE = 0.95
Z = 1.959963984540054
"""Half width of the normal interval of 95 %, in standard errors."""
# Singular values below this share of the largest one are round-off of the difference quotients.
_NOISE = 1e-3
# Part of a unit vector below which a parameter does not take part in a direction.
PART = 0.05
# For one parameter and one target: how closely the target is met, in its uncertainty.
_CLOSE = 0.01


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
    """What a fit found.

    Attributes:
        logarithms: Logarithms of the fitted values, shape (unknowns,).
        results: The model there, shape (targets,).
        jacobian: Derivatives of the residuals by the logarithms, shape (targets, unknowns).
        directions: Right singular vectors of the Jacobian, best determined first.
        covariance: Of the logarithms, in the identified directions only, shape (unknowns, unknowns).
        misfit: Sum of the squared residuals.
    """

    logarithms: Vector
    results: Vector
    jacobian: Vector
    directions: tuple[Direction, ...]
    covariance: Vector
    misfit: float

    @property
    def values(self) -> Vector:
        """The fitted values, shape (unknowns,)."""
        return np.exp(self.logarithms)

    @property
    def identified(self) -> tuple[bool, ...]:
        """Of each unknown, whether it takes part in no direction that the targets leave open."""
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
        return sizes[0] / sizes[-1] if sizes[-1] > 0 else math.inf

    @property
    def degrees_of_freedom(self) -> int:
        """Targets beyond what the identified directions need."""
        return len(self.results) - sum(direction.identified for direction in self.directions)


def estimate(problem: Problem, told: Callable[[float], None] = lambda misfit: None) -> Estimate:
    """Fit the unknowns of a problem.

    Args:
        problem: What to fit.
        told: Is told the sum of squared residuals at every step.

    Raises:
        SolverError: If the fit does not settle, or the only target cannot be reached.
    """

    def residuals(logarithms: Vector) -> Vector:
        found = problem.residuals(logarithms)
        told(float(found @ found))
        return found

    if len(problem.unknowns) == len(problem.targets) == 1:
        logarithms = _single(problem, residuals)
    else:
        logarithms = solving.several(residuals, problem.jacobian, problem.start, problem.low, problem.high)
    return _around(problem, logarithms)


def _single(problem: Problem, residuals: Callable[[Vector], Vector]) -> Vector:
    target, unknown = problem.targets[0], problem.unknowns[0]

    def result(logarithm: float) -> float:
        return float(residuals(np.array([logarithm]))[0]) * target.uncertainty + target.value

    goal = solving.Goal(target.value, _CLOSE * target.uncertainty)
    try:
        found = solving.single(result, problem.start[0], problem.low[0], problem.high[0], goal)
    except solving.OutOfReachError as error:
        raise SolverError(
            f"{target.name} = {target.value:g} {target.unit} is not reached for {unknown.name} between "
            f"its bounds: there it is {error.at_low:g} and {error.at_high:g}; widen the bounds or check "
            "the target"
        ) from None
    return np.array([found.logarithm])


def _around(problem: Problem, logarithms: Vector) -> Estimate:
    misses, jacobian = problem.residuals(logarithms), problem.jacobian(logarithms)
    _, sizes, rows = np.linalg.svd(jacobian, full_matrices=True)
    sizes = np.concatenate([sizes, np.zeros(len(rows) - len(sizes))])
    sizes = np.where(sizes > _NOISE * sizes[0], sizes, 0.0)
    directions = tuple(
        Direction(row, float(size), _tells(problem, logarithms, row, size))
        for row, size in zip(rows, sizes, strict=True)
    )
    covariance = np.zeros((len(rows), len(rows)))
    for direction in directions:
        if direction.identified:
            unit = direction.components / direction.singular_value
            covariance += np.outer(unit, unit)
    return Estimate(
        logarithms, problem.results(logarithms), jacobian, directions, covariance, float(misses @ misses)
    )


def _tells(problem: Problem, logarithms: Vector, direction: Vector, size: float) -> bool:
    """Whether the interval along a direction ends before the bounds do, on one side at least."""
    room = max(problem.room(logarithms, direction), problem.room(logarithms, -direction))
    return bool(size > 0 and Z / size < room)
