from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI
from scipy.integrate import quad
from scipy.linalg import expm

from oxyshell.errors import SolverError
from oxyshell.solver.block_system import BlockSystem
from oxyshell.solver.fields import Block
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.state import Array, State

CELLS = 4
# a' = −a + 2b, b' = a − 3b, uniform; the third field has no unknown.
EXCHANGE = np.array([[-1.0, 2.0], [1.0, -3.0]])
START = np.array([1.0, 0.2])


class Exchange(BlockSystem):
    """a at vertices, b in cells where it is solved for, and a field of vertices that stays as it is.

    What leaves per time is ∫a² dx; in `coupled` the fixed field feeds a.
    """

    time_unit = 1.0
    amount_unit = 1.0
    is_compiled = True

    def __init__(self, cells: list[int], vertices: list[int], fed: float = 0.0) -> None:
        line = mesh.create_unit_interval(MPI.COMM_WORLD, CELLS)
        continuous, cellwise = fem.functionspace(line, ("P", 1)), fem.functionspace(line, ("DG", 0))
        functions = [fem.Function(space) for space in (continuous, cellwise, continuous)]
        every = np.arange(CELLS + 1, dtype=np.int32)
        active = [every, np.array(cells, dtype=np.int32), np.array(vertices, dtype=np.int32)]
        blocks = [Block(one, rows) for one, rows in zip(functions, active, strict=True)]
        super().__init__(blocks, self.is_compiled)
        self.functions = functions
        self.pull, self.push = fem.Constant(line, 1.0), fem.Constant(line, 1.0)
        a, b, c = functions
        u, v, w = (ufl.TestFunction(one.function_space) for one in functions)
        rates = [
            (-a + 2 * b + fed * c) * u * ufl.dx,
            (self.push * a - 3 * self.pull * b) * v * ufl.dx,
            -c * w * ufl.dx,
        ]
        masses = [
            ufl.TrialFunction(one.function_space) * test
            for one, test in zip(functions, (u, v, w), strict=True)
        ]
        self.forms = rates, [mass * ufl.dx for mass in masses]
        self.equations(rates, self.forms[1], a**2 * ufl.dx(line))

    def set_time(self, time: float) -> None:
        pass

    def time_slope(self, unknowns: Array, ahead: float) -> tuple[float, float]:
        return 0.0, 0.0

    def error_norm(self, increment: Array) -> float:
        return float(np.abs(increment).max())

    def mended(self, change: Array, passed: float, step: float) -> Array:
        return change

    def settled(self, unknowns: Array) -> Array:
        return unknowns

    def dense(self, row: int, column: int) -> Array:
        """∂f/∂y of two fields, over all their degrees of freedom, by DOLFINx."""
        other = self.functions[column]
        slope = ufl.derivative(self.forms[0][row], other, ufl.TrialFunction(other.function_space))
        return np.asarray(fem.assemble_matrix(fem.form(slope)).to_dense())


@pytest.fixture(params=["compiled", "petsc"], autouse=True)
def algebra(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test is one of both ways to assemble and solve."""
    monkeypatch.setattr(Exchange, "is_compiled", request.param == "compiled")


def everywhere(fed: float = 0.0) -> Exchange:
    return Exchange(list(range(CELLS)), [], fed)


def marched(system: Exchange, steps: int, end: float = 1.0) -> State:
    method = Rosenbrock(system, 1.0)
    state = State(0.0, np.repeat(START, [CELLS + 1, CELLS]), 0.0)
    for _ in range(steps):
        state = method.attempt(state, end / steps).state
    return state


def test_uniform_fields_follow_their_ordinary_equations_with_order_four() -> None:
    system = everywhere()
    exact = expm(EXCHANGE) @ START
    left = quad(lambda t: (expm(EXCHANGE * t) @ START)[0] ** 2, 0, 1, epsabs=1e-14)[0]
    ends = [marched(system, steps) for steps in (32, 64)]
    errors = np.array([[*np.abs(state.unknowns[[0, -1]] - exact), abs(state.left - left)] for state in ends])
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4.0, abs=0.2)
    assert np.ptp(ends[1].unknowns[: CELLS + 1]) < 1e-14


def test_a_cell_that_is_not_solved_for_keeps_its_value_and_acts_on_the_others() -> None:
    system = Exchange([1, 3], [])
    assert system.spans == [slice(0, 5), slice(5, 7), slice(7, 7)]
    assert system.size == 7
    system.functions[1].x.array[:] = [5.0, 0.0, 7.0, 0.0]
    y = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 0.1, 0.2])
    found = system.rate(y)
    assert list(system.functions[1].x.array) == [5.0, 0.1, 7.0, 0.2]
    values = [y[:5], np.array([5.0, 0.1, 7.0, 0.2])]
    full = [sum(system.dense(i, j) @ values[j] for j in (0, 1)) for i in (0, 1)]
    assert found == pytest.approx(np.concatenate([full[0], full[1][[1, 3]]]), rel=1e-14)


def test_solving_inverts_what_was_prepared_among_the_active_unknowns() -> None:
    system = Exchange([0, 2], [0, 4], fed=0.7)
    y = np.linspace(0.1, 0.9, system.size)
    shift = 2.5
    system.prepare(y, shift)
    solution = system.solve(np.arange(1.0, system.size + 1))
    parts: list[Any] = [np.arange(5), [0, 2], [0, 4]]
    jacobian = np.block(
        [[system.dense(i, j)[np.ix_(parts[i], parts[j])] for j in range(3)] for i in range(3)]
    )
    assert shift * system.mass(solution) - jacobian @ solution == pytest.approx(
        np.arange(1.0, system.size + 1), rel=1e-12
    )
    # M is that of every field by itself: all vertices, two cells, and the two ends of the third.
    whole = system.mass(np.ones(system.size))
    assert whole[:5].sum() == pytest.approx(1.0, rel=1e-14)
    assert whole[5:7] == pytest.approx([0.25, 0.25], rel=1e-14)
    assert whole[7:] == pytest.approx([0.25 / 3, 0.25 / 3], rel=1e-14)


def test_the_outflow_s_change_is_its_derivative_at_the_prepared_values() -> None:
    system = everywhere()
    y = np.linspace(0.1, 0.9, system.size)
    system.prepare(y, 1.0)
    rng = np.random.default_rng(1)
    increment = rng.normal(size=system.size)
    # Of a square the central difference is exact.
    difference = (system.outflow(y + increment) - system.outflow(y - increment)) / 2
    assert system.outflow_change(increment) == pytest.approx(difference, rel=1e-12)


def test_a_field_without_unknowns_has_no_equation_but_may_act() -> None:
    idle, fed = everywhere(), everywhere(fed=0.5)
    for system in (idle, fed):
        system.functions[2].x.array[:] = 4.0
    y = np.repeat(START, [CELLS + 1, CELLS])
    gained = (fed.rate(y) - idle.rate(y))[: CELLS + 1]
    # 0.5 · 4 on the whole interval.
    assert gained.sum() == pytest.approx(2.0, rel=1e-13)
    assert np.array_equal(fed.rate(y)[CELLS + 1 :], idle.rate(y)[CELLS + 1 :])
    assert list(fed.functions[2].x.array) == [4.0] * (CELLS + 1)


def test_new_values_of_constants_reach_rate_and_matrix() -> None:
    system = everywhere()
    y = np.repeat(START, [CELLS + 1, CELLS])
    before = system.rate(y)[-CELLS:]
    system.pull.value = 2.0
    system.refresh_rate()
    # 3 b over a quarter of the interval more.
    assert system.rate(y)[-CELLS:] - before == pytest.approx([-0.25 * 3 * 0.2] * CELLS, rel=1e-13)
    exact = expm(EXCHANGE - np.diag([0.0, 3.0])) @ START
    assert marched(system, 16).unknowns[[0, -1]] == pytest.approx(exact, rel=1e-5)


def test_a_singular_matrix_is_an_error() -> None:
    system = everywhere()
    # Without a shift, and without what changes it, b has no equation.
    system.pull.value = system.push.value = 0.0

    def solve() -> None:
        system.prepare(np.ones(system.size), 0.0)
        system.solve(np.ones(system.size))

    with pytest.raises(SolverError, match=r"linear solver failed|cannot be factorised"):
        solve()
