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
