"""Plates of two layered Na oxides: stress and rate capability of NLMRO, front and oxygen of NLMO.

Zhou et al., Chem. Sci. 16 (2025) 15404. The shipped scenarios and comparison, and the numbers that
docs/sodium.md has. That NLMO has a front and releases O2 is imposed; tests of it are tests of the scenario.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import oxyshell
from oxyshell.outputs import Result
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.engine.simulation_cache import SimulationCache
from oxyshell.studies.registry import load_study

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILE = SCENARIOS / "nlmro-plates.yaml"
# Of the disc whose area is that of the hexagon, m.
RADIUS = 1.25e-6 * math.sqrt(3 * math.sqrt(3) / (2 * math.pi))
MODULUS, DIFFUSIVITY = 100e9, 1e-14
# Strain along a per Na, and Na per second at 1C (170 mA/g of 279.93 mA h/g).
EXPANSION, AT_1C = 0.01 / 3 / 0.54, 170 / 279.93 / 3600
TITRATED = ("NLMRO, 1e-13 m²/s", "NLMRO, 1e-14 m²/s")
SLOWER = ("NLMRO, D of 0.5C and 5C", "NLMRO, D of 0.2C and 5C")


def thin_disc(rate: float, diffusivity: float = DIFFUSIVITY) -> float:
    """Tension at the rim of a thin disc, E β ẋ R²/8D after the diffusion time, MPa."""
    return 1e-6 * MODULUS * EXPANSION * rate * AT_1C * RADIUS**2 / (8 * diffusivity)


@pytest.fixture(scope="module")
def nlmro(bench: SimulationCache) -> Result:
    return bench.run(oxyshell.load(SCENARIOS / "nlmro-plate.yaml"))


@pytest.fixture(scope="module")
def nlmo(bench: SimulationCache) -> Result:
    return bench.run(oxyshell.load(SCENARIOS / "nlmo-plate.yaml"))


def test_stress_of_nlmro_is_negligible(nlmro: Result) -> None:
    slow, _, fast = nlmro.step_table["first_principal_peak_MPa"]
    assert (slow, fast) == pytest.approx((0.359, 9.00), rel=0.01)
    # More than that of a thin disc by what differs along c, in a plate that is not that thin.
    assert 1 < slow / thin_disc(0.2) < 1.08
    assert 1 < fast / thin_disc(5) < 1.08
    assert thin_disc(0.2) == pytest.approx(0.336, abs=5e-4)
    assert thin_disc(5) == pytest.approx(8.41, abs=5e-3)


def test_without_a_strain_along_c_it_is_that_of_a_thin_disc(bench: SimulationCache) -> None:
    scenario = oxyshell.load(SCENARIOS / "nlmro-plate.yaml")
    protocol = [{"charge": {"rate": "5 C", "until": {"extracted": 0.3}}}]
    even = {"material.chemical_strain.strain_c": 0.0, "protocol": protocol}
    peak = bench.run(scenario.with_values(even)).summary["stress"]["first_principal"]["peak_MPa"]
    # Of a disc as thick as a fifth of its radius; after 2.7 R²/D.
    assert peak == pytest.approx(thin_disc(5), rel=0.02)


def test_nlmro_gives_back_what_was_measured_at_the_lowest_rate(nlmro: Result) -> None:
    _, discharged, _ = nlmro.step_table["charge_mAh_g"]
    # 1e-4 of the occupancy in a step: 0.02 mA h/g.
    assert -discharged == pytest.approx(150.8, abs=0.02)


def test_the_front_of_nlmo_is_where_the_balance_of_sodium_has_it(nlmo: Result) -> None:
    front, mean = nlmo.history["front_radius_nm"], nlmo.history["mean_occupancy"]
    phases = nlmo.summary["chemical_potential"]["phases"]
    dilute, concentrated = phases["dilute"], phases["concentrated"]
    assert (dilute, concentrated) == pytest.approx((0.0707, 0.9293), abs=5e-5)
    # None while the content is uniform, down to where a uniform one is unstable.
    assert np.isnan(front[mean > phases["unstable_to"]]).all()
    assert np.isfinite(front[-1])
    expected = 1e9 * RADIUS * math.sqrt((mean[-1] - dilute) / (concentrated - dilute))
    # A tenth of its width: its curvature, and the gradient behind it.
    assert front[-1] == pytest.approx(expected, abs=10)
    assert front[-1] == pytest.approx(747, abs=1)


def test_the_sides_of_the_front_do_not_fit(nlmo: Result) -> None:
    found = nlmo.summary["chemical_potential"]
    assert 100 * found["phases"]["strain_jump"] == pytest.approx(4.51, abs=0.01)
    assert found["phases"]["coherent_stiffness"] + 2 == pytest.approx(4.37, abs=0.01)
    assert found["cracking"]["surviving_layer_nm"] == pytest.approx(8.9, abs=0.1)
    assert found["cracking"]["surviving_plate_nm"] == pytest.approx(173, abs=1)
    assert any("cracks or slips" in remark for remark in nlmo.summary["remarks"])


def test_oxygen_leaves_nlmo_behind_the_front_only(nlmo: Result) -> None:
    released, front = nlmo.history["oxygen_generated_mol"], nlmo.history["front_radius_nm"]
    uniform = np.isnan(front)
    assert released[uniform].max() == 0
    assert np.diff(released[~uniform]).min() > 0
    assert nlmo.summary["oxygen"]["released_umol_per_g"] == pytest.approx(13.5, abs=0.1)


def test_every_number_of_the_comparison_says_where_it_comes_from() -> None:
    comparison = load_study(COMPARISON, FILE)
    for scenario in comparison.scenarios.values():
        assert not [r.path for r in scenario.provenance() if r.status == "unstated" or not r.source]
    source = comparison.scenarios["NLMRO, 1e-14 m²/s"].to_data()["oxygen"]["source"]
    assert source is None


@pytest.mark.long
def test_the_shipped_comparison(tmp_path: Path) -> None:
    result = oxyshell.compare(FILE, out=tmp_path / "out")
    rows = [f"row {number} of cycles.discharge_mAh_g" for number in range(1, 6)]
    # Of the series of the cylinder, in test_sodium_claims; to the default tolerance of a step.
    expected = {
        TITRATED[0]: (150.80, 150.78, 150.74, 150.66, 150.43),
        TITRATED[1]: (150.80, 150.57, 150.19, 149.43, 147.14),
        SLOWER[0]: (107.19, 104.70, 100.56, 92.27, 68.50),
        SLOWER[1]: (150.80, 144.59, 134.25, 113.71, 68.50),
    }
    calibrated = dict(zip(expected, ({0}, {0}, {1, 4}, {0, 4}), strict=True))
    for system, capacities in expected.items():
        assert [result.row(row, system).computed for row in rows] == pytest.approx(capacities, abs=0.06)
        found = [result.row(row, system).status for row in rows]
        assert found == ["calibrated" if i in calibrated[system] else "predicted" for i in range(5)]
    slow, fast = (f"row {number} of steps.first_principal_peak_MPa" for number in (3, 1))
    for system, peaks in zip(expected, ((0.036, 0.85), (0.36, 8.5), (3.8, 91.7), (9.8, 203)), strict=True):
        assert [result.row(row, system).computed for row in (slow, fast)] == pytest.approx(peaks, rel=0.015)
    front, oxygen = "chemical_potential.front_radius_nm", "oxygen.released_umol_per_g"
    assert result.row(front, "NLMO").status == result.row(oxygen, "NLMO").status == "imposed"
    assert result.row(oxygen, "NLMO").computed > 10
    assert result.row(oxygen, TITRATED[1]).computed == 0
    # The GPa beside a front are no result.
    assert not [row for row in result.rows if row.system == "NLMO" and row.unit == "MPa"]
