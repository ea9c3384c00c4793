from __future__ import annotations

import math
from itertools import pairwise

import pytest

from oxyshell.models.base.protocol import (
    TIME,
    Capacity,
    Protocol,
    ProtocolStep,
    Stop,
)
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.running.completion import Completion
from oxyshell.solver.step_result import StepResult
from tests.solver.analytic import FORMULA_UNITS, IONS, SITES, Bucket, extracted, rest, surface, time

PARTICLE = Capacity(IONS / FORMULA_UNITS, SITES / FORMULA_UNITS)


def charge(*until: Stop, rate: float = 1.0) -> ProtocolStep:
    return ProtocolStep("charge", IonExchange(extraction=rate), until, rate / FORMULA_UNITS)


def discharge(*until: Stop, rate: float = 1.0) -> ProtocolStep:
    return ProtocolStep("discharge", IonExchange(insertion=rate), until, -rate / FORMULA_UNITS)


def passed(value: float, rate: float = 1.0) -> Stop:
    """The time in which a current passes ions."""
    return Stop(TIME, value * FORMULA_UNITS / rate, "passed")


def told(protocol: Protocol, decay: float = 0.0) -> tuple[list[StepResult], list[float]]:
    moments = list(Bucket(decay=decay).run(protocol))
    completion = Completion(protocol, PARTICLE)
    return moments, [completion.share(moment) for moment in moments]


CYCLE = Protocol(
    (charge(extracted(0.4)), rest(time(1.0)), discharge(extracted(0.1), rate=0.5), charge(passed(0.2)))
)


def test_it_is_the_share_of_the_time_where_currents_are_kept() -> None:
    moments, shares = told(CYCLE)
    total = moments[-1].state.time
    assert total == pytest.approx(0.6 + 1.0 + 0.9 + 0.3)
    # Nothing falls short of its current: every moment, on discharge too, is where the clock says.
    assert shares == pytest.approx([moment.state.time / total for moment in moments], abs=1e-9)


def test_a_current_that_falls_never_makes_it_go_back_or_stand_at_the_end() -> None:
    moments, shares = told(CYCLE, decay=0.5)
    assert all(before <= after + 1e-12 for before, after in pairwise(shares))
    assert shares[-1] == pytest.approx(1.0)
    # The charge takes longer than expected, yet only its end says that it is over.
    end = next(index for index, moment in enumerate(moments) if moment.ended_by is not None)
    assert shares[end - 1] < shares[end] == pytest.approx(0.6 / 2.8)


def test_a_discharge_back_to_nothing_extracted_is_told() -> None:
    moments, shares = told(Protocol((charge(extracted(0.4)), discharge(extracted(0.0)))))
    assert moments[-1].ended_by == extracted(0.0)
    assert shares[-1] == 1.0
    assert all(a <= b for a, b in pairwise(shares))


def test_an_end_at_a_surface_occupancy_is_bounded_by_what_there_is() -> None:
    step = charge(surface(0.7))
    # The mean occupancy would be 0.7 after 0.25 ions: the surface is there before.
    assert step.expected_duration(0.0, PARTICLE) == pytest.approx(IONS - 0.7 * SITES)
    moments, shares = told(Protocol((step,)))
    assert moments[-1].state.time < step.expected_duration(0.0, PARTICLE)
    assert shares == pytest.approx(
        [moment.state.time / (IONS - 0.7 * SITES) for moment in moments[:-1]] + [1.0], abs=1e-9
    )


@pytest.mark.parametrize(
    ("step", "start", "expected"),
    [
        (charge(extracted(0.4)), 0.1, 0.45),
        (charge(extracted(0.4), time(0.3)), 0.1, 0.3),
        (charge(passed(0.1), time(0.3)), 0.1, 0.15),
        (discharge(extracted(0.1)), 0.4, 0.45),
        (discharge(surface(1.0)), 0.2, 0.8),
        # Before the particle is empty or full, if ever.
        (charge(Stop("hoop_peak_MPa", 300.0)), 0.1, 1.5 * (IONS / FORMULA_UNITS - 0.1)),
        (discharge(Stop("hoop_peak_MPa", 300.0)), 0.0, SITES - IONS),
        (rest(time(7.0)), 0.2, 7.0),
        (rest(surface(0.5)), 0.2, math.inf),
        (charge(extracted(0.1)), 0.4, math.inf),
    ],
)
def test_how_long_a_step_is_expected_to_take(step: ProtocolStep, start: float, expected: float) -> None:
    assert step.expected_duration(start, PARTICLE) == pytest.approx(expected)


def test_a_step_of_which_nothing_is_known_counts_as_an_average_one() -> None:
    unknown = ProtocolStep("?", IonExchange(extraction=1.0), (surface(0.9),))
    _, shares = told(Protocol((charge(time(0.5)), unknown)))
    assert shares[-1] == pytest.approx(1.0)
    assert all(0 <= share <= 1 for share in shares)


def test_a_run_that_is_over_early_is_done() -> None:
    limit = Stop("surface_occupancy", 0.7, rises=-1, ends_run=True)
    moments, shares = told(Protocol((charge(extracted(0.5), limit), rest(time(100.0)))))
    assert moments[-1].ended_by == limit
    assert shares[-1] == 1.0
    assert shares[-2] < 0.01
