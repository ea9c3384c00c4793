"""Rosenbrock time stepping for M dy/dt = f(y, t), M singular: no nonlinear solve, its own error estimate.

With shift = 1/(γh), A = shift M − ∂f/∂y, the stages are
    A U_i = f(y + Σ_j a_ij U_j, t + α_i h) + (1/h) M Σ_j c_ij U_j + γ_i h ∂f/∂t,    y_new = y + Σ_j m_j U_j,
and an embedded method of order 3 gives the error. Linear invariants of the system, such as the content of the
particle plus what has left, are kept to round-off (Hairer & Wanner, Solving ODEs II, sections IV.7, VI.4);
for what round-off does to them see `rounding`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oxyshell.errors import SolverError
from oxyshell.solver.integrators.passage import Passage, Uncounted
from oxyshell.solver.integrators.stages import GLANCE, PlainStages, StageLoop
from oxyshell.solver.integrators.tableau import Tableau, rodaspr2
from oxyshell.solver.state import Array, Attempt, State

_UNCOUNTED = Uncounted()


class ImplicitSystem(Protocol):
    """M dy/dt = f(y, t) with a scalar outflow, in the system's own units."""

    @property
    def time_unit(self) -> float:
        """Seconds in one unit of time."""

    @property
    def amount_unit(self) -> float:
        """Moles in one unit of amount."""

    def set_time(self, time: float) -> None:
        """Be the system at a time, s."""

    def time_slope(self, unknowns: Array, ahead: float) -> tuple[Array | float, float]:
        """∂f/∂t per unit of time, a number where nothing changes in time, and that of the outflow.

        Args:
            unknowns: y.
            ahead: Units of time over which differences may be taken.
        """

    def rate(self, unknowns: Array) -> Array:
        """f(y), at the time that was set."""

    def outflow(self, unknowns: Array) -> float:
        """Outflow per time at y."""

    def prepare(self, unknowns: Array, shift: float) -> None:
        """Assemble and factorise shift M − ∂f/∂y, and the outflow's derivative, at y."""

    def solve(self, right_hand_side: Array) -> Array:
        """Apply the inverse of what `prepare` factorised."""

    def mass(self, unknowns: Array) -> Array:
        """M y."""

    def outflow_change(self, increment: Array) -> float:
        """The outflow's derivative at the prepared y, applied to an increment."""

    def leaving(self, by_flux: float, increment: Array) -> float:
        """Amount that leaves in a stage: that of the flux law, or what the increment takes out where none is.

        Args:
            by_flux: The amount that the outflow gives.
            increment: Change of y in the stage.
        """

    def error_norm(self, increment: Array) -> float:
        """The size of an increment that the tolerance is about, over all processes."""

    def settled(self, unknowns: Array) -> Array:
        """Y with the numbers that are in equilibrium with the rest of it solved for.

        Raises:
            SolverError: If there is no equilibrium.
        """

    def mended(self, change: Array, passed: float, step: float) -> Array:
        """The change of y over a step, without what round-off did to its balance with what has passed out."""


class Rosenbrock:
    """One-step method on an implicit system."""

    def __init__(
        self,
        system: ImplicitSystem,
        tolerance: float,
        passage: Passage = _UNCOUNTED,
        stages: Callable[[ImplicitSystem, Tableau], StageLoop] = PlainStages,
    ) -> None:
        """Set up.

        Args:
            system: What to integrate.
            tolerance: Largest error in one step, as the system's norm has it.
            passage: Measure for errors of what leaves.
            stages: Takes the stages of a step.
        """
        self._system = system
        self._tolerance, self._passage = tolerance, passage
        self._tableau = rodaspr2()
        self._stages = stages(system, self._tableau)

    @property
    def order(self) -> int:
        """Order of the error estimate."""
        return self._tableau.order

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""
        system, tableau = self._system, self._tableau
        h = step / system.time_unit
        y = state.unknowns
        shift = 1.0 / (tableau.gamma * h)
        try:
            if self._stages.rests(y, state.time, h):
                return Attempt(state.followed_by(state.time + step, y, state.left), 0.0)
            system.set_time(state.time)
            slope, outward = system.time_slope(y, GLANCE / shift)
            system.prepare(y, shift)
            stages, leaving = self._stages(y, state.time, h, slope, outward)
            passed = float(tableau.weights @ leaving)
            change = system.mended(tableau.weights @ stages, passed, h)
            unknowns = system.settled(y + change)
        except SolverError as failure:
            return Attempt(state, float("nan"), str(failure))
        error = system.error_norm(tableau.error_weights @ stages) / self._tolerance
        unsure = float(tableau.error_weights @ leaving)
        error = max(error, self._passage.error(unsure, passed, h))
        left = state.left + passed * system.amount_unit
        return Attempt(state.followed_by(state.time + step, unknowns, left), error)
