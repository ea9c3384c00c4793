from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver.linear import krylov, multigrid
from oxyshell.solver.settings import LinearSolverChoice
from tests.lrmo import CURRENT, LRMO
from tests.models.particle.charging import SPLIT, discretised
from tests.models.particle.test_strategies import AS_FORMULAS, LAYERED


def matrix(entries: list[list[float]]) -> PETSc.Mat:
    size = len(entries)
    result = PETSc.Mat().createAIJ((size, size), nnz=size, comm=PETSc.COMM_SELF)
    result.setValues(range(size), range(size), np.array(entries))
    result.assemble()
    return result


def vector(entries: list[float]) -> PETSc.Vec:
    return PETSc.Vec().createWithArray(np.array(entries), comm=PETSc.COMM_SELF)


@pytest.mark.parametrize("factorise", [krylov.cholesky, krylov.lu])
def test_factorisations_solve(factorise: Callable[[PETSc.Mat, str], krylov.LinearSolver]) -> None:
    operator = matrix([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]])
    solver = factorise(operator, "test")
    solver.set_up()
    solution = vector([0.0, 0.0, 0.0])
    solver.solve(vector([6.0, 10.0, 8.0]), solution)
    assert solution.array_r == pytest.approx([1.0, 2.0, 3.0], rel=1e-14)


def test_an_iterative_solver_that_does_not_converge_is_an_error() -> None:
    solver = krylov.LinearSolver(
        matrix([[1.0, 2.0], [2.0, 1.0]]),
        {"ksp_type": "richardson", "pc_type": "none", "ksp_max_it": 5},
        "ions",
    )
    solver.set_up()
    with pytest.raises(SolverError, match="linear solver for the ions failed"):
        solver.solve(vector([1.0, 0.0]), vector([0.0, 0.0]))


def test_a_singular_matrix_is_an_error() -> None:
    solver = krylov.lu(matrix([[1.0, 2.0], [2.0, 4.0]]), "occupancy")
    solver.set_up()
    with pytest.raises(SolverError, match="linear solver for the occupancy failed"):
        solver.solve(vector([1.0, 0.0]), vector([0.0, 0.0]))


def test_solvers_leave_no_options_behind() -> None:
    solver = krylov.lu(matrix([[1.0, 0.0], [0.0, 4.0]]), "occupancy")
    solver.set_up()
    assert not [name for name in PETSc.Options().getAll() if name.startswith("oxyshell_")]


@pytest.mark.parametrize(
    ("model", "limit"),
    [(LRMO, 25_000), (LAYERED, 25_000), (AS_FORMULAS, 25_000), (AS_FORMULAS, 0)],
    ids=["isotropic", "layered", "changing", "aggregated"],
)
def test_multigrid_and_factorisation_agree(
    model: ParticleModel, limit: int, eighth: ParticleMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multigrid, "_COARSE_DIRECT_LIMIT", limit)
    states = {}
    for choice in (LinearSolverChoice.DIRECT, LinearSolverChoice.MULTIGRID):
        strategy = discretised(eighth, model, SPLIT, linear_solver=choice)
        system = strategy.system
        system.update(replace(model, exchange=IonExchange(extraction=CURRENT)))
        state = system.initial_state(0.999)
        for _ in range(3):
            state = strategy.method(1e-3).attempt(state, 1000.0).state
        states[choice] = state
    direct, iterated = states.values()
    # Unknowns are of the size 0.01 (displacement) to 1; φ and u are solved to 1e-5 of themselves.
    assert np.ptp(direct.unknowns[:100]) > 0.05
    assert iterated.unknowns == pytest.approx(direct.unknowns, abs=2e-6)
