"""Runs with losses: tables, summary, sentences and figure beside the laws."""

from __future__ import annotations

from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

import oxyshell
from oxyshell.drawing.cycle_panels import LabelledCycles
from oxyshell.errors import OutputError, RunStopped
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.degradation.figure import figures
from oxyshell.models.degradation.from_scenario import law_of
from oxyshell.models.degradation.laws import reported
from oxyshell.models.degradation.losses_figure import losses_figure
from oxyshell.models.degradation.physics import Degradation
from oxyshell.outputs import read_run
from oxyshell.outputs.result import Result
from oxyshell.running import simulation
from oxyshell.scenario.scenario import Scenario
from tests.cycling import half_cell, repeated
from tests.losses import with_losses
from tests.test_restart import After, assert_same

STRESS = {"kind": "column", "column": "first_principal_peak_MPa", "reference": 50, "power": 2}
LOSSES = {
    "layer": {"start": "3.6 nm", "growth": {"law": "parabolic", "rate": "9 nm^2"}, "driver": STRESS},
    "area": {"rate": 0.05, "driver": {**STRESS, "cycle": "first"}},
    "voltage": {"rate": "1.558 mV", "driver": {"kind": "number", "strength": 0.693}},
    "redox": {"share": 0.3, "loss": {"law": "accelerating", "rate": 0.01, "from_cycle": 2, "start": 0.76}},
}
CYCLES = {
    "repeat": {
        "times": 4,
        "steps": [
            {"charge": {"rate": "0.1 C", "until": {"extracted": 0.5}}},
            {"discharge": {"rate": "0.1 C", "until": {"extracted": 0.1}}},
        ],
    }
}
REST = {"rest": {"time": "1 h"}}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    coarse = {"numerics.elements": {"bulk": 6}, "numerics.time_tolerance": 1e-2}
    return with_losses(LOSSES, {"protocol": [CYCLES, REST], **coarse})


@pytest.fixture(scope="module")
def result(scenario: Scenario) -> Result:
    return oxyshell.run(scenario)


def test_every_cycle_has_the_numbers_that_the_laws_make_of_the_one_before(
    scenario: Scenario, result: Result
) -> None:
    law = law_of(scenario, scenario.geometry())
    assert law is not None
    table, numbers = result.cycle_table.numbers, law.start()
    for row in range(4):
        for column, value in reported(law, numbers).items():
            # The march adds up differences.
            assert table[column][row] == pytest.approx(value, rel=1e-13), (column, row)
        numbers = law.after(numbers, {name: float(values[row]) for name, values in table.items()}, row + 1)
    assert table["retention"][0] == 1.0
    assert np.all(np.diff(table["layer_thickness_nm"]) > 0)


def test_a_cycle_between_contents_lasts_as_long_as_what_is_left_of_the_particle(result: Result) -> None:
    table = result.cycle_table.numbers
    left = ((150 - table["layer_thickness_nm"]) / (150 - 3.6)) ** 3
    # The first cycle begins with the as-made particle.
    durations = table["duration_s"][1:]
    np.testing.assert_allclose(durations / durations[0], left[1:] / left[1], rtol=1e-9, atol=0)
    assert left[-1] < 0.95


def test_the_summary_has_the_last_cycle_though_a_rest_follows_it(result: Result) -> None:
    summary, table = result.summary["degradation"], result.cycle_table.numbers
    assert summary["cycle"] == 4
    assert summary["layer_nm"] == table["layer_thickness_nm"][-1]
    for name in ("relative_area", "voltage_fade_mV", "redox_share", "retention"):
        assert summary[name] == table[name][-1], name
    # What is in force in the rest is what the last cycle has left.
    assert result.history["layer_thickness_nm"][-1] > summary["layer_nm"]


def test_the_run_says_what_its_losses_are_worth(result: Result) -> None:
    path = (
        "Between cycle 1 and cycle 4 the losses follow their laws: the path between is the law's, not data's."
    )
    assert path in result.summary["remarks"]
    told = {one.quantity: one for one in Degradation().findings(result.summary)}
    numbers = result.summary["degradation"]
    assert told["capacity by the laws"].value == f"{100 * numbers['retention']:.2f} %"
    assert told["capacity by the laws"].circumstances == "of that of cycle 1, in cycle 4"
    assert told["surface layer"].value == f"{numbers['layer_nm']:.4g} nm"
    assert told["fade of the mean voltage"].value == "3.239 mV"
    assert not list(Degradation().findings({"oxygen": {}}))


def test_one_figure_shows_what_changes_of_one_run_or_several(
    scenario: Scenario, result: Result, tmp_path: Path
) -> None:
    runs = [LabelledRun(name, scenario, result) for name in ("pristine", "Ru-1")]
    sizes = []
    for several in (runs[:1], runs):
        (figure,) = figures(several)
        assert (figure.name, figure.compares) == ("losses", True)
        figure.draw(tmp_path / "losses.png")
        sizes.append(matplotlib.image.imread(tmp_path / "losses.png").shape)
    assert sizes[0] == sizes[1]
    without = LabelledRun("none", scenario.with_values({"degradation": None}), result)
    assert not figures([without])
    # Of a loss that there is not, no panel.
    still = {name: values if name in ("cycle", "retention") else 0 * values for name, values in
             result.cycle_table.numbers.items() if values.dtype.kind == "f"}  # fmt: skip
    losses_figure([LabelledCycles("still", still)], tmp_path / "one.png")
    assert matplotlib.image.imread(tmp_path / "one.png").shape[0] < sizes[0][0] / 2


def test_a_figure_of_a_single_cycle_is_none(tmp_path: Path) -> None:
    one = LabelledCycles("one", {"cycle": np.array([1.0])})
    with pytest.raises(OutputError, match="several cycles"):
        losses_figure([one], tmp_path / "none.png")


def test_the_film_carries_the_current_of_the_sample_through_the_surface_of_the_core() -> None:
    cycles = repeated(2, '["charge at 0.5 C until 4.2 V", "discharge at C/2 until 3.5 V"]')
    scenario = half_cell(f"[{cycles}]", numerics="time_tolerance: 1e-2, elements: {bulk: 8}")
    growth = {"law": "linear", "rate": "90 nm"}
    film = {"layer": {"start": "10 nm", "growth": growth, "resistivity": "1e5 ohm m"}}
    result = oxyshell.run(scenario.with_values({"degradation": film}))
    history, table = result.history, result.cycle_table.numbers
    for start, duration, thickness in zip(
        table["start_s"], table["duration_s"], table["layer_thickness_nm"], strict=True
    ):
        inside = (history["time_s"] > start) & (history["time_s"] < start + duration)
        # V per current through the surface as made; that of the core is smaller by the square of its share.
        share = (5220 - thickness) / (5220 - 10)
        ratio = history["film_overpotential_V"][inside] / history["current_A_m2"][inside]
        assert ratio == pytest.approx(1e5 * thickness * 1e-9 / share**2, rel=1e-9)
    np.testing.assert_allclose(table["layer_thickness_nm"], [10, 100], rtol=1e-12)
    # Of what is lost the laws know the core; the film ends the discharge sooner.
    passed = table["discharge_mAh_g"][1] / table["discharge_mAh_g"][0]
    assert passed < table["retention"][1] - 0.01


def test_interrupted_anywhere_a_run_with_losses_and_jumps_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "draw", lambda *_: None)
    cycles = {"repeat": {**CYCLES["repeat"], "times": 12, "jump": {"tolerance": 1e-2}}}
    coarse = {"numerics.elements": {"bulk": 6}, "numerics.time_tolerance": 1e-2}
    scenario = with_losses({**LOSSES, "redox": None}, {"protocol": [cycles, REST], **coarse})
    simulation.run(scenario, tmp_path / "whole")
    assert read_run(tmp_path / "whole").summary["jumps"]["made"] > 0
    stops = 0
    while True:
        try:
            simulation.run(scenario, tmp_path / "parts", resume=stops > 0, stops=After(41))
        except RunStopped:
            stops += 1
        else:
            break
    assert stops >= 3
    assert_same(tmp_path / "whole", tmp_path / "parts")
    # Of what drives the area the first cycle alone counts, whatever is jumped over.
    table = read_run(tmp_path / "whole").cycle_table.numbers
    gained = (table["relative_area"][1:] - 1) / (table["cycle"][1:] - 1)
    np.testing.assert_allclose(gained, gained[0], rtol=1e-12)


def test_no_jump_leads_over_the_cycle_from_which_a_law_holds() -> None:
    """A law that changes next to nothing on both sides of that cycle, so that no error estimate sees it."""
    loss = {"law": "exponential", "rate": 1e-5, "from_cycle": 14, "start": 0.7}
    repeat = {**CYCLES["repeat"], "times": 25, "jump": {"tolerance": 1e-3}}
    coarse = {"numerics.elements": {"bulk": 2}, "numerics.time_tolerance": 1e-1}
    losses = {"redox": {"share": 0.5, "loss": loss}}
    table = oxyshell.run(
        with_losses(losses, {"protocol": [{"repeat": repeat}], **coarse})
    ).cycle_table.numbers
    cycles = list(table["cycle"])
    assert len(cycles) < 20
    assert {13, 14} <= set(cycles)
    # A sum by a straight line, of gains that change by 1e-5 of themselves per cycle.
    kept = np.where(np.array(cycles) < 14, 1.0, 0.7 * np.exp(-1e-5 * (np.array(cycles) - 14)))
    assert table["redox_share"] == pytest.approx(kept, abs=1e-8)
