"""What passes the surface in a step is kept to a share of itself."""

from __future__ import annotations

import pytest

from oxyshell.solver.integrators.passage import Counted, Uncounted

TOLERANCE, ROOM = 1e-4, 4.0


def counted(is_free: bool = True) -> Counted:
    return Counted(TOLERANCE, ROOM, lambda: is_free)


def test_what_passes_may_err_by_ten_tolerances_of_itself() -> None:
    assert counted().error(1e-3 * 0.5, 0.5, 0.01) == pytest.approx(1.0)
    assert counted().error(-1e-3 * 0.5, -0.5, 0.01) == pytest.approx(1.0)


def test_next_to_nothing_counts_for_a_hundredth_of_the_tolerance() -> None:
    least = 1e-2 * TOLERANCE * ROOM
    assert counted().error(1e-3 * least, 0.0, 0.01) == pytest.approx(1.0)
    assert counted().error(1e-3 * least, 0.5 * least, 0.01) == pytest.approx(1.0)


def test_in_the_shortest_steps_and_where_the_flux_is_set_anything_may_pass() -> None:
    assert counted().error(1.0, 0.5, 0.9e-8) == 0.0
    assert counted(is_free=False).error(1.0, 0.5, 0.01) == 0.0
    assert Uncounted().error(1.0, 0.5, 0.01) == 0.0
