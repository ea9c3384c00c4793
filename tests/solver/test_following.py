from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from oxyshell.errors import BalanceError, SolverError, StepLimitError
from oxyshell.models.base.process import Unknown
from oxyshell.solver.driving import Forcing
from oxyshell.solver.following import FollowingMarch
from oxyshell.solver.integrators.stages import PlainStages, Staged, StageLoop
from oxyshell.solver.integrators.tableau import Tableau
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Array, FollowerState, State

DECAY = 0.7
CONTROL = StepControl(tolerance=1e-6, first_step=1e-3)


@dataclass
class Pot:
    """c' = −0.7 c from 1 mol, all of which escapes; it can fail, and hide what is in it."""

    time_unit: float = 10.0
    amount_unit: float = 3e-16
    failures: int = 0
    hides: float = 0.0
    takes_back: float = 0.0
    drives: list[tuple[float, float]] = field(default_factory=list)
    tried: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    process: ClassVar[Any] = SimpleNamespace(name="vapour")
    fields: ClassVar[Any] = SimpleNamespace(
        unknowns=(Unknown("mobile", counts=1.0), Unknown("released", counts=-1.0, only_rises=True))
    )

    def initial_state(self) -> State:
        return State(0.0, np.array([1.0]), 0.0, group="vapour")

    def drive(self, before: Forcing, after: Forcing) -> None:
        self.drives.append((before.time, after.time))

    def start_of(self, state: State) -> State:
        return state

    def contents(self, state: State) -> dict[str, float]:
        content = state.unknowns[0] * self.amount_unit
        return {"mobile": content * (1 - self.hides * (state.time > 5)), "released": 0.0}

    def falls(self, before: State, after: State) -> float:
        return self.takes_back * (after.time - before.time) ** 4

    def least_rise(self, contents: Mapping[str, float]) -> float:
        return contents["released"] / self.room

    def set_time(self, time: float) -> None:
        self.times.append(time)

    def time_slope(self, y: Array, ahead: float) -> tuple[float, float]:
        return 0.0, 0.0

    def rate(self, y: Array) -> Array:
        return -DECAY * y

    def outflow(self, y: Array) -> float:
        return float(DECAY * y[0])

    def prepare(self, y: Array, shift: float) -> None:
        self.matrix = shift + DECAY
        self.tried.append(self.time_unit / (0.3125 * shift))

    def solve(self, right: Array) -> Array:
        if self.failures > 0:
            self.failures -= 1
            raise SolverError("it fails")
        return right / self.matrix

    def mass(self, y: Array) -> Array:
        return y

    def outflow_change(self, increment: Array) -> float:
        return float(DECAY * increment[0])

    def leaving(self, by_flux: float, increment: Array) -> float:
        return by_flux

    def stage_loop(self, system: Staged, tableau: Tableau) -> StageLoop:
        return PlainStages(system, tableau)

    def error_norm(self, increment: Array) -> float:
        return float(abs(increment[0]))

    def mended(self, change: Array, passed: float, step: float) -> Array:
        return change

    def settled(self, unknowns: Array) -> Array:
        return unknowns

    @property
    def room(self) -> float:
        return self.amount_unit


def at(time: float) -> Forcing:
    return Forcing(time, {}, {})


def march_of(pot: Any, control: StepControl = CONTROL) -> FollowingMarch[Any]:
    return FollowingMarch(pot, control, "numerics.vapour_tolerance")


def marched(pot: Any, *times: float, control: StepControl = CONTROL) -> list[FollowerState]:
    march = march_of(pot, control)
    states = [march.initial]
    for before, after in pairwise((0.0, *times)):
        states.append(march.advance(states[-1], at(before), at(after)))
    return states


def remaining(time: float) -> float:
    return math.exp(-DECAY * time / 10.0)


@pytest.mark.parametrize("times", [(20.0,), (1 / 3, 7.0, 7.1, 20.0), tuple(np.linspace(0.7, 20.0, 40))])
def test_its_steps_land_exactly_on_the_leading_group_s_times(times: tuple[float, ...]) -> None:
    pot = Pot()
    states = marched(pot, *times)
    assert [one.state.time for one in states] == [0.0, *times]
    assert pot.drives == list(pairwise((0.0, *times)))
    found = [one.state.unknowns[0] for one in states]
    # Some tens of steps, each within 1e-6 of what there was, and most of their errors decay.
    assert found == pytest.approx([remaining(time) for time in (0.0, *times)], abs=1e-5)
    # No stage of a step looks at the leading group before or after the drive.
    assert min(pot.times) == 0.0
    assert max(pot.times) == pytest.approx(times[-1], rel=1e-12)
    assert {one.state.group for one in states} == {"vapour"}
    assert [one.steps for one in states] == sorted(one.steps for one in states)
    assert states[-1].steps >= len(times)


def test_short_drives_do_not_shorten_its_own_step() -> None:
    # What accuracy allows is remembered over steps that were cut to end with the leading group's.
    _, free, *_, last = marched(Pot(), 100.0, *np.linspace(100.5, 110.0, 20))
    assert free.step > 5.0  # a drive is 0.5 s, and growth from that would be 2.5 s
    assert last.steps == free.steps + 20
    assert last.step > 5.0


def test_two_equal_steps_rather_than_one_that_barely_falls_short() -> None:
    pot = Pot()
    march = march_of(pot, StepControl(tolerance=1.0))
    march.advance(FollowerState(march.initial.state, 0.9), at(0.0), at(1.0))
    assert pot.tried == pytest.approx([0.5, 0.5], rel=1e-12)


def test_a_step_is_rejected_until_it_is_accurate_and_the_state_stays_untouched() -> None:
    pot = Pot()
    march = march_of(pot, StepControl(tolerance=1e-8, first_step=2.0))
    before = march.initial
    unknowns = before.state.unknowns.copy()
    after = march.advance(before, at(0.0), at(20.0))
    assert after.rejected >= 2
    assert len(pot.tried) == after.steps + after.rejected
    assert np.array_equal(before.state.unknowns, unknowns)
    assert (before.state.time, before.state.left, before.steps, before.rejected) == (0.0, 0.0, 0, 0)
    assert after.state.unknowns[0] == pytest.approx(remaining(20.0), abs=1e-7)
    # The same again from the same state.
    again = march.advance(before, at(0.0), at(20.0))
    assert np.array_equal(again.state.unknowns, after.state.unknowns)
    assert (again.steps, again.rejected) == (after.steps, after.rejected)


def test_what_cannot_be_solved_is_tried_again_with_a_quarter() -> None:
    pot = Pot(failures=2)
    (_, after) = marched(pot, 5.0, control=StepControl(tolerance=1e-4, first_step=0.1))
    assert pot.tried[:3] == pytest.approx([1.0, 0.25, 0.0625], rel=1e-12)
    assert after.rejected == 2
    assert after.state.unknowns[0] == pytest.approx(remaining(5.0), abs=1e-4)


def test_a_step_in_which_what_only_rises_falls_is_too_long() -> None:
    pot = Pot(takes_back=1e-3)
    (_, after) = marched(pot, 5.0, control=StepControl(tolerance=1e-3, first_step=0.2))
    # 1e-3 of the fourth power of a second and more is as much as the tolerance.
    assert after.rejected >= 1
    assert pot.tried[0] == pytest.approx(2.0)
    assert pot.tried[-1] < 1.0 + 1e-12
    assert len(marched(Pot(), 5.0, control=StepControl(tolerance=1e-3, first_step=0.2))) == 2


def test_a_step_that_would_release_less_than_nothing_is_too_long() -> None:
    class Quiet(Pot):
        """Its steps of more than a second end with −1e-7 released: 1/500 of what a step may err by."""

        def contents(self, state: State) -> dict[str, float]:
            released = -1e-7 * self.amount_unit if self.tried and self.tried[-1] > 1.0 else 0.0
            return {"mobile": super().contents(state)["mobile"] + released, "released": released}

    pot = Quiet()
    marched(pot, 5.0, control=StepControl(tolerance=1e-4, first_step=0.2))
    assert pot.tried[0] == pytest.approx(2.0)
    assert pot.tried[1] == pytest.approx(2.0 * 0.9 * 2000**-0.25)


@pytest.mark.parametrize("sick", ["error_norm", "rate"])
def test_a_nan_is_rejected(sick: str) -> None:
    pot = Pot()
    healthy, calls = getattr(pot, sick), iter(range(100))

    def at_first(y: Array) -> Any:
        return healthy(y) * (math.nan if next(calls) == 0 else 1.0)

    setattr(pot, sick, at_first)
    (_, after) = marched(pot, 5.0)
    assert after.rejected == 1
    assert after.state.unknowns[0] == pytest.approx(remaining(5.0), abs=1e-5)


def test_a_run_that_needs_ever_smaller_steps_ends_with_words() -> None:
    pot = Pot(failures=10**9)
    control = StepControl(minimum_step=1e-6, first_step=1e-3)
    with pytest.raises(
        SolverError, match=r"time step of the vapour .* at t = 0 s .* numerics\.vapour_tolerance"
    ):
        marched(pot, 5.0, control=control)
    # Each a quarter of the one before, from 1e-3 R²/D on.
    assert 3 <= len(pot.tried) <= 6


@pytest.mark.parametrize("failures", [0, 10**9])
def test_too_many_steps_end_with_words_about_their_number(failures: int) -> None:
    pot = Pot(failures=failures)
    control = StepControl(tolerance=1e-12, maximum_steps=3, first_step=1e-3)
    with pytest.raises(StepLimitError, match=r"3 \(numerics\.steps_per_run\).*raise numerics\.steps_per_run"):
        marched(pot, 500.0, control=control)
    assert len(pot.tried) == 3


def test_a_step_that_is_small_because_the_leading_group_s_is_is_no_failure() -> None:
    tiny = StepControl(minimum_step=1e-3, first_step=1e-2)
    assert marched(Pot(), 1e-9, control=tiny)[-1].state.time == 1e-9


def test_the_balance_is_struck_after_every_step() -> None:
    honest = marched(Pot(), 20.0)[-1]
    assert 0 < honest.balance_error < 1e-13
    with pytest.raises(
        BalanceError,
        match=r"vapour in the particle, at its surface and beyond it differs .* by \d\.\d+e-07 of the most",
    ):
        marched(Pot(hides=1e-6), 20.0, control=StepControl(tolerance=1e-3, maximum_step=0.01))


def test_the_largest_balance_error_is_kept() -> None:
    states = marched(Pot(hides=1e-9), 4.0, 6.0, 200.0)
    small, large, later = (one.balance_error for one in states[1:])
    assert small < 1e-13
    # What is hidden shrinks with the content.
    assert large == pytest.approx(1e-9 * remaining(5.0), rel=0.2)
    assert later == large


def test_hardly_anything_is_measured_against_what_there_is_room_for() -> None:
    class Still(Pot):
        """Nothing moves; 1e-4 of what there is does not add up, which is 1e-12 of what it could hold."""

        def rate(self, y: Array) -> Array:
            return 0 * y

        def outflow(self, y: Array) -> float:
            return 0.0

        def contents(self, state: State) -> dict[str, float]:
            started = float(state.time > 0)
            return {"mobile": 1e-8 * self.amount_unit, "released": 1e-12 * self.amount_unit * started}

    assert marched(Still(), 20.0)[-1].balance_error == pytest.approx(1e-12, rel=1e-6)


def test_an_empty_particle_balances() -> None:
    class Empty(Pot):
        def initial_state(self) -> State:
            return State(0.0, np.zeros(1), 0.0)

    assert marched(Empty(), 20.0)[-1].balance_error == 0.0
