"""The scheme of the peers in three dimensions, on problems with a known solution."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.octant.march import March, conjugate_gradients
from benchmarks.octant.problem import Array, Charge, Mesh


class _Decay:
    """θ' = −rate θ in one unknown, with a displacement that is the change of θ."""

    rate = 2.0

    def __init__(self) -> None:
        self.mass = self.load = self.trace = self.project = lambda values: values

    def residual(self, theta: Array, phi: Array, lead: float) -> Array:
        return (lead + self.rate) * theta

    def factorised(self, theta: Array, phi: Array, lead: float) -> Callable[[Array], Array]:
        return lambda values: values / (lead + self.rate)

    def displacement(self, forces: Array, guess: Array) -> Array:
        return forces

    def hoop(self, theta: Array, displacement: Array) -> float:
        return float(theta[0])


def _error(steps: int) -> float:
    # Grows evenly, so that the formula of variable steps is needed; the first step is one of first order.
    times = np.concatenate([[0.0], np.cumsum(np.linspace(1.0, 2.0, steps))])
    times = np.insert(times / times[-1], 1, 1e-6)
    charge = Charge(
        coupling=0.0, flux=0.0, margin=1e-3, occupancy=1.0, poisson_ratio=0.3, stress=1.0, times=times,
        reported=(len(times) - 1,),
    )  # fmt: skip
    march = March(charge, _Decay(), (1, 1))
    march.run()
    return abs(march.hoop[0] - np.exp(-_Decay.rate))


def test_the_march_is_of_second_order() -> None:
    # Twice the steps leave a quarter of the error, to the next order of 1/40.
    assert _error(40) / _error(80) == pytest.approx(4.0, rel=0.15)
    assert _error(80) < 1e-4


def test_conjugate_gradients_reach_their_tolerance() -> None:
    numbers = np.random.default_rng(1)
    half = numbers.standard_normal((30, 30))
    matrix = half @ half.T + np.eye(30)
    exact = numbers.standard_normal(30)
    diagonal = np.diag(matrix)
    found, iterations = conjugate_gradients(
        lambda values: matrix @ values, lambda values: values / diagonal, matrix @ exact, np.zeros(30)
    )
    error = found - exact
    # 1e-5 in the preconditioner's norm; that of the energy is larger by the root of the condition, here 10.
    assert error @ matrix @ error <= 1e-8 * (exact @ matrix @ exact)
    assert 0 < iterations <= 60


def test_middles_follow_the_edges_however_they_are_ordered() -> None:
    edges = np.array([[0, 1], [2, 1], [0, 2]])
    middles = np.array([[1.0, 0, 0], [2.0, 0, 0], [3.0, 0, 0]])
    none = np.empty((0, 3), dtype=np.int64)
    mesh = Mesh(np.zeros((3, 3)), np.empty((0, 4), dtype=np.int64), edges, middles, none, (none, none, none))
    assert mesh.middles_of(np.array([[1, 2], [2, 0], [1, 0]]))[:, 0].tolist() == [2.0, 3.0, 1.0]
