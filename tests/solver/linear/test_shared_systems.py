"""Linear solvers on several processes."""

from __future__ import annotations

import pytest

from tests.processes import MPIEXEC, on_processes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own"),
]

# Small systems are factorised by each process; large ones, where the limit is zero, by all together.
SCRIPT = """
import os
import numpy as np
from mpi4py import MPI
from oxyshell.errors import SolverError
from oxyshell.running import ranks
from petsc4py import PETSc
from oxyshell.solver.linear import krylov

world, size = MPI.COMM_WORLD, 12

def shared(entries):
    matrix = PETSc.Mat().createAIJ((size, size), nnz=size, comm=world)
    put(matrix, entries)
    return matrix

def put(matrix, entries):
    first, end = matrix.getOwnershipRange()
    matrix.setValues(range(first, end), range(size), entries[first:end])
    matrix.assemble()

draw = np.random.default_rng(5)
entries = draw.normal(size=(size, size)) + 20 * np.eye(size)
for krylov.SHARED_FROM in (8000, 0):
    for factorise, one in ((krylov.lu, entries), (krylov.cholesky, entries + entries.T)):
        matrix = shared(one)
        solver = factorise(matrix, "test")
        solver.set_up()
        kind = solver.ksp.getPC().getType()
        assert (kind == "redundant") == (krylov.SHARED_FROM > 0), kind
        right, solution = matrix.createVecs()
        first, end = matrix.getOwnershipRange()
        for factor in (1.0, 0.25):
            put(matrix, factor * one)
            solver.refresh()
            right.array_w[:] = np.arange(first, end)
            solver.solve(right, solution)
            expected = np.linalg.solve(factor * one, np.arange(size))
            # Entries of the solution are of size one, the matrix is well conditioned.
            np.testing.assert_allclose(solution.array_r, expected[first:end], rtol=0, atol=1e-13)
krylov.SHARED_FROM = 8000
matrix = shared(np.ones((size, size)))
solver = krylov.lu(matrix, "occupancy")
solver.set_up()
try:
    solver.solve(*matrix.createVecs())
except SolverError as error:
    # In one piece: texts of two processes may alternate.
    os.write(1, f"refused: {error}\\n".encode())
"""


def test_factorisations_on_two_processes_solve() -> None:
    done = on_processes(2, "-c", SCRIPT)
    assert done.returncode == 0, done.stderr
    # Both find a singular matrix.
    assert done.stdout.count("refused: the linear solver for the occupancy failed") == 2
