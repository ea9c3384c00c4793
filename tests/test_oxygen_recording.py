"""What is recorded of a run's oxygen, against each other and against what the numbers mean."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result, RunFolder, read_run
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.outputs.sample_run import COLUMNS, OXYGEN_COLUMNS, OXYGEN_PROFILE_COLUMNS

# Coarse: what is compared here holds on any mesh.
CHARGE = load(Path(__file__).parents[1] / "scenarios" / "lrmo-charge-with-oxygen.yaml").with_values(
    {
        "numerics.elements": {"layer": 2, "bulk": 6},
        "numerics.time_tolerance": 1e-3,
        "numerics.oxygen_tolerance": 1e-3,
        "output.at": {"extracted": [0.5, 0.8]},
    }
)
FILLED = CHARGE.with_values({"oxygen.initial": "500 mol/m^3"})
NOTHING = CHARGE.with_values({"oxygen.source": None, "oxygen.surface": {"law": "sealed"}})
RADIUS = 150e-9
VOLUME = 4 / 3 * math.pi * RADIUS**3
GRAMS = VOLUME * 84.805 / 20.11e-6
# Boole's rule for the five points that a radial line's profile has in every element: exact for r² c.
BOOLE = np.array([7, 32, 12, 32, 7]) / 90


@pytest.fixture(scope="module", params=[CHARGE, FILLED], ids=["made on charge", "some at the start"])
def result(request: pytest.FixtureRequest, workplace: SimulationCache) -> Result:
    return workplace.run(request.param)


@pytest.fixture(scope="module")
def workplace() -> SimulationCache:
    return SimulationCache()


def summary_of(result: Result) -> dict[str, Any]:
    found = result.summary["oxygen"]
    assert isinstance(found, dict)
    return found


def there(result: Result) -> np.ndarray:
    """Initial plus generated O2 in every row, mol."""
    history = result.history
    total: np.ndarray = history["oxygen_in_lattice_mol"][0] + history["oxygen_generated_mol"]
    return total


def test_a_history_has_the_columns_of_oxygen_and_a_run_without_it_none(
    result: Result, workplace: SimulationCache
) -> None:
    assert list(result.history) == [*COLUMNS, *OXYGEN_COLUMNS]
    assert set(OXYGEN_PROFILE_COLUMNS) <= set(result.profiles)
    assert set(OXYGEN_PROFILE_COLUMNS) <= set(result.fields[0].point_data)
    without = workplace.run(CHARGE.with_values({"oxygen": None}))
    assert list(without.history) == list(COLUMNS)
    assert set(without.profiles).isdisjoint(OXYGEN_PROFILE_COLUMNS)
    assert set(without.fields[0].point_data).isdisjoint(OXYGEN_PROFILE_COLUMNS)
    assert "oxygen" not in without.summary


def test_what_is_kept_captured_and_released_adds_up_in_every_row(result: Result) -> None:
    history, total = result.history, there(result)
    some = total > 0
    assert some.sum() > 20
    parts = (history[f"oxygen_{part}_mol"][some] for part in ("in_lattice", "captured", "released"))
    kept, captured, released = (part / total[some] for part in parts)
    assert kept + captured + released == pytest.approx(1.0, abs=1e-10)
    assert history["oxygen_retention"][some] == pytest.approx(kept, rel=1e-14)
    assert np.isnan(history["oxygen_retention"][~some]).all()
    assert history["oxygen_balance_error"].max() < 1e-10
    assert captured[-1] > 0
    assert released[-1] > 0.5


def test_the_summary_is_the_last_row_and_what_was_largest(result: Result) -> None:
    history, found, total = result.history, summary_of(result), there(result)[-1]
    expected = {
        "retention": history["oxygen_retention"][-1],
        "captured_fraction": history["oxygen_captured_mol"][-1] / total,
        "released_fraction": history["oxygen_released_mol"][-1] / total,
        "surface_to_centre": history["oxygen_surface_to_centre"][-1],
        "filling": history["sink_filling"][-1],
        "fullest": history["sink_filling"].max(),
        "balance_error": history["oxygen_balance_error"].max(),
        "generated_umol_per_g": 1e6 * history["oxygen_generated_mol"][-1] / GRAMS,
        "captured_umol_per_g": 1e6 * history["oxygen_captured_mol"][-1] / GRAMS,
        "released_umol_per_g": 1e6 * history["oxygen_released_mol"][-1] / GRAMS,
        "fastest_release_umol_per_g_min": history["oxygen_release_umol_g_min"].max(),
        "steps": history["oxygen_steps"][-1],
    }
    assert found["rejected_steps"] >= 0
    assert set(found) == {*expected, "rejected_steps"}
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-12, abs=0), name


def test_the_release_is_per_gram_and_per_minute(result: Result) -> None:
    history = result.history
    released = history["oxygen_released_umol_g"]
    assert released == pytest.approx(1e6 * history["oxygen_released_mol"] / GRAMS, rel=1e-12, abs=0)
    # Its rate by trapezoids over the run's own steps; what they err by is what half as many change, over 3.
    time, rate = history["time_s"] / 60, history["oxygen_release_umol_g_min"]
    late = history["time_s"] > 1000  # what is there at the start leaves like 1/√t
    fine = np.trapezoid(rate[late], time[late])
    coarse = np.trapezoid(rate[late][::2], time[late][::2])
    gained = released[late][-1] - released[late][0]
    assert gained > 100
    assert fine == pytest.approx(gained, abs=abs(fine - coarse) + 0.01 * gained)


@pytest.mark.parametrize(
    ("array", "column"),
    [("oxygen_mol_m3", "oxygen_in_lattice_mol"), ("oxygen_generated_mol_m3", "oxygen_generated_mol")],
)
def test_profiles_integrate_to_what_the_history_says(result: Result, array: str, column: str) -> None:
    profiles = result.profiles
    # Every fourth of the 17 points of an element, for the rule of five.
    radius = profiles.radius_m.reshape(-1, 17)[:, ::4]
    weights = 4 * math.pi * radius**2 * BOOLE * (radius[:, -1:] - radius[:, :1])
    rows = np.searchsorted(result.history["time_s"], profiles.times)
    assert list(result.history["time_s"][rows]) == list(profiles.times)
    content = [(weights * values.reshape(-1, 17)[:, ::4]).sum() for values in profiles[array]]
    expected = result.history[column][rows]
    assert expected[-1] > 0
    assert content == pytest.approx(expected, rel=1e-10, abs=1e-12 * there(result).max())


def test_profiles_and_fields_are_the_same_numbers(result: Result) -> None:
    profiles = result.profiles
    for index, snapshot in enumerate(result.fields):
        for name in OXYGEN_PROFILE_COLUMNS:
            drawn = zip(np.linalg.norm(snapshot.points, axis=1), snapshot.point_data[name], strict=True)
            along = zip(profiles.radius_m, profiles[name][index], strict=True)
            assert np.array_equal(np.array(sorted(drawn)), np.array(sorted(along)))
    last = profiles["oxygen_mol_m3"][-1]
    evenness = last[np.argmax(profiles.radius_m)] / last[np.argmin(profiles.radius_m)]
    assert result.history["oxygen_surface_to_centre"][-1] == pytest.approx(evenness, rel=1e-12)


def test_a_second_run_forgets_the_first(workplace: SimulationCache) -> None:
    first = summary_of(workplace.run(CHARGE))
    workplace.run(CHARGE.with_values({"oxygen.initial": "9000 mol/m^3"}))
    assert summary_of(workplace.run(CHARGE)) == first


def test_shares_of_nothing_are_no_numbers_and_null_in_files(
    tmp_path: Path, workplace: SimulationCache
) -> None:
    folder = RunFolder(tmp_path / "nothing")
    folder.start(NOTHING.to_yaml())
    result = workplace.run(NOTHING, folder)
    written = json.loads((tmp_path / "nothing" / "summary.json").read_text())["oxygen"]
    again = read_run(tmp_path / "nothing")
    absent = ("retention", "captured_fraction", "released_fraction", "surface_to_centre")
    for found in (summary_of(result), written, summary_of(again)):
        assert [found[name] for name in absent] == [None] * 4
        present = {name: value for name, value in found.items() if name not in absent and "steps" not in name}
        assert set(present.values()) == {0.0}
    for run in (result, again):
        for column in ("oxygen_retention", "oxygen_surface_to_centre"):
            assert np.isnan(run.history[column]).all()
        assert not run.history["oxygen_generated_mol"].any()


def solid(scenario: Scenario) -> Scenario:
    elements = {"layer": 2, "bulk": 5, "tangential": 4}
    return scenario.with_values({"particle.dimension": 2, "numerics.elements": elements})


def test_in_a_plane_the_same_is_recorded(workplace: SimulationCache) -> None:
    line, plane = (workplace.run(one) for one in (FILLED, solid(FILLED)))
    assert list(plane.history) == list(line.history)
    ours, theirs = summary_of(plane), summary_of(line)
    for name in ("retention", "captured_fraction", "released_fraction"):
        # Cells of a fifth of the radius.
        assert ours[name] == pytest.approx(theirs[name], abs=2e-3)
    assert ours["generated_umol_per_g"] == pytest.approx(theirs["generated_umol_per_g"], rel=0.02)
    assert ours["balance_error"] < 1e-10
    total = plane.history["oxygen_in_lattice_mol"][0]
    assert total == pytest.approx(500 * VOLUME, rel=1e-3, abs=0)  # curved cells are nearly round
    assert plane.profiles["oxygen_mol_m3"][0] == pytest.approx(500, rel=1e-12)
