"""A calibration as numbers: unknowns on logarithmic axes, targets in units of their uncertainties."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from oxyshell.studies.calibration.unknowns import Target, Unknown

type Vector = NDArray[np.float64]

# Of a parameter's logarithm, for central differences: the error of second order is 1e-4, and a result's error
# of 1e-4 (the tolerance of the time steps) makes one of 0.5 % in the derivative.
STEP = 0.02
# Probability below which the targets contradict a fit: one in ten thousand that are right is called wrong.
_CONTRADICTED = 1e-4
# Share of the bounds' (logarithmic) range within which a value is said to lie at a bound.
_AT_BOUND = 1e-3


@dataclass(frozen=True)
class Problem:
    """Unknowns, targets, and the model between them.

    Attributes:
        unknowns: The parameters that are adjusted.
        targets: The values that results should have.
        results: The model: results, shape (targets,), at logarithms of the unknowns, shape (unknowns,).
    """

    unknowns: Sequence[Unknown]
    targets: Sequence[Target]
    results: Callable[[Vector], Vector]

    @cached_property
    def start(self) -> Vector:
        """Logarithms of the first guesses."""
        return np.log([one.start for one in self.unknowns])

    @cached_property
    def low(self) -> Vector:
        """Logarithms of the smallest values."""
        return np.log([one.low for one in self.unknowns])

    @cached_property
    def high(self) -> Vector:
        """Logarithms of the largest values."""
        return np.log([one.high for one in self.unknowns])

    def residuals(self, logarithms: Vector) -> Vector:
        """Misses in units of their uncertainties, shape (targets,)."""
        wanted = np.array([one.value for one in self.targets])
        scale = np.array([one.uncertainty for one in self.targets])
        found: Vector = (self.results(logarithms) - wanted) / scale
        return found

    def jacobian(self, logarithms: Vector) -> Vector:
        """Derivatives of the residuals, shape (targets, unknowns), by differences that respect the bounds."""
        columns = []
        for index in range(len(self.unknowns)):
            below, above = logarithms.copy(), logarithms.copy()
            above[index] = min(above[index] + STEP, self.high[index])
            below[index] = max(below[index] - STEP, self.low[index])
            difference = self.residuals(above) - self.residuals(below)
            columns.append(difference / (above[index] - below[index]))
        return np.column_stack(columns)

    def room(self, logarithms: Vector, direction: Vector) -> float:
        """Distance in a direction to the first bound."""
        ends = np.where(direction > 0, self.high, self.low)
        moving = np.abs(direction) > 1e-9
        if not np.any(moving):
            return math.inf
        return float(np.min((ends - logarithms)[moving] / direction[moving]))

    @property
    def is_single(self) -> bool:
        """Whether there is one unknown and one target, so that an equation is to be solved."""
        return len(self.unknowns) == len(self.targets) == 1

    def probability(self, misfit: float) -> float:
        """Of a sum of squared residuals this large or larger, by the χ² distribution; one degree at least."""
        from scipy.special import chdtrc

        return float(chdtrc(max(len(self.targets) - len(self.unknowns), 1), misfit))

    def meets(self, misfit: float) -> bool:
        """Whether a sum of squared residuals is one that the targets' uncertainties explain."""
        return self.probability(misfit) >= _CONTRADICTED

    def bounds_met(self, logarithms: Vector) -> NDArray[np.int64]:
        """Of each unknown -1 at its lower bound, 1 at its upper bound, 0 between them, shape (unknowns,)."""
        near = _AT_BOUND * (self.high - self.low)
        at_low, at_high = logarithms - self.low < near, self.high - logarithms < near
        return at_high.astype(np.int64) - at_low.astype(np.int64)
