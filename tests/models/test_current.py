"""A current that the protocol sets and the particle cannot keep."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.protocol import TIME, Protocol, ProtocolStep, Stop
from oxyshell.models.ions.current import KeptCurrent
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.recorder import Cells, EndedStep
from oxyshell.solver.state import Observation, State
from oxyshell.solver.step_result import Continuation, StepResult
from oxyshell.studies.calibration.observations import read
from tests.lrmo import scenario_file
from tests.runs import result_of

AREA, FLUX = 2e-13, 3e-6
CHARGE = ProtocolStep("charge", IonExchange(extraction=FLUX), (Stop(TIME, 1.0),))
DISCHARGE = ProtocolStep("discharge", IonExchange(insertion=FLUX), (Stop(TIME, 1.0),))
REST = ProtocolStep("rest", IonExchange(), (Stop(TIME, 1.0),))
HOLD = ProtocolStep("hold", IonExchange(transfer=1.0, target=0.5), (Stop(TIME, 1.0),))
SLOW = scenario_file("slow", diffusivity="1e-24 m^2/s")


def moment(index: int, time: float, extracted: float, outflow: float, step: float = 1.0) -> StepResult:
    return StepResult(
        state=State(time, np.zeros(1), 0.0),
        observation=Observation(content=1.0, outflow=outflow, surface_occupancy=0.5),
        extracted=extracted,
        balance_error=0.0,
        step=step,
        steps=1,
        rejected=0,
        is_output=False,
        ended_by=None,
        protocol_step=index,
        step_time=1.0,
        continuation=Continuation(index, 0.0, (), math.inf, 1.0, (), 1.0),
    )


def of_step(finding: KeptCurrent, step: ProtocolStep, index: int) -> Cells:
    """Its columns of the table of steps."""
    return finding.of_step(EndedStep(step, index, {}, {}, "time"))


def test_a_step_that_kept_its_current_is_forgotten_but_for_its_least_one() -> None:
    # Ten thousand cycles take no more room than one.
    finding, _ = watched((CHARGE, DISCHARGE), falling([1.0, 0.995]))
    size = len(json.dumps(finding.remembered()))
    of_step(finding, CHARGE, 0)
    for later in falling([1.0, 1.0], 1, -1.0, 10.0)[1:]:
        finding.step(later)
    of_step(finding, DISCHARGE, 1)
    assert len(json.dumps(finding.remembered())) < size
    assert told_of(finding)["least_over_set"] == pytest.approx(0.995)
    again = KeptCurrent(Protocol((CHARGE, DISCHARGE)), AREA)
    again.restore(json.loads(json.dumps(finding.remembered())))
    assert told_of(again) == told_of(finding)


def told_of(finding: KeptCurrent) -> Any:
    """Its part of the summary."""
    return finding.summary()["current"]


def watched(steps: tuple[ProtocolStep, ...], moments: list[StepResult]) -> tuple[KeptCurrent, list[float]]:
    finding = KeptCurrent(Protocol(steps), AREA)
    return finding, [finding.step(one)["current_over_set"] for one in moments]


def falling(shares: list[float], index: int = 0, sign: float = 1.0, start: float = 0.0) -> list[StepResult]:
    """One moment every 10 s; what was out falls with them."""
    return [
        moment(index, start + 10.0 * n, 0.1 * n, sign * share * FLUX * AREA, 10.0 * (n > 0))
        for n, share in enumerate(shares)
    ]


def test_the_share_is_that_of_the_set_current_and_falls_below_99_percent_on_a_straight_line() -> None:
    finding, shares = watched((CHARGE,), falling([1.0, 1.0, 0.8, 0.5, 0.7]))
    assert shares == pytest.approx([1.0, 1.0, 0.8, 0.5, 0.7], rel=1e-12)
    # From 1 to 0.8 in 10 s: 0.99 is passed after 0.5 s of them.
    current = told_of(finding)
    assert current == {
        "least_over_set": pytest.approx(0.5),
        "below_99_percent_for_s": pytest.approx(29.5),
        "shortfalls": [
            {
                "protocol_step": 0,
                "from_s": pytest.approx(10.5),
                "for_s": pytest.approx(29.5),
                "extracted_per_formula": pytest.approx(0.105),
                "least_over_set": pytest.approx(0.5),
            }
        ],
    }
    assert of_step(finding, CHARGE, 0) == {
        "current_least_over_set": current["least_over_set"],
        "current_below_99_percent_s": current["below_99_percent_for_s"],
    }
    (told,) = finding.remarks()
    assert told == (
        "charge: from t = 10 s on (0.105 extracted per formula unit) the surface was exhausted, and the "
        "current was below 99 % of the set one for 30 s; at its least it was 50 % of it, at the end it was "
        "70 % of it."
    )


def test_only_the_time_below_counts_where_the_current_comes_back() -> None:
    finding, _ = watched((DISCHARGE,), falling([1.0, 0.98, 1.0, 0.98], sign=-1.0))
    current = told_of(finding)
    assert [one["from_s"] for one in current["shortfalls"]] == pytest.approx([5.0])
    assert current["below_99_percent_for_s"] == pytest.approx(15.0)
    assert "the surface was full" in next(finding.remarks())


def test_where_no_current_is_set_nothing_can_be_missed() -> None:
    finding, shares = watched(
        (REST, HOLD), [moment(0, 0.0, 0.0, 0.0, 0.0), moment(0, 1.0, 0.0, 0.0), moment(1, 2.0, 0.1, 1e-20)]
    )
    assert shares == [1.0, 1.0, 1.0]
    assert list(finding.remarks()) == []
    assert of_step(finding, HOLD, 1) == {"current_least_over_set": 1.0, "current_below_99_percent_s": 0.0}
    assert told_of(finding)["shortfalls"] == []


def test_a_kept_current_is_no_remark_and_one_kept_to_99_percent_neither() -> None:
    finding, _ = watched((CHARGE,), falling([1.0, 0.995, 0.9901]))
    assert list(finding.remarks()) == []
    assert told_of(finding)["least_over_set"] == pytest.approx(0.9901)


def test_each_step_of_a_protocol_is_told_apart_and_a_thousand_do_not_fill_the_screen() -> None:
    steps = (CHARGE, DISCHARGE) * 3
    moments = []
    for index in range(6):
        sign = 1.0 if index % 2 == 0 else -1.0
        # The first steps of each kind keep their current, but for their ends.
        moments += falling([1.0, 1.0, 0.5 - 0.05 * index], index, sign, 30.0 * index)[1:]
    finding, _ = watched(steps, moments)
    told = list(finding.remarks())
    assert len(told) == 4
    assert told[1].startswith("discharge (step 2 of the protocol): from t = 40 s on ")
    assert told[3] == (
        "In 3 more steps of the protocol the current was below 99 % of the set one for some time: "
        "'current.shortfalls' in the summary says when."
    )
    of_steps: list[Any] = [of_step(finding, step, index) for index, step in enumerate(steps)]
    least = [one["current_least_over_set"] for one in of_steps]
    assert least == pytest.approx([0.5, 0.45, 0.4, 0.35, 0.3, 0.25])
    total = told_of(finding)
    assert total["least_over_set"] == pytest.approx(0.25)
    assert total["below_99_percent_for_s"] == pytest.approx(
        sum(one["current_below_99_percent_s"] for one in of_steps)
    )


def test_what_is_remembered_goes_on_to_the_last_bit() -> None:
    moments = falling([1.0, 0.97, 1 / 3, 0.2, 0.1])
    whole, _ = watched((CHARGE,), moments)
    first, _ = watched((CHARGE,), moments[:3])
    second = KeptCurrent(Protocol((CHARGE,)), AREA)
    second.restore(json.loads(json.dumps(first.remembered())))
    for one in moments[3:]:
        second.step(one)
    assert second.summary() == whole.summary()
    assert list(second.remarks()) == list(whole.remarks())


@pytest.fixture(scope="module")
def slow() -> Scenario:
    return loads(SLOW)


def test_a_particle_that_diffuses_too_slowly_says_that_its_charge_took_62_years(slow: Scenario) -> None:
    result = oxyshell.run(slow)
    current, share = result.summary["current"], result.history["current_over_set"]
    assert share[0] == pytest.approx(1.0, rel=1e-12)
    # The set current passes 0.9 in 0.9·45 509 s.
    assert current["below_99_percent_for_s"] == pytest.approx(result.summary["time_s"], rel=1e-4)
    assert result.summary["time_s"] > 60 * 3.15576e7
    assert current["least_over_set"] == share.min() == pytest.approx(6.6e-6, rel=0.02)
    (told,) = result.summary["remarks"]
    assert "below 99 % of the set one for 62 years; at the end it was 0.00066 % of it." in told
    assert list(result.step_table["current_least_over_set"]) == [current["least_over_set"]]


def test_a_plate_keeps_its_current_for_sand_s_time_and_then_as_long_as_cottrell_says(slow: Scenario) -> None:
    diffusivity, density, sites = 1e-20, 0.02, 1.2 / 20.11e-6
    flux = density / 96485.33212
    # Sand: a half space is exhausted at its surface after π D (c/2j)².
    sand = math.pi * diffusivity * (0.999 * sites / (2 * flux)) ** 2
    protocol = [{"charge": {"current_density": density, "until": {"time": f"{4 * sand} s"}}}]
    plate = {"particle.shape": "plate", "material.drift": "none", "material.diffusivity": diffusivity}
    # The layer from which ions are taken is 2.5 nm thick by then.
    fine = {"numerics.elements": {"bulk": 40, "surface_size": 1e-3}, "surface.exhausted_below": 1e-4}
    result = oxyshell.run(slow.with_values({**plate, **fine, "protocol": protocol}))
    current = result.summary["current"]
    # The flux after that is j (2/π) arcsin √(τ/t): 99 % of it at 1.00025 τ, a third of it at 4 τ. The current
    # falls from an occupancy of 1e-4 on, and steps err by 1e-4: each makes 2e-4 of the time.
    assert current["shortfalls"][0]["from_s"] == pytest.approx(1.00025 * sand, rel=5e-4)
    assert current["below_99_percent_for_s"] == pytest.approx(2.99975 * sand, rel=2e-4)
    assert current["least_over_set"] == pytest.approx(1 / 3, rel=1e-4)
    time, share = result.history["time_s"], result.history["current_over_set"]
    late = time > 1.2 * sand
    assert np.sum(late) > 3
    expected = 2 / math.pi * np.arcsin(np.sqrt(sand / time[late]))
    assert share[late] == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize("shape", ["cylinder", "plate"])
def test_other_shapes_keep_their_current_as_long_as_the_surface_holds_ions(
    slow: Scenario, shape: str
) -> None:
    fast = {"material.diffusivity": "1e-17 m^2/s", "particle.shape": shape, "numerics.time_tolerance": 1e-3}
    protocol = [
        {"charge": {"specific_current": "25 mA/g", "until": {"extracted": 0.4}}},
        {"discharge": {"current_density": "1e-5 A/m^2", "until": {"time": "1 h"}}},
        {"rest": {"time": "1 h"}},
    ]
    result = oxyshell.run(slow.with_values({**fast, "protocol": protocol}))
    assert result.history["current_over_set"] == pytest.approx(1.0, rel=1e-9)
    assert result.summary["remarks"] == []
    assert list(result.step_table["current_below_99_percent_s"]) == [0.0] * 3


def test_a_full_surface_is_told_of_in_a_disc_too(slow: Scenario) -> None:
    disc = {
        "particle.dimension": 2,
        "particle.extent": "quarter",
        "numerics.elements": {"bulk": 4, "tangential": 3},
        "numerics.time_tolerance": 1e-2,
        "material.ion.occupancy": 0.6,
        "material.diffusivity": "1e-18 m^2/s",
    }
    protocol = [{"discharge": {"rate": "2 C", "until": {"time": "12 min"}}}]
    result = oxyshell.run(slow.with_values({**disc, "protocol": protocol}))
    share = result.history["current_over_set"]
    assert share[:5] == pytest.approx(1.0, rel=1e-9)
    assert 0 < share[-1] < 0.9
    (told,) = result.summary["remarks"]
    assert "the surface was full" in told


def test_sweeps_and_calibrations_can_ask_for_it(slow: Scenario) -> None:
    result = result_of(
        {"current": {"least_over_set": 0.25, "below_99_percent_for_s": 60.0}},
        {"current_over_set": np.array([1.0, 0.5, 0.75]), "time_s": np.array([0.0, 1.0, 2.0])},
    )
    assert read("min of history.current_over_set", slow).evaluate(slow, result) == 0.5
    assert read("history.current_over_set at 1 s", slow).evaluate(slow, result) == 0.5
    assert read("current.least_over_set", slow).evaluate(slow, result) == 0.25
    assert read("current.below_99_percent_for_s", slow).unit == "s"
