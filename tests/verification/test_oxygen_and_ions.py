"""Oxygen in a particle that is charged: what drives it, what it leaves alone, what it changes if asked to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.simulation_cache import SimulationCache

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[2] / "scenarios"
# Accurate enough for the integrals below; the shipped release rate, outputs all along the charge.
TIMES = [0.02 * step for step in range(1, 49)]
ONSET = 0.396
LAYER = 4.5e-9


@pytest.fixture(scope="module")
def shelled() -> Scenario:
    return load(FOLDER / "lrmo-charge-with-oxygen.yaml").with_values({"output.at": {"extracted": TIMES}})


@pytest.fixture(scope="module")
def runs(bench: SimulationCache, shelled: Scenario) -> dict[str, Result]:
    pristine = shelled.with_values({"shell": None})
    return {
        "pristine": bench.run(pristine),
        "Ru-1": bench.run(shelled),
        "all oxygen alike": bench.run(shelled.with_values({"oxygen.source.li_o_li": None})),
        "no source": bench.run(shelled.with_values({"oxygen.source": None, "oxygen.initial": "1 mol/m^3"})),
        "no oxygen": bench.run(shelled.with_values({"oxygen": None})),
    }


def within(result: Result, values: np.ndarray, depth: float) -> float:
    """∫ values 4πr² dr over the outermost `depth`, from values that are smooth between their points."""
    order = np.argsort(result.profiles.radius_m, kind="stable")
    outer = result.profiles.radius_m.max()
    radius = np.linspace(outer - depth, outer, 2001)
    return float(
        np.trapezoid(np.interp(radius, result.profiles.radius_m[order], values[order]) * radius**2, radius)
    )


def test_the_li_o_li_content_is_the_factor_between_the_layer_and_its_like_without(
    runs: dict[str, Result], shelled: Scenario
) -> None:
    weighted = runs["Ru-1"].profiles["oxygen_generated_mol_m3"][-1]
    alike = runs["all oxygen alike"].profiles["oxygen_generated_mol_m3"][-1]
    depth = runs["Ru-1"].profiles.depth_m
    # S is linear in p, and p in w(x) = 1 − (1 − 75.5/84.2) g(x), g from 1 at the surface to 0 at 4.5 nm.
    expected = 1 - (1 - 75.5 / 84.2) * np.maximum(1 - depth / LAYER, 0.0)
    assert expected.min() == pytest.approx(0.8967, abs=1e-4)
    # Between its nodes r is a quadratic; its own tolerance is 1e-4 of the largest content per step.
    assert weighted / alike == pytest.approx(expected, abs=2e-3)
    total = within(runs["Ru-1"], weighted, LAYER) / within(runs["all oxygen alike"], alike, LAYER)
    assert total == pytest.approx(0.95, abs=0.005)


def expected_release(result: Result, deficit: np.ndarray, rate: float, scenario: Scenario) -> np.ndarray:
    """r of dr/dt = k (p − r), p from the occupancies at the output times, linear between them."""
    made = 59_671.8 * (1 - deficit) * 20.11e-6
    weight = 1 - (1 - 75.5 / 84.2) * deficit / 0.22
    out = made * (0.999 - result.profiles["occupancy"])
    releasable = weight * np.maximum(out - ONSET, 0.0) / (4 * 20.11e-6)
    released = np.zeros(releasable.shape[1])
    for before, after, step in zip(
        releasable[:-1], releasable[1:], np.diff(result.profiles.times), strict=True
    ):
        decay = np.exp(-rate * step)
        slope = (after - before) / step
        released = released * decay + before * (1 - decay) + slope * (step - (1 - decay) / rate)
    return released


def test_the_pristine_surface_generates_more_than_the_layer_by_what_its_content_says(
    runs: dict[str, Result], shelled: Scenario
) -> None:
    generated, expected = {}, {}
    for name, deficiency in (("pristine", 0.0), ("Ru-1", 0.22)):
        result = runs[name]
        deficit = deficiency * np.maximum(1 - result.profiles.depth_m / LAYER, 0.0)
        found = result.profiles["oxygen_generated_mol_m3"][-1]
        generated[name] = within(result, found, LAYER)
        expected[name] = within(result, expected_release(result, deficit, 1e-5, shelled), LAYER)
        # Fifty output times: the onset and the exhausted surface are met to a hundredth of the charge.
        assert generated[name] == pytest.approx(expected[name], rel=0.01, abs=0.0)
    ratio = generated["pristine"] / generated["Ru-1"]
    assert ratio == pytest.approx(expected["pristine"] / expected["Ru-1"], rel=0.01)
    # 1/0.95 of it is the Li–O–Li content; the rest is that the layer holds, and gives up, fewer ions.
    assert ratio > 1 / 0.95
    assert ratio == pytest.approx(1.286, abs=0.005)


def ionic(result: Result) -> dict[str, np.ndarray]:
    return {
        name: values for name, values in result.history.items() if "oxygen" not in name and "sink" not in name
    }


@pytest.mark.parametrize("name", ["Ru-1", "no source", "all oxygen alike"])
def test_oxygen_that_does_not_act_back_changes_no_digit_of_ions_and_stress(
    runs: dict[str, Result], name: str
) -> None:
    alone, along = ionic(runs["no oxygen"]), ionic(runs[name])
    assert alone.keys() == along.keys()
    for column, values in alone.items():
        assert np.array_equal(values, along[column]), column
    for column in runs["no oxygen"].profiles:
        assert np.array_equal(runs["no oxygen"].profiles[column], runs[name].profiles[column]), column


def test_vacancies_act_on_ions_and_stress_and_lose_none(bench: SimulationCache, shelled: Scenario) -> None:
    def charged(**vacancies: Any) -> Result:
        return bench.run(shelled.with_values({"oxygen.vacancies": vacancies}))

    untouched = bench.run(shelled)
    for changes, lowered in (
        ({"sites_lost": 1.0, "partial_molar_volume": 0.0}, False),
        ({"sites_lost": 0.0, "partial_molar_volume": "5 cm^3/mol"}, True),
    ):
        result = charged(**changes)
        assert np.abs(result.history["balance_error"]).max() < 1e-10
        assert result.history["oxygen_balance_error"].max() < 1e-10
        peaks = [np.max(one.history["first_principal_peak_MPa"]) for one in (untouched, result)]
        # Fewer sites for the same ions make gradients steeper; swelling where oxygen left counters shrinking.
        assert (peaks[1] < 0.95 * peaks[0]) if lowered else (1.002 < peaks[1] / peaks[0] < 1.05)
    nothing = charged(sites_lost=0.0, partial_molar_volume=0.0)
    # The same equations in another form: equal but for rounding, which reaches the steps' sizes.
    assert nothing.history["first_principal_peak_MPa"] == pytest.approx(
        untouched.history["first_principal_peak_MPa"], rel=1e-6, abs=1e-6
    )
