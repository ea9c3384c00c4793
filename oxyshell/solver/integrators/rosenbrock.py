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
from oxyshell.solver.integrators.stages import PlainStages, StageLoop
from oxyshell.solver.integrators.tableau import Tableau, rodaspr2
from oxyshell.solver.state import Array, Attempt, State

# Over this share of a step the change of f with time is measured; what drives it is linear in time.
_GLANCE = 1e-3
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

    def time_slope(self, unknowns: Array, ahead: float) -> Array | float:
        """∂f/∂t per unit of time; where need be, by a difference over some units of time ahead."""

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
            system.set_time(state.time)
            ahead = _GLANCE / shift
            slope = system.time_slope(y, ahead)
            outward = 0.0 if isinstance(slope, float) else self._outflow_slope(state, ahead)
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

    def _outflow_slope(self, state: State, ahead: float) -> float:
        """Change of the outflow with time alone, by a difference over some units of time ahead."""
        system, before = self._system, self._system.outflow(state.unknowns)
        system.set_time(state.time + ahead * system.time_unit)
        slope = (system.outflow(state.unknowns) - before) / ahead
        system.set_time(state.time)
        return slope
