from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from oxyshell.solver.boundary import HeldBoundary, jump
from oxyshell.solver.state import Array


class Held:
    """Two unknowns, the first of which is held at 1 and takes half of its change along."""

    comm = MPI.COMM_SELF
    boundary = HeldBoundary(np.array([0], dtype=np.int32), 1.0)

    def __init__(self) -> None:
        self.prepared = 0

    def prepare(self, unknowns: Array, shift: float) -> None:
        self.prepared += 1

    def solve(self, right_hand_side: Array) -> Array:
        return np.array([right_hand_side[0], right_hand_side[0] / 2])


@pytest.mark.parametrize(("off", "changed"), [(0.3, True), (1.1e-12, True), (0.9e-12, False), (0.0, False)])
def test_what_is_held_comes_to_its_value_unless_it_is_there_within_round_off(
    off: float, changed: bool
) -> None:
    system: Any = Held()
    change = jump(system, np.array([1.0 + off, 7.0]))
    # As exactly as 1 + off is a number.
    expected = [-off, -off / 2] if changed else [0.0, 0.0]
    assert change == pytest.approx(np.array(expected), abs=3e-16)
    assert system.prepared == changed
