"""LU of a matrix that changes at every step."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.solver.state import Array

# PETSc's own LU does not pivot: fast below about this many unknowns, inaccurate far above.
_SMALL = 1500
# Share of a right-hand side that a solution may leave; well-conditioned systems leave a hundredth of it.
_ROUND_OFF = 1e-11


class DirectSolver:
    """LU of a matrix that changes at every step, on NumPy arrays; with pivoting if large, or if need be."""

    def __init__(self, matrix: PETSc.Mat, size: int, total: int) -> None:
        """Set up; `factorise` has to follow.

        Args:
            matrix: A matrix with the pattern of those to come.
            size: Rows of this process.
            total: Rows of all.
        """
        comm = matrix.comm
        # PETSc vectors in memory of ours, which costs less to write to.
        self._right_values, self._solution_values, self._product_values = (np.zeros(size) for _ in range(3))
        self._right, self._solution, self._product = (
            PETSc.Vec().createWithArray(values, comm=comm)
            for values in (self._right_values, self._solution_values, self._product_values)
        )
        self._is_small = total <= _SMALL and comm.size == 1
        pivoting = _direct(matrix, PETSc.Mat.SolverType.MUMPS)
        self._pivoting, self._quick = pivoting, pivoting
        if self._is_small:
            self._quick = _direct(matrix, PETSc.Mat.SolverType.PETSC)
            self._quick.getPC().setFactorOrdering(PETSc.Mat.OrderingType.RCM)
        self._solver, self._is_checked = self._quick, True
        self._matrix = matrix
        self._comm = matrix.comm.tompi4py() if matrix.comm.size > 1 else None
        self._is_begun = self._is_small

    def factorise(self, matrix: PETSc.Mat) -> None:
        """Factorise a matrix, at the latest when something is solved that is not zero.

        By the first one the package chooses its order, so that this is the first one of every run.
        """
        self._matrix = matrix
        self._solver, self._is_checked = self._quick, not self._is_small
        self._solver.setOperators(matrix)
        if not self._is_begun:
            self._is_begun = True
            self._solver.setUp()

    def solve(self, right_hand_side: Array) -> Array:
        """Solve with what was factorised.

        Raises:
            SolverError: If the factorisation failed. (A NaN passes; the error estimate rejects its step.)
        """
        if self._is_zero(right_hand_side):
            return np.zeros_like(self._solution_values)
        self._right_values[:] = right_hand_side
        self._apply()
        if not self._is_checked:
            self._is_checked = True
            if self._is_poor():
                # Without what an earlier matrix has left: a run that is resumed has not met it.
                self._pivoting.reset()
                self._pivoting.setOperators(self._matrix)
                self._solver = self._pivoting
                self._apply()
        return self._solution_values.copy()

    def _is_zero(self, values: Array) -> bool:
        """Whether nothing is to be solved, on all processes; a NaN is something."""
        own = not values.any()
        return own if self._comm is None else bool(self._comm.allreduce(own, MPI.LAND))

    def _apply(self) -> None:
        self._solver.solve(self._right, self._solution)
        reason = self._solver.getConvergedReason()
        if reason < 0:
            raise SolverError(f"the linear solver failed (reason {reason})")

    def _is_poor(self) -> bool:
        """Whether factors without pivoting leave more of a right-hand side than round-off."""
        self._matrix.mult(self._solution, self._product)
        left = float(np.max(np.abs(self._right_values - self._product_values), initial=0.0))
        return left > _ROUND_OFF * float(np.max(np.abs(self._right_values), initial=0.0))

    def multiplied(self, matrix: PETSc.Mat, values: Array) -> Array:
        """A matrix of the same size times some values."""
        self._right_values[:] = values
        matrix.mult(self._right, self._solution)
        return self._solution_values.copy()


def _direct(matrix: PETSc.Mat, package: str) -> PETSc.KSP:
    solver = PETSc.KSP().create(matrix.comm)
    solver.setOperators(matrix)
    solver.setType(PETSc.KSP.Type.PREONLY)
    factors = solver.getPC()
    factors.setType(PETSc.PC.Type.LU)
    factors.setFactorSolverType(package)
    return solver
