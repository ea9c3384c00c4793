from __future__ import annotations

import numpy as np
import pytest
from petsc4py import PETSc

from oxyshell.solver.linear.direct import DirectSolver


def matrix(entries: np.ndarray) -> PETSc.Mat:
    size = len(entries)
    result = PETSc.Mat().createAIJ((size, size), nnz=size, comm=PETSc.COMM_SELF)
    result.setValues(range(size), range(size), entries)
    result.assemble()
    return result


@pytest.mark.parametrize("pivot", 10.0 ** -np.arange(3, 10, 0.25))
def test_a_small_pivot_costs_no_more_than_1e_11_of_the_right_hand_side(pivot: float) -> None:
    # Eliminated in this order, it leaves a 1e-16th over the pivot.
    entries = np.array([[pivot, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 2.0]])
    operator = matrix(entries)
    solver = DirectSolver(operator, 3, 3)
    solver.factorise(operator)
    right = np.array([1.0, 2.0, 3.3])
    assert np.abs(entries @ solver.solve(right) - right).max() < 1e-11 * right.max()


def test_zero_is_solved_for_without_factors_and_a_nan_is_not_zero() -> None:
    singular = matrix(np.zeros((2, 2)))
    solver = DirectSolver(singular, 2, 2)
    solver.factorise(singular)
    assert not solver.solve(np.zeros(2)).any()
    operator = matrix(np.eye(2))
    solver = DirectSolver(operator, 2, 2)
    solver.factorise(operator)
    assert np.isnan(solver.solve(np.array([0.0, np.nan]))).any()
