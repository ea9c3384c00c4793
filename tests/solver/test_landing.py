"""Ends that have a side from which they are met, on observables that are known functions."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from oxyshell.errors import SolverError
from oxyshell.models.base.protocol import Protocol, ProtocolStep, Stop
from oxyshell.solver.state import Observation, State
from oxyshell.solver.step_result import StepResult
from tests.solver.analytic import charge, extracted, rest, time
from tests.solver.gauge import FREE, Gauge, assert_resumable, down_to, level, up_to

# A column is landed on within 1e-10 of its value.
LANDED = 1.01e-10


def ends_of(moments: list[StepResult]) -> list[StepResult]:
    return [moment for moment in moments if moment.ended_by is not None]


def curve(t: float) -> float:
    """As a voltage rises towards the end of a charge, of which later times have none."""
    return math.nan if t >= 1.5 else 4.0 + 0.3 * t - 0.1 * math.log(1.0 - t / 1.5)


def test_an_event_is_landed_on_in_eight_solved_steps_and_without_a_trace() -> None:
    gauge = level(curve)
    moments = list(gauge.run(Protocol((charge(up_to(4.4), time(1.4)), rest(time(0.1))))))
    (event, _) = ends_of(moments)
    assert event.ended_by == up_to(4.4)
    assert event.observation.more["level"] == pytest.approx(4.4, rel=LANDED)
    # One step leads there, and the one after it begins there.
    tried = [state for state, _ in gauge.tried]
    before = moments[moments.index(event) - 1].state
    assert sum(1 for state in tried if state is before) <= 8
    steps = [moment.step for moment in moments[: moments.index(event)]]
    assert event.step > 1e-3 * steps[-1]
    assert any(state.time == event.state.time and state.left == event.state.left for state in tried)
    assert event.rejected == len(gauge.tried) - event.steps - (moments[-1].steps - event.steps)


@pytest.mark.parametrize("longest", [0.1, 0.01, 0.003])
def test_an_event_does_not_depend_on_the_steps_before_it(longest: float) -> None:
    event = list(level(curve).run(Protocol((charge(up_to(4.4)),)), FREE(maximum_step=longest)))[-1]
    assert curve(event.state.time) == pytest.approx(4.4, rel=LANDED)
    # The slope there is 0.5 a second.
    expected = scipy.optimize.brentq(lambda t: curve(t) - 4.4, 0.0, 1.4, xtol=1e-14)
    assert event.state.time == pytest.approx(expected, abs=4.4 * LANDED / 0.5)


def test_a_falling_column_ends_a_step_too() -> None:
    event = list(level(lambda t: math.exp(-3 * t)).run(Protocol((rest(down_to(0.02)),))))[-1]
    assert event.state.time == pytest.approx(math.log(50) / 3, rel=1e-9)
    assert event.observation.more["level"] == pytest.approx(0.02, rel=LANDED)


@pytest.mark.parametrize("end", [up_to(0.7), down_to(0.3), up_to(0.5), down_to(0.5)])
def test_an_end_that_is_met_where_a_step_begins_gives_it_no_length(end: Stop) -> None:
    """Whatever the current does: a limit on the other side of the start is met."""
    start = 0.7 if end.rises > 0 else 0.3
    start = 0.5 if end.value == 0.5 else start
    protocol = Protocol((charge(end, time(1.0)), rest(time(0.2))))
    moments = list(level(lambda _t: start).run(protocol))
    begun, met, *_ = moments
    assert begun.is_output
    assert met.already_met
    assert met.ended_by == end
    assert (met.step, met.step_time, met.steps) == (0.0, 0.0, 0)
    assert met.protocol_step == 0
    # The reason is that of this step, not of the next one.
    assert [(moment.already_met, moment.protocol_step) for moment in moments[2:]] == [(False, 1)] * len(
        moments[2:]
    )
    assert moments[-1].ended_by == time(0.2)


def test_an_end_on_the_way_is_not_met_before() -> None:
    event = list(level(lambda t: 0.5 + t).run(Protocol((charge(up_to(0.7), down_to(0.3)),))))[-1]
    assert event.ended_by == up_to(0.7)
    assert event.state.time == pytest.approx(0.2, rel=1e-9)


def test_what_counts_is_observed_under_the_new_condition() -> None:
    class Jumping(Gauge):
        """Its column is the current."""

        def observe(self, state: State) -> Observation:
            self.columns = {"level": lambda _t, _left: self.current}
            return super().observe(state)

    protocol = Protocol(
        (charge(time(0.1)), charge(up_to(1.5), time(0.1), rate=2.0), rest(up_to(1.5), time(1.0)))
    )
    first, second, third = ends_of(list(Jumping().run(protocol)))
    assert (first.already_met, second.already_met, third.already_met) == (False, True, False)
    assert third.ended_by == time(1.0)


@pytest.mark.parametrize("order", [1, -1])
def test_ends_that_are_reached_together_count_in_the_order_of_the_protocol(order: int) -> None:
    ends = [up_to(0.5), down_to(-0.5, "mirrored"), time(0.5)][::order]
    gauge = level(lambda t: t, mirrored=lambda t: -t)
    last = list(gauge.run(Protocol((charge(*ends),))))[-1]
    assert last.ended_by == ends[0]
    assert last.also == tuple(ends[1:])
    assert last.ends == tuple(ends)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("apart", [0.05, 1e-3, 1e-6, 1e-8])
def test_the_end_that_is_earlier_in_time_counts(order: int, apart: float) -> None:
    ends = [up_to(0.5), up_to(0.5 - apart, "other"), time(0.5 + apart), extracted(0.9)][::order]
    gauge = level(lambda t: t**2 + 0.25, other=lambda t: t**2 + 0.25)
    last = list(gauge.run(Protocol((charge(*ends),)), FREE(first_step=0.01)))[-1]
    assert last.ended_by == up_to(0.5 - apart, "other")
    assert last.also == ()
    assert last.state.time == pytest.approx(math.sqrt(0.25 - apart), rel=1e-9)


def test_a_limit_ends_the_run() -> None:
    limit = up_to(0.5, ends_run=True)
    protocol = Protocol((charge(time(0.2)), charge(time(9.0), limit), rest(time(1.0)), charge(time(1.0))))
    moments = list(level(lambda t: t).run(protocol))
    last = moments[-1]
    assert last.ended_by == limit
    assert last.ends_run
    assert last.is_output
    assert last.protocol_step == 1
    assert last.state.time == pytest.approx(0.5, rel=1e-9)
    assert last.continuation.protocol_step == len(protocol.steps)
    assert not any(moment.ends_run for moment in moments[:-1])


def test_a_limit_ends_the_run_where_a_step_begins_and_beside_another_end() -> None:
    limit = up_to(0.5, ends_run=True)
    (_, last) = level(lambda _t: 0.7).run(Protocol((charge(time(1.0), limit), rest(time(1.0)))))
    assert last.ends_run
    assert last.already_met
    assert last.is_output
    moments = list(level(lambda t: t).run(Protocol((charge(time(0.5), limit), rest(time(1.0))))))
    assert moments[-1].ended_by == time(0.5)
    assert moments[-1].ends_run


@settings(max_examples=80, deadline=None)
@given(phase=st.floats(0.0, 1.0), height=st.sampled_from([0.9, 0.95, 0.98]))
def test_a_peak_within_one_step_is_not_missed(phase: float, height: float) -> None:
    """The column is above its value for 0.9 to 0.4 of a radian, and steps are 0.6 long."""
    start = 1.2 * math.pi + phase
    gauge = level(lambda t: math.sin(t + start))
    control = FREE(first_step=0.06, maximum_step=0.06)
    event = list(gauge.run(Protocol((rest(up_to(height), time(20.0)),)), control))[-1]
    first = 2 * math.pi + math.asin(height) - start
    assert event.ended_by == up_to(height)
    # The slope there is at least 0.19.
    assert event.state.time == pytest.approx(first, abs=1e-8)


def test_a_peak_that_stays_below_is_passed_in_few_steps_more() -> None:
    counts = []
    for ends in ([up_to(1.05), time(20.0)], [time(20.0)]):
        gauge = level(math.sin)
        moments = list(gauge.run(Protocol((rest(*ends),)), FREE(first_step=0.06, maximum_step=0.06)))
        assert moments[-1].ended_by == time(20.0)
        counts.append(len(gauge.tried))
    # Three peaks, each at most looked into three times in two steps.
    assert counts[0] - counts[1] <= 18


def test_an_event_is_found_where_longer_steps_cannot_be_solved() -> None:
    def error(state: State, step: float) -> float:
        return math.nan if state.time + step > 0.6 else 0.1

    gauge = level(lambda t: t)
    gauge.error = error
    last = list(gauge.run(Protocol((charge(up_to(0.55), time(2.0)),)), FREE(first_step=0.1)))[-1]
    assert last.ended_by == up_to(0.55)
    assert last.state.time == pytest.approx(0.55, rel=LANDED)


def test_an_event_is_found_where_a_shorter_step_cannot_be_solved() -> None:
    """Steps into a narrow time fail; the run goes on from what is before, and lands."""

    def error(state: State, step: float) -> float:
        return math.nan if 0.5 < state.time + step < 0.56 and state.time < 0.45 else 0.1

    gauge = level(lambda t: t**2)
    gauge.error = error
    last = list(gauge.run(Protocol((charge(up_to(0.3), time(2.0)),)), FREE(first_step=0.1)))[-1]
    assert last.state.time == pytest.approx(math.sqrt(0.3), rel=1e-9)


def test_a_column_that_jumps_over_its_value_ends_the_step_where_it_jumps() -> None:
    gauge = level(lambda t: float(t > 0.1))
    first, last = ends_of(list(gauge.run(Protocol((charge(time(0.9), up_to(0.25)), rest(time(1.0)))))))
    assert first.ended_by == up_to(0.25)
    assert first.state.time == pytest.approx(0.1, rel=1e-9)
    assert last.state.time == pytest.approx(1.1, rel=1e-9)
    assert len(gauge.tried) < 200


def test_a_column_that_trembles_ends_the_step_where_it_is() -> None:
    gauge = level(lambda t: t + 1e-8 * math.sin(1e9 * t))
    last = list(gauge.run(Protocol((charge(time(0.9), up_to(0.25)),))))[-1]
    assert last.state.time == pytest.approx(0.25, abs=3e-8)
    assert len(gauge.tried) < 200


def test_a_column_that_is_not_a_number_is_an_error() -> None:
    gauge = level(lambda t: t if t < 0.1 else math.nan)
    with pytest.raises(SolverError, match="the time step fell below"):
        list(gauge.run(Protocol((charge(up_to(0.5)),))))


def test_steps_land_on_knots_and_show_nothing_there() -> None:
    knots = (0.1, 0.35, 0.350001, 0.8, 7.0)
    step = ProtocolStep("current", charge().exchange, (time(1.0),), kind="current", knots=knots)
    late = 1e4
    moments = list(Gauge().run(Protocol((rest(time(late)), step, rest(time(1.0))))))
    times = [moment.state.time for moment in moments]
    for knot in knots[:-1]:
        at = times.index(min(times, key=lambda one: abs(one - late - knot)))
        assert times[at] == pytest.approx(late + knot, abs=1e-12 * late)
        assert not moments[at].is_output
        # Nothing is extrapolated over a corner.
        assert moments[at].state.earlier == ()
    assert len([moment for moment in moments if moment.is_output]) == 4
    assert len(moments) < 150


def test_steps_after_a_knot_are_as_long_as_before() -> None:
    step = ProtocolStep("current", charge().exchange, (time(10.0),), knots=(5.003,))
    moments = list(Gauge().run(Protocol((step,)), FREE(first_step=1e-3, maximum_step=0.02)))
    after = [moment.step for moment in moments if moment.state.time > 5.01]
    assert after[0] == pytest.approx(0.2)


def test_the_start_of_every_step_is_shown_where_that_is_asked_for() -> None:
    protocol = Protocol((charge(time(0.5)), rest(time(0.5)), charge(time(0.5))), (time(0.7),))
    shown, plain = (list(Gauge(shows_starts=which).run(protocol)) for which in (True, False))
    starts = [moment for moment in shown[1:] if moment.step == 0.0]
    assert [(one.protocol_step, one.step_time, one.is_output, one.ended_by) for one in starts] == [
        (1, 0.0, False, None),
        (2, 0.0, False, None),
    ]
    assert [one.observation.outflow for one in starts] == [0.0, 1.0]
    assert [one.state.time for one in shown if one not in starts] == [one.state.time for one in plain]
    assert [one.state.time for one in starts] == pytest.approx([0.5, 1.0], rel=LANDED)


def everything() -> Protocol:
    """Ends from either side, knots, and outputs that come again."""
    current = ProtocolStep("current", charge().exchange, (time(0.3), up_to(9.0)), knots=(0.1, 0.2))
    steps = (charge(up_to(0.9), time(0.5)), rest(up_to(0.8)), rest(time(0.3), down_to(-0.95)), current)
    return Protocol(steps * 2, (time(0.45), extracted(0.2)))


@pytest.mark.parametrize("shows_starts", [False, True])
def test_a_run_goes_on_from_everywhere_as_if_nothing_had_been(shows_starts: bool) -> None:
    def made() -> Gauge:
        gauge = level(lambda t: math.sin(4 * t))
        gauge.shows_starts = shows_starts
        return gauge

    assert_resumable(made, everything(), FREE(first_step=0.01, maximum_step=0.015))


def test_outputs_come_at_the_same_events_however_many_there_are() -> None:
    ends = []
    for count in (0, 10, 100):
        times = tuple(map(time, np.linspace(0.01, 0.7, count)))
        moments = list(level(curve).run(Protocol((charge(up_to(4.4)),), times)))
        ends.append(moments[-1].state.time)
        assert all(a.state.time < b.state.time for a, b in pairwise(moments))
    assert ends == pytest.approx([ends[0]] * 3, rel=1e-9)
