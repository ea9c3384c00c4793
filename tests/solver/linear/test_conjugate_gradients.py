from __future__ import annotations

import numpy as np
import pytest
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.solver.linear import conjugate_gradients
from oxyshell.solver.linear.conjugate_gradients import ConjugateGradients

SIZE = 40
# Each iteration takes the energy of the error down to about 0.3, as the thin layers of a solid have it.
ENTRIES = 2.3 * np.eye(SIZE) - np.eye(SIZE, k=1) - np.eye(SIZE, k=-1)
WHOLE = slice(None)


def matrix(entries: np.ndarray) -> PETSc.Mat:
    size = len(entries)
    result = PETSc.Mat().createDense((size, size), comm=PETSc.COMM_SELF)
    result.setValues(range(size), range(size), entries)
    result.assemble()
    return result


def vector(entries: np.ndarray) -> PETSc.Vec:
    return PETSc.Vec().createWithArray(np.array(entries), comm=PETSc.COMM_SELF)


def solver(operator: PETSc.Mat) -> ConjugateGradients:
    preconditioner = PETSc.PC().create(PETSc.COMM_SELF)
    preconditioner.setOperators(operator)
    preconditioner.setType(PETSc.PC.Type.JACOBI)
    return ConjugateGradients(operator, preconditioner, "test")


def solution_of(gradients: ConjugateGradients, right: np.ndarray) -> np.ndarray:
    found = vector(np.full(len(right), np.nan))  # what was there before does not count
    gradients.solve(vector(right), found)
    return np.array(found.array_r)


def energy(values: np.ndarray) -> float:
    return float(values @ ENTRIES @ values)


@pytest.fixture
def drawn() -> list[np.ndarray]:
    return list(np.random.default_rng(5).normal(size=(4, SIZE)))


def test_nothing_known_and_no_error_allowed_is_solved_to_1e_9(drawn: list[np.ndarray]) -> None:
    exact = drawn[0]
    found = solution_of(solver(matrix(ENTRIES)), ENTRIES @ exact)
    # In the norm of energy; the series that estimates it may be off by its own length.
    assert energy(found - exact) ** 0.5 < 3e-9 * energy(exact) ** 0.5


def test_the_energy_of_what_is_left_is_what_is_allowed(
    drawn: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    def largest_share() -> float:
        shares = []
        for exact in drawn:
            for error in (1e-2, 1e-4, 1e-6):
                gradients = solver(matrix(ENTRIES))
                gradients.expect((), WHOLE, error)
                shares.append(energy(solution_of(gradients, ENTRIES @ exact) - exact) ** 0.5 / error)
        return max(shares)

    # The estimate takes the last two energies for all to come.
    assert 0.2 < largest_share() < 2
    monkeypatch.setattr(conjugate_gradients, "_FASTEST", 1e-3)
    monkeypatch.setattr(conjugate_gradients, "_SLOWEST", 1e-3)
    assert largest_share() > 2


def test_a_combination_of_known_solutions_takes_one_iteration(drawn: list[np.ndarray]) -> None:
    gradients = solver(matrix(ENTRIES))
    one, two, *_ = drawn
    # Nearly parallel, as those of steps that follow each other are.
    gradients.expect(
        [np.concatenate([[7.0], known]) for known in (one, one + 1e-4 * two)], slice(1, None), 0.0
    )
    exact = 2 * one + 1e-3 * two
    found = solution_of(gradients, ENTRIES @ exact)
    assert gradients.iterations == 1
    assert energy(found - exact) ** 0.5 < 1e-9 * energy(exact) ** 0.5
    # What was found is known, what is expected no more is not.
    solution_of(gradients, ENTRIES @ (exact - one))
    assert gradients.iterations == 2
    gradients.expect((), WHOLE, 0.0)
    solution_of(gradients, ENTRIES @ exact)
    assert gradients.iterations > 10


def test_the_start_has_the_least_error_of_all_combinations(drawn: list[np.ndarray]) -> None:
    exact, *known = drawn
    gradients = solver(matrix(ENTRIES))
    for one in known:
        gradients.know(one)
    start = vector(np.zeros(SIZE))
    gradients._begin(vector(ENTRIES @ exact), start)
    error = start.array_r - exact
    for direction in known:
        assert direction @ ENTRIES @ error == pytest.approx(0.0, abs=1e-10)


def test_products_follow_the_matrix(drawn: list[np.ndarray]) -> None:
    operator, known = matrix(ENTRIES), drawn[:2]
    gradients = solver(operator)
    gradients.expect(known, WHOLE, 0.0)
    solution_of(gradients, ENTRIES @ known[0])
    operator.scale(3.0)
    gradients.refresh()
    found = solution_of(gradients, 3 * ENTRIES @ known[1])
    assert gradients.iterations == 2
    assert found == pytest.approx(known[1], rel=1e-9)


def test_a_known_solution_that_is_named_again_gives_the_same_to_the_last_bit(drawn: list[np.ndarray]) -> None:
    exact, *known = drawn
    again, anew = solver(matrix(ENTRIES)), solver(matrix(ENTRIES))
    again.expect(known[:2], WHOLE, 0.0)
    solution_of(again, ENTRIES @ drawn[3])
    results = []
    for gradients in (again, anew):
        gradients.expect([known[1], known[0]], WHOLE, 1e-3)
        results.append(solution_of(gradients, ENTRIES @ exact))
    np.testing.assert_array_equal(results[0], results[1])


def test_nothing_on_the_right_gives_nothing() -> None:
    gradients = solver(matrix(ENTRIES))
    assert not solution_of(gradients, np.zeros(SIZE)).any()
    assert gradients.iterations == 0


def test_the_energy_of_a_solution_is_estimated_by_the_preconditioner() -> None:
    diagonal = np.linspace(1.0, 9.0, SIZE)
    exact = np.linspace(-1.0, 2.0, SIZE)
    gradients = solver(matrix(np.diag(diagonal)))
    assert gradients.energy(vector(diagonal * exact)) == pytest.approx(float(diagonal @ exact**2), rel=1e-14)


def test_what_is_not_definite_or_does_not_converge_is_an_error(
    drawn: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SolverError, match="for the test is not positive definite"):
        solution_of(solver(matrix(-ENTRIES)), drawn[0])
    with pytest.raises(SolverError, match="for the test is not positive definite"):
        solution_of(solver(matrix(ENTRIES)), np.full(SIZE, np.nan))
    monkeypatch.setattr(conjugate_gradients, "_LIMIT", 3)
    with pytest.raises(SolverError, match="for the test did not converge"):
        solution_of(solver(matrix(ENTRIES)), drawn[0])
