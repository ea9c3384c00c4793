"""The algebra of a system M dy/dt = f(y): what the time stepping asks of it, whoever does the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oxyshell.solver.boundary import Boundary
from oxyshell.solver.driving import Drive
from oxyshell.solver.integrators.stages import Staged, StageLoop
from oxyshell.solver.integrators.tableau import Tableau
from oxyshell.solver.state import Array


class Algebra(Protocol):
    """Assembles, factorises and solves. Unknowns are those of this process."""

    def refresh_rate(self) -> None:
        """Take over new values of the constants of f and of the outflow."""

    def reassemble_mass(self) -> None:
        """Follow constants and coefficients of M that have changed."""

    def put(self, unknowns: Array) -> None:
        """Make these the values of the fields."""

    def rate(self, unknowns: Array) -> Array:
        """f(y), with zero rows where unknowns are held at zero; without the surface condition."""

    def prepare(self, unknowns: Array, shift: float, boundary: Boundary) -> None:
        """Assemble and factorise shift M − ∂f/∂y under a surface condition, and the outflow's slope, at y.

        Raises:
            SolverError: If the matrix cannot be factorised.
        """

    def solve(self, right_hand_side: Array) -> Array:
        """Solve with the prepared matrix.

        Raises:
            SolverError: If the factorisation failed. (A NaN passes; the error estimate rejects its step.)
        """

    def amounts(self, unknowns: Array) -> Array:
        """M y without the surface condition."""

    def outflow(self, unknowns: Array) -> float:
        """Outflow per time at y."""

    def present_outflow(self) -> float:
        """Outflow per time with the fields' present values."""

    def outflow_change(self, increment: Array) -> float:
        """The derivative of the outflow at the prepared y, applied to an increment; this process's part."""

    def driven_by(self, drive: Drive) -> Callable[[float], None]:
        """A function that gives what f reads of a drive its values some seconds after the start."""

    def stage_loop(self, system: Staged, tableau: Tableau) -> StageLoop:
        """A loop over the stages of a Rosenbrock step of a system that has this algebra."""
