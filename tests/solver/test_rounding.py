from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from oxyshell.solver.rounding import Account, is_round_off
from oxyshell.solver.state import Array

# Two cells that diffuse into each other, and one that only stands by: y' = L y, what leaves is 0.
VOLUMES = np.array([1.0, 3.0, 1.0])
EXCHANGE = 1e8 * np.array([[-1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [0.0, 0.0, 0.0]])
SHIFT = 1e-4


def account(count: Array) -> Account:
    matrix = SHIFT * np.diag(VOLUMES) - EXCHANGE
    amounts = VOLUMES * count
    return Account(amounts, amounts, lambda right: np.linalg.solve(matrix, right), MPI.COMM_SELF)


CELLS = np.array([1.0, 1.0, 0.0])


@pytest.mark.parametrize("lost", [1e-9, -3e-7])
def test_what_round_off_took_from_the_content_comes_back_evenly(lost: float) -> None:
    change = np.array([-0.01, -0.01, 0.5])
    mended = account(CELLS).mended(change, 0.04 + lost, step=1e4)
    assert VOLUMES[:2] @ mended[:2] == pytest.approx(-0.04 - lost, rel=1e-13)
    # Both cells take the same, as diffusion would have it; what stands by takes nothing.
    assert mended[0] - change[0] == pytest.approx(-lost / 4, rel=1e-6)
    assert mended[1] - change[1] == pytest.approx(-lost / 4, rel=1e-6)
    assert mended[2] == 0.5


@pytest.mark.parametrize(("lost", "step"), [(1e-9, 1e-3), (1e-5, 1.0), (-1e-10, 1e-2)])
def test_what_is_no_round_off_stays_for_the_balance_to_find(lost: float, step: float) -> None:
    change = np.array([-0.01, -0.01, 0.5])
    assert account(CELLS).mended(change, 0.04 + lost, step) is change


def test_what_cancels_is_left_alone() -> None:
    change = np.array([-0.01, -0.01, 0.5])
    assert account(CELLS).mended(change, 0.04, step=1e6) is change
    assert not is_round_off(0.0, 1.0, 1.0)
    assert not is_round_off(float("nan"), 1.0, 1.0)


@pytest.mark.parametrize(
    ("lost", "step", "mended"),
    [
        # Below 1e-14 of the room nothing is done, up to 1e-11 it is, in a short step.
        (0.5e-14, 0.0, False),
        (2e-14, 0.0, True),
        (0.9e-11, 0.0, True),
        (1.1e-11, 0.0, False),
        # In a long step, up to 1e-9 for every diffusion time.
        (0.9e-6, 1e3, True),
        (1.1e-6, 1e3, False),
    ],
)
def test_how_much_counts_as_round_off(lost: float, step: float, mended: bool) -> None:
    for sign in (1, -1):
        assert is_round_off(sign * 4.0 * lost, 4.0, step) is mended
