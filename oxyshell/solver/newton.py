"""Newton's method for one conserved field, with the numbers that stand in its equations."""

from __future__ import annotations

import math
from typing import Any

from dolfinx import fem
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.solver.assembly import Matrix, Vector, largest, owned
from oxyshell.solver.bordering import Numbers
from oxyshell.solver.boundary import Boundary, FluxBoundary
from oxyshell.solver.linear.krylov import LinearSolver

_LIMIT = 12
# Content that one step may lose, as a share of what there is room for: far below what a balance of 1e-10
# notices.
_LOSS_LIMIT = 1e-14


# Changes that are foreseen may be larger by this.
_SURE = 10.0
# A new matrix costs as much as so many iterations with the one at hand.
_WORTH = 4


def _is_slow(contraction: float, excess: float) -> bool:
    """Whether a new matrix is cheaper than the iterations that the one at hand would still need.

    Args:
        contraction: Ratio of the residuals after and before the last iteration.
        excess: Ratio of what is left to what may be left.
    """
    return contraction >= 1 or contraction**_WORTH * excess > 1


class FieldNewton:
    """Solves R(θ, n) = 0 for a field, and the numbers' own equations, with as few matrices as pay.

    Attributes:
        boundary: The surface condition in force.
    """

    def __init__(
        self,
        theta: fem.Function,
        residual: Vector,
        jacobian: Matrix,
        solver: LinearSolver,
        numbers: Numbers[Any],
        what: str,
    ) -> None:
        """Set up.

        Args:
            theta: θ.
            residual: R: lead times the content, and the rest.
            jacobian: ∂R/∂θ.
            solver: Solves with it.
            numbers: n; there may be none.
            what: Name of the field, for messages.
        """
        self._theta, self._residual, self._jacobian = theta, residual, jacobian
        self._solver, self._numbers, self._what = solver, numbers, what
        self._comm = theta.function_space.mesh.comm
        self._change = residual.vector.duplicate()
        self.boundary: Boundary = FluxBoundary()

    def solve(self, lead: float, room: float, tolerance: float, new_step: bool) -> None:
        """Solve from the present values on: the guess is close.

        It stops when the content that the residual would lose is small, and so is the last change, or the
        next one as the residual lets it expect. The matrix is made anew where changes fall slowly.

        Args:
            lead: Factor of θ in the residual, per time unit.
            room: Content that there is room for.
            tolerance: Largest change of θ that may be left out.
            new_step: Whether it is made anew at once.

        Raises:
            SolverError: If it does not converge.
        """
        theta, numbers = owned(self._theta), self._numbers
        size, former = math.inf, 0.0
        for iteration in range(_LIMIT):
            numbers.settle()
            residual = self._residual()
            self.boundary.constrain_residual(residual.array_w, theta)
            lost = abs(residual.sum()) / lead
            if not math.isfinite(lost):
                raise SolverError(f"the {self._what} is no longer finite")
            norm = residual.norm()
            contraction = norm / former if former else 0.0
            # What another iteration would change; equations of numbers are not in the norm unless they hold.
            left = min(size, _SURE * contraction * size) if numbers.all_settle else size
            is_kept = lost <= _LOSS_LIMIT * room or size <= numbers.round_off
            if left <= tolerance and is_kept:
                return
            excess = max(left / tolerance, lost / (_LOSS_LIMIT * room))
            if (new_step and iteration == 0) or (iteration > 0 and _is_slow(contraction, excess)):
                self._factorise()
                numbers.prepare(self._solver.solve, self.boundary)
            former = norm
            self._solver.solve(residual, self._change)
            renumbered = numbers.correct(self._change)
            theta -= self._change.array_r
            self._theta.x.scatter_forward()
            size = max(largest(self._change.array_r, self._comm), renumbered)
            if not math.isfinite(size):
                raise SolverError(f"the {self._what} is no longer finite")
        raise SolverError(f"Newton's method for the {self._what} did not converge")

    def _factorise(self) -> None:
        matrix = self._jacobian()
        # A factorisation that has failed cannot be taken up again. The largest sum of a row would pass over
        # what is not a number.
        if not math.isfinite(matrix.norm(PETSc.NormType.FROBENIUS)):
            raise SolverError(f"the equations of the {self._what} are no longer finite")
        self.boundary.constrain_matrix(matrix)
        self._solver.refresh()
