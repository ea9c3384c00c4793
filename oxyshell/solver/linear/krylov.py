"""Krylov methods and factorisations of matrices that stay or change, chosen by size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.solver.linear.line_smoother import LineSolves
from oxyshell.solver.state import Array

SHARED_FROM = 8_000
"""Up to this number of unknowns, what processes say to each other takes longer than to solve all alone."""


class LinearSolver:
    """A PETSc Krylov solver or factorisation with its own options, and an error when it fails."""

    def __init__(self, matrix: PETSc.Mat, options: Mapping[str, Any], what: str) -> None:
        """Set up.

        Args:
            matrix: The operator.
            options: PETSc options without prefix.
            what: What is solved for, for the error message.
        """
        self._what = what
        self.ksp: PETSc.KSP = PETSc.KSP().create(matrix.comm)
        self.ksp.setOperators(matrix)
        prefix = f"oxyshell_{id(self):x}_"
        self.ksp.setOptionsPrefix(prefix)
        database = PETSc.Options()
        for name, value in options.items():
            database[prefix + name] = value
        self.ksp.setFromOptions()
        self._prefix, self._options = prefix, options
        self.iterations = 0

    def set_up(self) -> None:
        """Factorise or build the preconditioner now."""
        self.ksp.setUp()
        database = PETSc.Options()
        for name in self._options:
            database.delValue(self._prefix + name)

    def refresh(self) -> None:
        """Follow a matrix that has been assembled anew."""
        self.ksp.setOperators(self.ksp.getOperators()[0])

    def expect(self, sources: Sequence[Array], part: slice, error: float) -> None:
        """Prepare for solutions near known ones, see `ConjugateGradients`; a factorisation ignores them."""

    def know(self, values: Array) -> None:
        """Add a solution to the known ones, likewise."""

    def energy(self, right: PETSc.Vec) -> float:
        """An estimate of bᵀA⁻¹b where errors are measured by it; 0 where they are not."""
        return 0.0

    def solve(self, right: PETSc.Vec, solution: PETSc.Vec) -> None:
        """Solve; `solution` is the initial guess of an iterative solver.

        Raises:
            SolverError: If the solver did not converge or the factorisation failed.
        """
        self.ksp.solve(right, solution)
        self.iterations += self.ksp.getIterationNumber()
        reason = self.ksp.getConvergedReason()
        if reason < 0:
            raise SolverError(f"the linear solver for the {self._what} failed (PETSc reason {reason})")


def cholesky(matrix: PETSc.Mat, what: str) -> LinearSolver:
    """Sparse Cholesky factorisation by MUMPS, METIS ordering; the matrix has to be positive definite."""
    matrix.setOption(PETSc.Mat.Option.SPD, True)
    return LinearSolver(matrix, _factorisation(matrix, "cholesky") | {"ksp_type": "preonly"}, what)


def lu(matrix: PETSc.Mat, what: str) -> LinearSolver:
    """Sparse LU factorisation by MUMPS."""
    return LinearSolver(matrix, _factorisation(matrix, "lu") | {"ksp_type": "preonly"}, what)


def _factorisation(matrix: PETSc.Mat, kind: str) -> dict[str, Any]:
    options: dict[str, Any] = {"pc_type": kind, "pc_factor_mat_solver_type": "mumps"}
    if kind == "cholesky":
        options["mat_mumps_icntl_7"] = 5
    return options if matrix.getSize()[0] > SHARED_FROM else by_each_process(options, matrix.comm.size)


def by_each_process(options: Mapping[str, Any], processes: int) -> dict[str, Any]:
    """PETSc options by which each process factorises and solves the whole.

    Args:
        options: How one process does it.
        processes: Their number.
    """
    if processes == 1:
        return dict(options)
    return {"pc_type": "redundant"} | {f"redundant_{name}": value for name, value in options.items()}


def jacobi(matrix: PETSc.Mat, what: str, tolerance: float) -> LinearSolver:
    """CG with Jacobi, for mass matrices."""
    options = {
        "ksp_type": "cg",
        "pc_type": "jacobi",
        "ksp_rtol": tolerance,
        "ksp_max_it": 2000,
        "ksp_initial_guess_nonzero": True,
    }
    return LinearSolver(matrix, options, what)


class LineKrylov(LinearSolver):
    """BiCGStab preconditioned by exact solves along radial lines, for diffusion with drift."""

    def __init__(self, matrix: PETSc.Mat, lines: npt.NDArray[np.int64], what: str, tolerance: float) -> None:
        """Set up.

        Args:
            matrix: The assembled operator.
            lines: Line of each node, as `radial_lines` has them.
            what: What is solved for, for the error message.
            tolerance: Relative residual.
        """
        options = {
            "ksp_type": "bcgs",
            "ksp_rtol": tolerance,
            "ksp_max_it": 1000,
        }
        super().__init__(matrix, options, what)
        self._lines = LineSolves(matrix, lines, 1, symmetric=False)
        self._lines.attach(self.ksp.getPC())

    def refresh(self) -> None:
        """Follow a matrix that has been assembled anew."""
        self._lines.refresh()
        super().refresh()
