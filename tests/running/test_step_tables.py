"""Rows of steps and cycles of real runs, beside their histories."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import RunStopped
from oxyshell.outputs import Result, read_run
from oxyshell.running import simulation
from oxyshell.scenario.scenario import Scenario
from tests.test_restart import After, assert_same

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[2] / "scenarios"
COARSE = {
    "numerics.elements": {"layer": 2, "bulk": 4},
    "numerics.time_tolerance": 1e-2,
    "output.at": {"extracted": [0.25]},
}
CYCLES = 6
CYCLED: list[dict[str, Any]] = [
    {"charge": {"rate": "0.2 C", "until": {"extracted": 0.3}}},
    {
        "repeat": {
            "times": CYCLES,
            "name": "ageing, 25 °C",
            "steps": [
                {"discharge": {"rate": "0.2 C", "until": {"extracted": 0.2}}},
                {"rest": {"time": "10 min"}},
                {"charge": {"rate": "0.2 C", "until": {"extracted": 0.3}}},
            ],
        }
    },
    {"rest": {"time": "1 h"}},
]


def scenario(name: str, **more: object) -> Scenario:
    return oxyshell.load(SCENARIOS / f"{name}.yaml").with_values({**COARSE, "protocol": CYCLED, **more})


@pytest.fixture(scope="module")
def cycled() -> Result:
    """A run with all rows of the history."""
    fine = {"output.every_cycle": 1, "numerics.oxygen_tolerance": 1e-3}
    return oxyshell.run(scenario("lrmo-charge-with-oxygen", **fine))


def within(result: Result, index: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows of the history in a step, its start included."""
    start, duration = (result.step_table[name][index] for name in ("start_s", "duration_s"))
    time = result.history["time_s"]
    # The end is the sum of two numbers that the history has the other way round.
    return (time >= start) & (time <= (start + duration) * (1 + 1e-12))


def test_steps_have_their_place_in_the_protocol_and_in_their_cycle(cycled: Result) -> None:
    steps = cycled.step_table
    assert steps["step"].tolist() == list(range(1, 3 * CYCLES + 3))
    assert steps["cycle"].tolist() == [0, *(1 + n // 3 for n in range(3 * CYCLES)), 0]
    assert steps["block"].tolist() == ["", *["ageing, 25 °C"] * (3 * CYCLES), ""]
    assert steps["verb"].tolist() == ["charge", *["discharge", "rest", "charge"] * CYCLES, "rest"]
    assert steps["label"][:2].tolist() == ["charge at 0.2 C", "discharge at 0.2 C"]
    assert steps["reason"].tolist() == ["extracted", *["extracted", "time", "extracted"] * CYCLES, "time"]


def test_steps_follow_one_another_and_lie_between_rows_of_the_history(cycled: Result) -> None:
    steps, history = cycled.step_table, cycled.history
    ends = np.asarray(steps["start_s"]) + np.asarray(steps["duration_s"])
    np.testing.assert_allclose(ends[:-1], steps["start_s"][1:], rtol=1e-14)
    assert (steps["start_s"][0], ends[-1]) == (0.0, pytest.approx(history["time_s"][-1], rel=1e-14))
    assert steps["duration_s"][2::3].tolist() == pytest.approx([600.0] * CYCLES, rel=1e-9)
    # One row is the start of the run, every other one a time step.
    assert sum(steps["time_steps"]) == len(history["time_s"]) - 1 == cycled.summary["steps"]


def test_contents_and_charges_are_those_of_the_protocol(cycled: Result) -> None:
    steps, cycles = cycled.step_table, cycled.cycle_table
    assert steps["extracted_at_end"][0] == pytest.approx(0.3, rel=1e-12)
    np.testing.assert_array_equal(steps["extracted_at_start"][1:], steps["extracted_at_end"][:-1])
    assert steps["discharged_per_formula"][1::3][:CYCLES] == pytest.approx([0.1] * CYCLES, rel=1e-12)
    assert steps["charged_per_formula"][3::3][:CYCLES] == pytest.approx([0.1] * CYCLES, rel=1e-12)
    assert steps["charged_per_formula"][2::3].tolist() == [0.0] * CYCLES
    assert cycles["cycle"].tolist() == list(range(1, CYCLES + 1))
    assert cycles["block"].tolist() == ["ageing, 25 °C"] * CYCLES
    for name in ("charged_per_formula", "discharged_per_formula"):
        assert cycles[name] == pytest.approx([0.1] * CYCLES, rel=1e-12)
    assert cycles["extracted_at_end"] == pytest.approx([0.3] * CYCLES, rel=1e-12)


def test_peaks_of_steps_are_those_of_their_rows_or_a_little_between_them(cycled: Result) -> None:
    steps, cycles, summary = cycled.step_table, cycled.cycle_table, cycled.summary["stress"]
    for measure in ("first_principal", "hoop", "von_mises"):
        name = f"{measure}_peak_MPa"
        for index, peak in enumerate(steps[name]):
            column = cycled.history[name][within(cycled, index)]
            # A polynomial between time steps adds at most a quarter of the fall beside them.
            assert column.max() <= peak <= column.max() + 0.25 * np.ptp(column)
        times = np.asarray(steps[f"{measure}_peak_time_s"])
        assert all(times >= np.asarray(steps["start_s"]))
        assert max(steps[name]) == summary[measure]["peak_MPa"]
        assert times[np.argmax(steps[name])] == summary[measure]["time_s"]
        for number, peak in enumerate(cycles[name]):
            assert peak == max(steps[name][1 + 3 * number : 4 + 3 * number])


def test_oxygen_of_steps_and_cycles_adds_up_to_that_of_the_run(cycled: Result) -> None:
    whole = cycled.summary["oxygen"]
    sums = {"generated": "generated", "released": "released", "captured": "captured"}
    for verb, total in sums.items():
        of_steps = np.asarray(cycled.step_table[f"oxygen_{verb}_umol_g"])
        assert math.fsum(of_steps) == pytest.approx(whole[f"{total}_umol_per_g"], rel=1e-9, abs=1e-12)
        of_cycles = of_steps[1:-1].reshape(CYCLES, 3).sum(axis=1)
        assert cycled.cycle_table[f"oxygen_{verb}_umol_g"] == pytest.approx(of_cycles, rel=1e-9, abs=1e-12)
    assert whole["generated_umol_per_g"] > 0


def test_cycles_that_are_not_recorded_are_in_the_tables_alone(tmp_path: Path, cycled: Result) -> None:
    some = {"output.every_cycle": 4, "output.last_cycles": 1, "numerics.oxygen_tolerance": 1e-3}
    run = oxyshell.run(scenario("lrmo-charge-with-oxygen", **some), tmp_path)
    for table, whole in ((run.step_table, cycled.step_table), (run.cycle_table, cycled.cycle_table)):
        for name in whole:
            np.testing.assert_array_equal(table[name], whole[name], err_msg=name)
    steps = cycled.step_table
    cycle_of = np.zeros(len(cycled.history["time_s"]), dtype=int)
    for index, (cycle, start) in enumerate(zip(steps["cycle"], steps["start_s"], strict=True)):
        cycle_of[within(cycled, index) & (cycled.history["time_s"] > start)] = cycle
    kept = np.isin(cycle_of, [0, 1, 4, 6])
    assert 0.3 < kept.mean() < 0.8
    for name, values in cycled.history.items():
        np.testing.assert_array_equal(run.history[name], values[kept], err_msg=name)
    # The start, the ends of the steps of recorded cycles, and 0.25 on the way up and down.
    assert len(run.profiles.times) == len(run.fields) == 1 + (1 + 3 * 3 + 1) + (1 + 3 * 2)
    assert set(run.profiles.times) <= set(run.history["time_s"])
    assert run.summary["stress"] == cycled.summary["stress"]
    assert read_run(tmp_path).step_table.rows == 3 * CYCLES + 2


@pytest.mark.parametrize("looks", [1, 23, 57, 101])
def test_a_run_stopped_anywhere_and_resumed_leaves_the_same_rows(looks: int, tmp_path: Path) -> None:
    some = scenario("lrmo-ru1", **{"output.every_cycle": 4})
    oxyshell.run(some, tmp_path / "whole")
    stops = 0
    while True:
        try:
            simulation.run(some, tmp_path / "run", resume=stops > 0, stops=After(looks + stops))
            break
        except RunStopped:
            stops += 1
            if stops == 3:
                simulation.run(some, tmp_path / "run", resume=True)
                break
    assert stops
    assert_same(tmp_path / "whole", tmp_path / "run")


def test_a_step_whose_end_is_met_at_its_start_has_a_row_without_length() -> None:
    charge = {"charge": {"rate": "0.2 C", "until": {"reaches": {"hoop_peak_MPa": 100}}}}
    protocol = [charge, charge, {"rest": {"time": "1 min"}}]
    steps = oxyshell.run(scenario("lrmo-ru1", **{"protocol": protocol, "output.at": {}})).step_table
    assert steps["reason"].tolist() == ["hoop_peak_MPa", "already met", "time"]
    assert (steps["duration_s"][1], steps["time_steps"][1], steps["charged_per_formula"][1]) == (0, 0, 0)
    assert steps["start_s"][1] == steps["start_s"][2]
    assert steps["hoop_peak_MPa"][1] <= steps["hoop_peak_MPa"][0]
