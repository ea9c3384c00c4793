"""Repetitions that end early, and protocols of many cycles."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from oxyshell.models.base.protocol import Protocol, ProtocolStep, Repeat
from oxyshell.solver.step_result import StepResult
from tests.solver.analytic import FORMULA_UNITS, charge, discharge, extracted, rest, surface, time
from tests.solver.gauge import FREE, Gauge, assert_resumable, up_to

# What is lost in each cycle of a fading particle, per formula unit.
LOST = 0.02


def fading() -> Gauge:
    """A charge to a level of 0.5 ends earlier with each second that has passed since the start."""
    return Gauge(columns={"level": lambda time, left: left / FORMULA_UNITS + 0.02 * time})


def cycle(number: int = 1) -> tuple[ProtocolStep, ...]:
    steps = (
        replace(charge(up_to(0.5)), kind="charge"),
        replace(rest(time(0.1)), kind="rest"),
        replace(discharge(extracted(0.1)), kind="discharge"),
    )
    return tuple(replace(one, cycle=number, block="ageing") for one in steps)


def cycled(times: int, before: int = 1, **repeat: object) -> Protocol:
    """A rest, cycles, and a rest."""
    cycles = tuple(step for number in range(1, times + 1) for step in cycle(number))
    steps = (*(rest(time(0.1)),) * before, *cycles, rest(time(0.2)))
    found = Repeat("ageing", before, 3, times, **repeat)  # type: ignore[arg-type]
    return Protocol(steps, (extracted(0.3),), (found,))


def capacities(moments: list[StepResult], protocol: Protocol) -> list[float]:
    """Put back in the discharges of the cycles, from the states between which they lie."""
    ends = [moment for moment in moments if moment.ended_by is not None]
    return [
        before.extracted - after.extracted
        for before, after in pairwise(ends)
        if protocol.steps[after.protocol_step].kind == "discharge"
    ]


def test_a_repetition_goes_on_as_long_as_its_capacity_does() -> None:
    protocol = cycled(8)
    moments = list(fading().run(protocol))
    assert moments[-1].protocol_step == len(protocol.steps) - 1
    assert len(capacities(moments, protocol)) == 8
    assert not any(moment.repeat_end for moment in moments)


@pytest.mark.parametrize("share", [0.95, 0.9, 0.8])
def test_a_repetition_is_over_once_its_capacity_is_below_a_share_of_the_second_cycle(share: float) -> None:
    whole = list(fading().run(cycled(12)))
    expected = capacities(whole, cycled(12))
    last = next(n for n, found in enumerate(expected, 1) if n > 2 and found < share * expected[1])
    assert 2 < last < 12
    protocol = cycled(12, least_capacity=share)
    moments = list(fading().run(protocol))
    assert capacities(moments, protocol) == pytest.approx(expected[:last], rel=1e-9)
    (over,) = [moment for moment in moments if moment.repeat_end is not None]
    assert over.protocol_step == 1 + 3 * last - 1
    assert over.repeat_end is not None
    assert (over.repeat_end.name, over.repeat_end.cycle) == ("ageing", last)
    assert over.repeat_end.capacity_share == pytest.approx(expected[last - 1] / expected[1], rel=1e-9)
    # The rest after the last cycle follows, and the run ends as it would have.
    assert moments[-1].protocol_step == len(protocol.steps) - 1
    assert moments[-1].state.time == pytest.approx(over.state.time + 0.2)


def test_the_first_cycle_is_neither_compared_nor_compared_with() -> None:
    """It discharges half of what the others do, or twice as much."""
    for end in (0.3, -0.4):
        first = (*cycle()[:2], replace(discharge(extracted(end)), kind="discharge"))
        protocol = Protocol((*first, *cycle(2), *cycle(3)), (), (Repeat("ageing", 0, 3, 3, 0.9),))
        moments = list(Gauge(columns={"level": lambda _t, left: left / FORMULA_UNITS}).run(protocol))
        assert moments[-1].protocol_step == 8
        assert moments[-1].repeat_end is None


def test_each_repetition_compares_with_its_own_second_cycle() -> None:
    protocol = cycled(3, before=0, least_capacity=0.99)
    # The second repetition begins with less than the first one had.
    both = replace(
        protocol,
        steps=protocol.steps[:9] * 2,
        repeats=(protocol.repeats[0], replace(protocol.repeats[0], first=9, least_capacity=0.9)),
    )
    moments = list(fading().run(both))
    assert moments[-1].protocol_step == 17
    assert not any(moment.repeat_end for moment in moments)


def test_the_last_cycle_of_a_repetition_is_not_over_early() -> None:
    whole = capacities(list(fading().run(cycled(12))), cycled(12))
    last = next(n for n, found in enumerate(whole, 1) if n > 2 and found < 0.9 * whole[1])
    moments = list(fading().run(cycled(last, least_capacity=0.9)))
    assert not any(moment.repeat_end for moment in moments)


def pulses(times: int) -> Protocol:
    pulse, pause = charge(time(0.1), up_to(0.5)), rest(time(0.2))
    repeat = Repeat("gitt", 0, 2, times, until_reached=("level",))
    return Protocol((*(pulse, pause) * times, discharge(extracted(0.0))), (), (repeat,))


def test_pulses_are_over_once_one_of_them_comes_to_its_end() -> None:
    moments = list(fading().run(pulses(20)))
    (over,) = [moment for moment in moments if moment.repeat_end is not None]
    assert over.ended_by == up_to(0.5)
    assert over.repeat_end is not None
    assert over.repeat_end.capacity_share is None
    assert over.repeat_end.cycle == over.protocol_step // 2 + 1
    assert moments[-1].protocol_step == 40
    assert moments[moments.index(over) + 1].protocol_step == 40


def test_pulses_are_over_once_their_end_is_met_where_one_begins() -> None:
    gauge = Gauge(columns={"level": lambda time, _left: float(time > 0.45)})
    moments = list(gauge.run(pulses(20)))
    (over,) = [moment for moment in moments if moment.repeat_end is not None]
    assert over.already_met
    assert over.protocol_step == 4
    assert moments[-1].protocol_step == 40


def test_outputs_at_contents_are_made_on_charge_and_discharge_of_every_cycle() -> None:
    protocol = replace(cycled(4), outputs=(extracted(0.3), surface(0.6)))
    moments = list(fading().run(protocol))
    found = [(one.observation, one.protocol_step) for one in moments if one.is_output and not one.ended_by]
    for at, step in ((0.3, lambda one: one.content), (0.6, lambda one: one.surface_occupancy)):
        value = at if at == 0.6 else 2.0 - at * FORMULA_UNITS
        steps = [index for one, index in found if step(one) == pytest.approx(value, abs=1e-9)]
        assert steps == [1, 3, 4, 6, 7, 9, 10, 12]


def test_only_recorded_cycles_have_outputs() -> None:
    protocol = replace(cycled(7), every_cycle=3, last_cycles=1)
    moments = list(fading().run(protocol))
    cycles = [protocol.steps[one.protocol_step].cycle for one in moments if one.is_output]
    # At 0.3 twice and three ends; steps outside of cycles always have theirs, and the start.
    assert [cycles.count(number) for number in range(8)] == [3, 5, 0, 5, 0, 0, 5, 5]
    # What is computed is the same.
    plain = list(fading().run(cycled(7)))
    assert [one.state.time for one in moments] == [one.state.time for one in plain]


def test_the_last_moment_of_a_run_is_an_output_in_every_cycle() -> None:
    steps = [step for number in range(1, 8) for step in cycle(number)]
    limit = replace(up_to(0.5), ends_run=True)
    steps[9] = replace(steps[9], until=(limit,))
    moments = list(fading().run(Protocol(tuple(steps), every_cycle=100)))
    assert moments[-1].ends_run
    assert moments[-1].is_output
    assert [one.is_output for one in moments].count(True) == 5


def test_the_end_of_a_repetition_that_is_over_early_is_an_output() -> None:
    protocol = replace(cycled(9, least_capacity=0.9), every_cycle=100)
    moments = list(fading().run(protocol))
    (over,) = [moment for moment in moments if moment.repeat_end]
    assert protocol.steps[over.protocol_step].cycle > 2
    assert over.is_output
    # The start, three ends of the first cycle and 0.3 twice, and those of the rests around the cycles.
    assert [moment.is_output for moment in moments].count(True) == 1 + 5 + 2 + 1


@pytest.mark.parametrize("shows_starts", [False, True])
def test_a_repetition_goes_on_from_everywhere_as_if_nothing_had_been(shows_starts: bool) -> None:
    def made() -> Gauge:
        gauge = fading()
        gauge.shows_starts = shows_starts
        return gauge

    protocol = replace(cycled(9, least_capacity=0.85), every_cycle=2)
    assert_resumable(made, protocol, FREE(first_step=0.01, maximum_step=0.02))
