"""Conjugate gradients that begin at the best combination of known solutions and stop by energy."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.solver.state import Array

_LIMIT = 500
# Where no error is allowed, one of this size is left, as a share of the solution in the norm of energy.
_LEAST = 1e-9
# Known solutions are nearly parallel: below this, what tells them apart is round-off.
_ALIKE = 1e-12
# By how much one iteration takes the energy of the error down, least and most. The first one of a solve has
# none to compare with: p-multigrid takes it to an eighth, over all iterations of a solve from nothing.
_FASTEST, _SLOWEST = 0.12, 0.9


class _Known:
    """A known solution, and what the matrix makes of it."""

    def __init__(self, solution: PETSc.Vec, source: Array | None = None) -> None:
        self.solution, self.source = solution, source
        self._product: PETSc.Vec | None = None

    def product(self, matrix: PETSc.Mat) -> PETSc.Vec:
        if self._product is None:
            self._product = matrix.createVecLeft()
            matrix.mult(self.solution, self._product)
        return self._product

    def forget_product(self) -> None:
        self._product = None


class ConjugateGradients:
    """Preconditioned conjugate gradients for a symmetric positive definite matrix.

    They begin at the combination of known solutions whose error has the least energy, eᵀAe: their Galerkin
    projection (Fischer, Comput. Methods Appl. Mech. Eng. 163 (1998) 193). Each iteration takes α rᵀz off the
    energy of the error (Hestenes & Stiefel, J. Res. Natl. Bur. Stand. 49 (1952) 409; Strakoš & Tichý,
    Electron. Trans. Numer. Anal. 13 (2002) 56); what is left is estimated by the geometric series that the
    last two of them begin. The preconditioner is not applied once more to see that.

    Attributes:
        iterations: How many there have been.
    """

    def __init__(self, matrix: PETSc.Mat, preconditioner: PETSc.PC, what: str) -> None:
        """Set up.

        Args:
            matrix: The matrix.
            preconditioner: A symmetric positive definite one.
            what: What is solved for, for messages.
        """
        self._matrix, self._preconditioner, self._what = matrix, preconditioner, what
        self._residual, self._direction, self._product, self._corrected = (
            matrix.createVecLeft() for _ in range(4)
        )
        self._known: list[_Known] = []
        self._allowed = 0.0
        self.iterations = 0

    def refresh(self) -> None:
        """Follow a matrix that has changed."""
        for one in self._known:
            one.forget_product()

    def expect(self, sources: Sequence[Array], part: slice, error: float) -> None:
        """Prepare for solutions near known ones, in place of what was known before.

        Args:
            sources: Arrays of this process that hold the known solutions, and never change: of the same
                object the product with the matrix is kept.
            part: Where in them the solutions are.
            error: Largest error of the solutions to come, in the norm of energy.
        """
        before = self._known
        self._known, self._allowed = [], error**2
        for source in sources:
            kept = next((one for one in before if one.source is source), None)
            self._known.append(kept or self._copied(source[part], source))

    def know(self, values: Array) -> None:
        """Add a solution to the known ones; a copy is kept."""
        self._known.append(self._copied(values))

    def energy(self, right: PETSc.Vec) -> float:
        """The energy of the solution, bᵀA⁻¹b, as the preconditioner estimates it."""
        self._preconditioner.apply(right, self._corrected)
        return float(right.dot(self._corrected))

    def solve(self, right: PETSc.Vec, solution: PETSc.Vec) -> None:
        """Solve; what `solution` holds does not matter. The solution joins those that are known.

        Raises:
            SolverError: If the iteration does not converge, or matrix or preconditioner are not definite.
        """
        matrix, residual, corrected = self._matrix, self._residual, self._corrected
        direction, product = self._direction, self._product
        energy, slope, taken = self._begin(right, solution), 0.0, 0.0
        for iteration in range(_LIMIT):
            self._preconditioner.apply(residual, corrected)
            before, slope = slope, residual.dot(corrected)
            if slope == 0.0:
                break
            if iteration == 0:
                corrected.copy(direction)
            else:
                direction.aypx(slope / before, corrected)
            matrix.mult(direction, product)
            bend = direction.dot(product)
            if not (slope > 0.0 and bend > 0.0 and math.isfinite(slope / bend)):
                raise SolverError(f"the linear system for the {self._what} is not positive definite")
            self.iterations += 1
            length = slope / bend
            solution.axpy(length, direction)
            residual.axpy(-length, product)
            earlier, taken = taken, length * slope
            energy += taken
            ratio = min(max(taken / earlier, _FASTEST), _SLOWEST) if earlier else _FASTEST
            if taken * ratio / (1 - ratio) <= max(self._allowed, _LEAST**2 * energy):
                break
        else:
            raise SolverError(f"the linear solver for the {self._what} did not converge")
        self.know(solution.array_r)

    def _begin(self, right: PETSc.Vec, solution: PETSc.Vec) -> float:
        """Make the solution the best combination of known ones; returns its energy."""
        right.copy(self._residual)
        solution.set(0.0)
        if not self._known:
            return 0.0
        known = [one.solution for one in self._known]
        products = [one.product(self._matrix) for one in self._known]
        pairs = [(one, product) for i, one in enumerate(known) for product in products[: i + 1]]
        found = _dots([*pairs, *((one, right) for one in known)])
        wanted, energies = found[len(pairs) :], np.zeros((len(known), len(known)))
        energies[np.tril_indices(len(known))] = found[: len(pairs)]
        shares = np.linalg.lstsq(energies + np.tril(energies, -1).T, wanted, rcond=_ALIKE)[0]
        for share, one, product in zip(shares, known, products, strict=True):
            solution.axpy(share, one)
            self._residual.axpy(-share, product)
        return float(wanted @ shares)

    def _copied(self, values: Array, source: Array | None = None) -> _Known:
        solution = self._matrix.createVecRight()
        solution.array_w[:] = values
        return _Known(solution, source)


def _dots(pairs: Sequence[tuple[PETSc.Vec, PETSc.Vec]]) -> Array:
    """Products of vectors, in one reduction.

    PETSc's products of one vector with several round as their addresses happen to be.
    """
    for one, other in pairs:
        one.dotBegin(other)
    return np.array([one.dotEnd(other) for one, other in pairs])
