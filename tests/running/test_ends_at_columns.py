"""Steps of a protocol that end at a value of a column of the history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import SolverError
from oxyshell.language.mistakes import ScenarioError
from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def charged_until(file: str, **until: Any) -> Scenario:
    steps = [{"charge": {"rate": "0.1 C", "until": until}}, {"rest": {"time": "10 min"}}]
    scenario = oxyshell.load(SCENARIOS / file)
    return scenario.with_values({"protocol": steps, "output.at": {"extracted": []}})


def ends(result: Result) -> list[dict[str, Any]]:
    found: Any = result.summary["protocol"]
    return list(found)


def test_a_charge_ends_where_a_stress_comes_to_a_value() -> None:
    result = oxyshell.run(
        charged_until("lrmo-pristine.yaml", extracted=1.1, reaches={"hoop_peak_MPa": 300.0})
    )
    first = ends(result)[0]
    assert first["ended_by"] == "hoop_peak_MPa"
    assert first["asked"] == 300.0
    assert first["reached"] == pytest.approx(300.0, rel=1e-9)
    (at,) = np.flatnonzero(np.isclose(result.history["time_s"], first["time_s"], rtol=1e-12))[:1]
    # Landing stops within 1e-10 of the value.
    assert result.history["hoop_peak_MPa"][at] == pytest.approx(300.0, rel=1e-9)
    assert np.all(np.asarray(result.history["hoop_peak_MPa"])[:at] < 300.0)
    # The same end as without a rest after it, and the run goes on.
    assert result.history["time_s"][-1] == pytest.approx(first["time_s"] + 600.0, rel=1e-12)


def test_the_first_end_counts() -> None:
    result = oxyshell.run(
        charged_until("lrmo-pristine.yaml", extracted=0.1, reaches={"hoop_peak_MPa": 5000.0})
    )
    assert ends(result)[0]["ended_by"] == "extracted"


def test_a_charge_ends_where_a_share_of_the_oxygen_is_lost() -> None:
    scenario = charged_until(
        "lrmo-charge-with-oxygen.yaml", extracted=1.1, reaches={"oxygen_released_umol_g": 0.5}
    )
    result = oxyshell.run(scenario)
    first = ends(result)[0]
    assert first["ended_by"] == "oxygen_released_umol_g"
    (at,) = np.flatnonzero(np.isclose(result.history["time_s"], first["time_s"], rtol=1e-12))[:1]
    assert result.history["oxygen_released_umol_g"][at] == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("value", [1e-20, 1e-18])
def test_an_amount_in_mol_is_far_below_one_and_yet_landed_on(value: float) -> None:
    scenario = charged_until(
        "lrmo-charge-with-oxygen.yaml", extracted=1.1, reaches={"oxygen_generated_mol": value}
    )
    result = oxyshell.run(scenario)
    first = ends(result)[0]
    assert first["ended_by"] == "oxygen_generated_mol"
    (at,) = np.flatnonzero(np.isclose(result.history["time_s"], first["time_s"], rtol=1e-12))[:1]
    assert result.history["oxygen_generated_mol"][at] == pytest.approx(value, rel=1e-9)


def test_a_discharge_ends_where_a_stress_changes_its_sign() -> None:
    charge = {"charge": {"rate": "0.1 C", "until": {"extracted": 0.3}}}
    discharge = {"discharge": {"rate": "0.1 C", "until": {"reaches": {"surface_hoop_MPa": 0.0}}}}
    # The second discharge begins where it ends.
    steps = [charge, discharge, discharge]
    scenario = charged_until("lrmo-pristine.yaml", extracted=1.0).with_values({"protocol": steps})
    result = oxyshell.run(scenario)
    _, first, second = ends(result)
    assert first["ended_by"] == second["ended_by"] == "surface_hoop_MPa"
    assert result.summary["stress"]["final"]["surface_hoop_MPa"] == pytest.approx(0.0, abs=1e-9)
    assert second["time_s"] == first["time_s"]


def test_a_value_that_is_never_reached_ends_in_words() -> None:
    """It once ended at 1e38 s with the value reached, by numbers that meant nothing."""
    with pytest.raises(SolverError, match=r"charge at 0\.1 C.*, and hoop_peak_MPa = 5000 is not"):
        oxyshell.run(charged_until("lrmo-pristine.yaml", reaches={"hoop_peak_MPa": 5000.0}))


def test_the_order_of_ends_is_no_other_scenario() -> None:
    columns = {"hoop_peak_MPa": 300.0, "von_mises_peak_MPa": 200.0}
    one, other = (
        charged_until("lrmo-pristine.yaml", reaches=dict(order))
        for order in (columns.items(), reversed(columns.items()))
    )
    assert one == other
    assert hash(one) == hash(other)


def test_an_end_is_written_and_read_back() -> None:
    scenario = charged_until("lrmo-pristine.yaml", extracted=1.1, reaches={"hoop_peak_MPa": 300.0})
    again = loads(scenario.to_yaml())
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.to_data()["protocol"][0]["charge"]["until"]["reaches"] == {"hoop_peak_MPa": 300.0}


@pytest.mark.parametrize(
    ("reaches", "words"),
    [
        ({"hoop_peek_MPa": 300.0}, "'hoop_peek_MPa', at which no step .* expected 'hoop_peak_MPa'"),
        ({"oxygen_retention": 0.9}, "'oxygen_retention', at which no step of this scenario can end"),
        ({"time_step_s": 1.0}, "'time_step_s', at which no step"),
        ({"hoop_peak_MPa": "300 MPa"}, "reaches.hoop_peak_MPa: found '300 MPa', expected a number"),
    ],
)
def test_columns_that_end_no_step_are_mistakes(reaches: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        charged_until("lrmo-pristine.yaml", extracted=1.1, reaches=reaches)


def test_a_current_needs_some_end() -> None:
    with pytest.raises(ScenarioError, match="no end"):
        charged_until("lrmo-pristine.yaml", reaches={})
