"""Jumps over cycles in words."""

from __future__ import annotations

from oxyshell.models.base.jump import JumpPolicy
from oxyshell.models.base.protocol import Protocol, Repeat
from oxyshell.running import jumps_told
from oxyshell.solver.jumping import JumpMemory

PROTOCOL = Protocol((), repeats=(Repeat("ageing", 0, 2, 300, jump=JumpPolicy(1e-3)),))


def test_which_cycles_were_simulated_and_how_much_jumps_may_be_off() -> None:
    jumps = JumpMemory(made=2, skipped=294, largest_error=4.26e-4, sum_of_errors=6.1e-4)
    (told,) = jumps_told.remarks(PROTOCOL, jumps, [1, 2, 3, 150, 299, 300])
    assert "Of 300 cycles 6 were simulated (1–3, 150, 299–300)" in told
    assert "294 were jumped over in 2 jumps" in told
    assert "at most 0.043 % of the capacity (tolerance 0.1 %), that of all together at most 0.061 %" in told


def test_many_are_told_by_the_first_and_the_last() -> None:
    jumps = JumpMemory(made=1, skipped=1, largest_error=1e-17)
    (told,) = jumps_told.remarks(PROTOCOL, jumps, [*range(1, 60, 2), 90])
    assert "(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, …, 90)" in told
    assert "in 1 jump. The estimated error of one is below 1e-06 %" in told


def test_without_jumps_nothing_is_said() -> None:
    assert not list(jumps_told.remarks(PROTOCOL, JumpMemory(), [1, 2]))
    plain = Protocol((), repeats=(Repeat("ageing", 0, 2, 300),))
    assert jumps_told.entries(plain, JumpMemory(), []) == {}
