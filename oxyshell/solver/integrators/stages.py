"""The stages of a Rosenbrock step, one evaluation and one solve each."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from oxyshell.solver.integrators.tableau import Tableau
from oxyshell.solver.state import Array

GLANCE = 1e-3
"""Over this share of γh the change of f with time is measured; what drives it is linear in time."""


class Staged(Protocol):
    """The part of `rosenbrock.ImplicitSystem` that the stages need."""

    @property
    def time_unit(self) -> float: ...

    def set_time(self, time: float) -> None: ...

    def rate(self, unknowns: Array) -> Array: ...

    def outflow(self, unknowns: Array) -> float: ...

    def solve(self, right_hand_side: Array) -> Array: ...

    def mass(self, unknowns: Array) -> Array: ...

    def outflow_change(self, increment: Array) -> float: ...

    def leaving(self, by_flux: float, increment: Array) -> float: ...


class StageLoop(Protocol):
    """Takes the stages of a step whose matrix is prepared."""

    def __call__(
        self, unknowns: Array, time: float, step: float, slope: Array | float, outward: float
    ) -> tuple[Array, Array]:
        """U_i, shape (stages, unknowns), and what leaves in each stage, shape (stages,).

        Args:
            unknowns: y at the start of the step.
            time: Then, s.
            step: h, in units of the system.
            slope: ∂f/∂t, a number where nothing changes in time.
            outward: That of the outflow.
        """

    def rests(self, unknowns: Array, time: float, step: float) -> bool:
        """Whether it is known that all stages are exactly zero: nothing is there, and nothing begins.

        The arguments are those of a call, the matrix need not be prepared.
        """


class PlainStages:
    """Stages in NumPy, for any system."""

    def __init__(self, system: Staged, tableau: Tableau) -> None:
        """Set up.

        Args:
            system: Whose steps are taken.
            tableau: The method.
        """
        self._system, self._tableau = system, tableau

    def __call__(
        self, unknowns: Array, time: float, step: float, slope: Array | float, outward: float
    ) -> tuple[Array, Array]:
        system, tableau = self._system, self._tableau
        count, shift = len(tableau.weights), 1.0 / (tableau.gamma * step)
        times = (time + tableau.times * (step * system.time_unit)).tolist()
        changes_in_time = np.ndim(slope) > 0
        slopes = [weight * step * slope for weight in tableau.slopes.tolist()]
        outward_slopes = (tableau.slopes * (step * outward)).tolist()
        stages = np.zeros((count, unknowns.size))
        # What left is one more unknown, q' = outflow(y); its row of A is solved by hand.
        leaving = np.zeros(count)
        for i in range(count):
            here = unknowns + tableau.stages[i, :i] @ stages[:i]
            system.set_time(times[i])
            right = system.rate(here)
            if changes_in_time:
                right += slopes[i]
            if i:
                right += system.mass(tableau.history[i, :i] @ stages[:i]) / step
            stages[i] = system.solve(right)
            gain = system.outflow(here) + system.outflow_change(stages[i]) + outward_slopes[i]
            by_flux = (gain + tableau.history[i, :i] @ leaving[:i] / step) / shift
            leaving[i] = system.leaving(float(by_flux), stages[i])
        return stages, leaving

    def rests(self, unknowns: Array, time: float, step: float) -> bool:
        # To find out would cost as much as what it saves.
        return False
