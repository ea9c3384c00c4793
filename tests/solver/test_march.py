from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxyshell.errors import BalanceError, SolverError
from oxyshell.models.base.protocol import EXTRACTED, SURFACE_OCCUPANCY, TIME, Protocol, ProtocolStep, Stop
from oxyshell.solver.settings import BALANCE_LIMIT, StepControl
from oxyshell.solver.state import Observation, State
from oxyshell.solver.step_result import StepResult
from tests.solver.analytic import (
    FORMULA_UNITS,
    IONS,
    SITES,
    Bucket,
    charge,
    discharge,
    extracted,
    rest,
    surface,
    time,
)

# Without bounds from the expected duration.
FREE = partial(StepControl, first_share=math.inf, largest_share=math.inf)
# A target counts as reached within 1e-10 of its own scale (times: of their value).
LANDED = 1.01e-10


def outputs(moments: list[StepResult]) -> list[StepResult]:
    return [moment for moment in moments if moment.is_output]


def test_every_output_time_and_the_end_are_hit() -> None:
    wanted = [0.013, 0.4, 0.4000001, 1.0]
    protocol = Protocol((charge(time(1.1)),), tuple(time(value) for value in [*wanted, 0.4]))
    moments = list(Bucket().run(protocol))
    times = [moment.state.time for moment in outputs(moments)]
    assert times == pytest.approx([0.0, *wanted, 1.1], rel=LANDED)
    assert [moment.ended_by for moment in moments[:-1]] == [None] * (len(moments) - 1)
    assert moments[-1].ended_by == time(1.1)


def test_steps_add_up_to_the_time() -> None:
    moments = list(Bucket().run(Protocol((charge(time(1.1)),), (time(0.3),))))
    total = 0.0
    for before, after in pairwise(moments):
        total += after.step
        assert after.step > 0
        assert after.steps == before.steps + 1
        assert after.state.time == pytest.approx(total, rel=1e-14)
    assert all(moment.step_time == moment.state.time for moment in moments)


@pytest.mark.parametrize("decay", [0.0, 0.5, 3.0])
def test_a_falling_current_ends_at_the_extraction_asked_for(decay: float) -> None:
    protocol = Protocol((charge(extracted(0.2)),), (extracted(0.05), extracted(0.1999)))
    moments = list(Bucket(decay=decay).run(protocol))
    assert [moment.extracted for moment in outputs(moments)] == pytest.approx(
        [0.0, 0.05, 0.1999, 0.2], abs=LANDED
    )
    # Ions out are 1.5 formula units times 0.2, at the time that the exponential current needs for them.
    need = 0.2 * FORMULA_UNITS
    expected = -math.log1p(-decay * need) / decay if decay else need
    speed = math.exp(-decay * expected)
    assert moments[-1].state.time == pytest.approx(expected, abs=LANDED * FORMULA_UNITS / speed)
    assert moments[-1].steps < 60


def test_an_end_at_a_surface_occupancy() -> None:
    moments = list(Bucket(decay=1.0).run(Protocol((charge(time(5.0), surface(0.7)),))))
    last = moments[-1]
    assert last.ended_by == surface(0.7)
    assert last.observation.surface_occupancy == pytest.approx(0.7, abs=LANDED)
    assert last.state.left == pytest.approx(0.09 * IONS, abs=1e-9)
    assert last.steps + last.rejected < 120


@settings(max_examples=60, deadline=None)
@given(
    targets=st.lists(
        st.one_of(
            st.builds(time, st.floats(1e-4, 2.0)),
            st.builds(extracted, st.floats(1e-4, 0.6)),
            st.builds(surface, st.floats(0.3, 0.99)),
        ),
        max_size=6,
    ),
    decay=st.sampled_from([0.0, 0.4]),
    first_step=st.sampled_from([1e-6, 1e-2, 1.0]),
)
def test_no_target_is_ever_passed(targets: list[Stop], decay: float, first_step: float) -> None:
    end = extracted(0.65)
    control = StepControl(first_step=first_step, maximum_step=1.0)
    moments = list(Bucket(decay=decay).run(Protocol((charge(end),), tuple(targets)), control))
    assert moments[-1].ended_by == end

    def progress(target: Stop, moment: StepResult) -> float:
        return {
            TIME: moment.state.time,
            EXTRACTED: moment.extracted,
            SURFACE_OCCUPANCY: moment.observation.surface_occupancy,
        }[target.observable]

    for target in targets:
        distances = [progress(target, moment) - target.value for moment in moments]
        if distances[0] * distances[-1] > 0:
            continue  # not within this run
        scale = max(target.value, 1e-5) if target.observable == TIME else 1.0
        hits = [m for m, d in zip(moments, distances, strict=True) if abs(d) <= LANDED * scale]
        assert any(moment.is_output for moment in hits)
    wanted = sum(1 for moment in moments if moment.is_output)
    assert wanted <= len(set(targets)) + 2


def test_steps_count_their_times_from_their_own_start() -> None:
    protocol = Protocol(
        (charge(time(0.5)), rest(time(0.25)), discharge(extracted(0.1)), charge(time(0.125), rate=2.0)),
        (time(0.6), time(1.0)),
    )
    bucket = Bucket()
    moments = list(bucket.run(protocol))
    ends = [moment for moment in moments if moment.ended_by is not None]
    out = 0.1 * FORMULA_UNITS
    times = [0.5, 0.75, 0.75 + 0.5 - out, 1.25 - out + 0.125]
    assert [moment.state.time for moment in ends] == pytest.approx(times, rel=1e-9)
    assert [moment.protocol_step for moment in ends] == [0, 1, 2, 3]
    assert [moment.step_time for moment in ends] == pytest.approx([0.5, 0.25, 0.5 - out, 0.125], rel=1e-9)
    assert ends[-1].state.left == pytest.approx(out + 0.25, rel=1e-9)
    # The start, the times asked for, and the end of every step.
    assert [moment.state.time for moment in outputs(moments)] == pytest.approx(
        sorted([0.0, 0.6, 1.0, *times]), rel=1e-9
    )
    assert bucket.labels[1:] == ["charge", "rest", "discharge", "charge"]


def test_a_new_step_forgets_what_multistep_methods_remember() -> None:
    bucket = Bucket()
    list(bucket.run(Protocol((charge(time(0.5)), rest(time(0.5))))))
    later = [state for state, _ in bucket.tried if state.time >= 0.5 * (1 - LANDED)]
    assert later[0].earlier == ()
    assert later[1].earlier != ()


@pytest.mark.parametrize(
    "step",
    [
        charge(extracted(0.0)),
        charge(extracted(-0.1), time(1.0)),
        charge(surface(1.0)),
        charge(time(1.0), surface(1.1)),
        discharge(extracted(0.1), time(1.0)),
        discharge(surface(0.9)),
    ],
)
def test_a_target_that_lies_behind_ends_its_step_at_once(step: ProtocolStep) -> None:
    moments = list(Bucket().run(Protocol((step, charge(time(0.2))))))
    assert moments[1].ended_by is not None
    assert moments[1].step == 0.0
    assert moments[1].state.time == 0.0
    assert moments[-1].state.time == pytest.approx(0.2, rel=LANDED)


def test_a_rest_does_not_end_at_a_target_that_it_may_still_reach() -> None:
    moments = list(Bucket().run(Protocol((rest(time(0.2), surface(0.9)),))))
    assert moments[-1].ended_by == time(0.2)


CYCLES = Protocol(
    (charge(extracted(0.3)), discharge(extracted(0.05)), charge(extracted(0.4)), rest(time(0.1))),
    (extracted(0.1), extracted(0.3), extracted(0.0), time(0.5)),
)


def test_an_output_at_a_content_is_made_whenever_it_is_passed() -> None:
    found = [moment.extracted for moment in outputs(list(Bucket().run(CYCLES)))]
    # Start; 0.1 up, the end at 0.3 once; at 0.5 s, 0.1 down, the end; 0.1 and 0.3 up, the end; the rest.
    at_half = 0.3 - (0.5 - 0.3 * FORMULA_UNITS) / FORMULA_UNITS
    expected = [0.0, 0.1, 0.3, at_half, 0.1, 0.05, 0.1, 0.3, 0.4, 0.4]
    assert found == pytest.approx(expected, abs=LANDED)


def test_an_output_at_a_surface_occupancy_is_made_in_every_cycle() -> None:
    steps = (charge(extracted(0.3)), discharge(extracted(0.01)))
    moments = list(Bucket().run(Protocol(steps * 3, (surface(0.7),))))
    found = [moment.observation.surface_occupancy for moment in outputs(moments) if moment.ended_by is None]
    assert found == pytest.approx([1.0, *[0.7] * 6], abs=LANDED)


def test_a_value_that_is_stayed_at_is_one_output() -> None:
    steps = (charge(extracted(0.2)), rest(time(1.0)), charge(extracted(0.3)))
    found = [moment.state.time for moment in outputs(list(Bucket().run(Protocol(steps, (extracted(0.2),)))))]
    assert found == pytest.approx([0.0, 0.3, 1.3, 1.45], rel=1e-9)


def test_an_occupancy_that_a_surface_trembles_about_is_one_output() -> None:
    class Trembling(Bucket):
        """Its surface goes to 0.5 and stays there within what steps err by."""

        def observe(self, state: State) -> Observation:
            at = 0.5 + 0.4 * math.exp(-30 * state.time) + 1e-5 * math.sin(100 * state.time)
            return replace(super().observe(state), surface_occupancy=at)

    moments = list(Trembling().run(Protocol((rest(time(1.0)),), (surface(0.5),))))
    assert len([moment for moment in outputs(moments) if moment.ended_by is None]) == 2


def test_a_thousand_output_times_are_each_made_once() -> None:
    times = np.linspace(0.001, 1.0, 1000).tolist()
    moments = list(Bucket().run(Protocol((charge(time(1.0)),), tuple(map(time, times)))))
    assert [moment.state.time for moment in outputs(moments)] == pytest.approx([0.0, *times], rel=LANDED)


def test_an_end_by_the_ions_passed_is_one_by_the_clock_and_is_told_as_what_it_is() -> None:
    passed = Stop(TIME, 0.1 * FORMULA_UNITS, "passed")
    steps = [charge(passed, time(5.0)) for _ in range(2)]
    # The current falls: less is extracted than the set current passes in that time.
    moments = list(Bucket(decay=2.0).run(Protocol(tuple(steps))))
    ends = [moment for moment in moments if moment.ended_by is not None]
    assert [moment.ended_by for moment in ends] == [passed, passed]
    times = [0.1 * FORMULA_UNITS, 0.2 * FORMULA_UNITS]
    assert [moment.state.time for moment in ends] == pytest.approx(times, rel=LANDED)
    assert ends[0].extracted < 0.09


def test_a_pulse_late_in_a_long_run_keeps_its_length() -> None:
    # A millisecond after twelve days, with an output a tenth of it later.
    steps = (rest(time(1e6)), charge(time(1e-3)), rest(time(1.0)))
    moments = list(Bucket().run(Protocol(steps, (time(1e6 + 1.1e-3),))))
    ends = [moment for moment in moments if moment.ended_by is not None]
    assert ends[1].step_time == pytest.approx(1e-3, abs=1e-9)
    assert len(outputs(moments)) == 5


def test_an_output_before_the_start_is_not_waited_for() -> None:
    moments = list(Bucket().run(Protocol((charge(time(0.2)),), (time(0.0), extracted(0.0)))))
    assert len(outputs(moments)) == 2


def test_a_method_without_error_takes_long_steps() -> None:
    moments = list(Bucket(error=lambda _state, _step: 0.0).run(Protocol((rest(time(10.0)),))))
    # From 1e-5 by factors of 5 to a twentieth of 10, then such steps: far below 1e6 that never grow.
    assert max(moment.step for moment in moments) == pytest.approx(0.5)
    assert len(moments) < 30


def test_steps_grow_and_are_bounded_as_asked() -> None:
    control = FREE(first_step=1e-3, maximum_step=0.02, maximum_growth=2.0)
    moments = list(Bucket(error=lambda _s, _h: 1e-6).run(Protocol((charge(time(1.0)),)), control))
    steps = [moment.step for moment in moments[1:-3]]
    assert steps[0] == pytest.approx(1e-3 * 10)
    assert max(after / before for before, after in pairwise(steps)) <= 2.0 + 1e-12
    assert max(steps) == pytest.approx(0.02 * 10)


def test_a_rejected_step_is_tried_again_from_the_same_state() -> None:
    # An error of third order: the longest step that passes is 0.01.
    bucket = Bucket(error=lambda _state, step: (step / 0.01) ** 3)
    control = FREE(first_step=0.1)
    moments = list(bucket.run(Protocol((charge(time(0.2)),)), control))
    assert moments[-1].rejected > 0
    assert moments[-1].state.time == pytest.approx(0.2, rel=LANDED)
    for moment in moments[1:]:
        assert moment.step <= 0.01
    first = [state for state, _ in bucket.tried if state.time == 0.0]
    assert len(first) > 1
    assert all(state is first[0] for state in first)
    # Accepted steps alone move the state: one unknown counts them.
    assert moments[-1].state.unknowns == pytest.approx(np.array([moments[-1].steps]))


def test_a_step_that_cannot_be_solved_is_tried_smaller() -> None:
    bucket = Bucket(error=lambda _state, step: math.nan if step > 0.01 else 0.1)
    moments = list(bucket.run(Protocol((charge(time(0.05)),)), StepControl(first_step=0.1)))
    assert moments[-1].state.time == pytest.approx(0.05, rel=LANDED)
    assert all(moment.step <= 0.01 for moment in moments)


@pytest.mark.parametrize("error", [math.nan, math.inf, 1e30])
def test_a_step_that_never_succeeds_is_an_error_that_says_what_to_do(error: float) -> None:
    def late(state: State, _step: float) -> float:
        return error if state.time > 0.1 else 0.1

    bucket = Bucket(error=late)
    reached: list[StepResult] = []
    with pytest.raises(SolverError, match=r"time step fell below.*numerics\.time_tolerance"):
        reached.extend(bucket.run(Protocol((charge(time(1.0)),))))
    # What was reached until then has been handed out.
    assert reached[-1].state.time > 0.1
    # Of 10 s of diffusion, and of the second that the step is expected to take.
    control = StepControl()
    assert bucket.tried[-1][1] >= min(control.minimum_step * 10.0, control.smallest_share * 1.0)


def test_a_target_out_of_reach_is_an_error_that_says_what_to_do() -> None:
    control = StepControl(maximum_steps=50)
    with pytest.raises(SolverError, match=r"no end after 50 steps.*numerics\.time_tolerance"):
        list(Bucket(decay=2.0).run(Protocol((charge(extracted(0.9)),)), control))


def test_ions_that_vanish_are_an_error() -> None:
    with pytest.raises(BalanceError, match="the ions in the particle plus those that left"):
        list(Bucket(lost=1e-6).run(Protocol((charge(time(1.0)),))))
    with pytest.raises(BalanceError):
        list(Bucket(lost=math.nan).run(Protocol((charge(time(1.0)),))))


def test_the_balance_error_is_reported() -> None:
    lost = 0.5 * BALANCE_LIMIT
    last = list(Bucket(lost=lost).run(Protocol((charge(time(1.0)),))))[-1]
    assert last.balance_error == pytest.approx(lost * 1.0 / SITES, rel=1e-6, abs=0)


@pytest.mark.parametrize("share", [1e-6, 1e-4, 0.0])
def test_a_balance_is_measured_against_the_sites_however_few_ions_there_were(share: float) -> None:
    # As many ions go astray as 1e-12 of the sites; of those at the start it is up to 1e-6, or all.
    bucket = Bucket(lost=1e-12 * SITES, sites=SITES)
    bucket.ions = share * SITES
    last = list(bucket.run(Protocol((discharge(time(1.0)),))))[-1]
    assert last.balance_error == pytest.approx(1e-12, rel=1e-3)


def test_the_method_is_not_given_a_state_that_it_can_spoil() -> None:
    state = State(0.0, np.zeros(1), 0.0)
    with pytest.raises(AttributeError):
        state.time = 1.0  # type: ignore[misc]
    assert replace(state, time=1.0).time == 1.0
