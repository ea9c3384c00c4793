"""Profiles and peaks between the points: how far they are from the finite elements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import oxyshell
from oxyshell.outputs import Profiles
from oxyshell.running import recording
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.evaluation import PROFILE_DIVISIONS

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parent.parent / "scenarios"
CHARGED = {"output.at.extracted": [0.005, 0.02, 0.1, 0.3]}
FINE = 60
ROUND_OFF = {"displacement_m": 1e-18} | dict.fromkeys(("radial_stress_Pa", "hoop_Pa", "hydrostatic_Pa"), 1.0)
"""Of a stiffness of 1e11 Pa and a radius of 1e-7 m, less than 1e-10."""
PLATE = """\
name: plate
particle: {shape: plate, radius: 250 nm}
material:
  formula: NaNi0.333Fe0.333Mn0.334O2
  molar_volume: 25 cm^3/mol
  ion: {species: Na, sites_per_formula: 1, occupancy: 0.98}
  diffusivity: 1e-13 cm^2/s
  chemical_strain: {partial_molar_volume: -1.5 cm^3/mol}
  elasticity: {young_modulus: 90 GPa, poisson_ratio: 0.3}
cell: {one_c: 120 mA/g}
protocol: [{charge: {rate: C/5, until: {extracted: 0.5}}}]
output: {at: {extracted: [0.005, 0.1]}}
"""


def plate(tmp_path: Path) -> Scenario:
    path = tmp_path / "plate.yaml"
    path.write_text(PLATE)
    return oxyshell.load(path)


def shipped(name: str, **values: object) -> Scenario:
    scenario = oxyshell.load(SCENARIOS / name)
    return scenario.with_values(values) if values else scenario


def profiles(scenario: Scenario, divisions: int, monkeypatch: pytest.MonkeyPatch) -> Profiles:
    monkeypatch.setattr(recording, "PROFILE_DIVISIONS", divisions)
    return oxyshell.run(scenario).profiles


def between(coarse: Profiles, name: str, fine: Profiles) -> np.ndarray:
    """A coarse profile at the fine points, by straight lines in each element, shape (times, points)."""
    elements = len(fine.radius_m) // (FINE + 1)
    places = zip(np.split(fine.radius_m, elements), np.split(coarse.radius_m, elements), strict=True)
    pairs = list(places)
    values = [np.split(row, elements) for row in coarse[name]]
    return np.array(
        [np.concatenate([np.interp(*p, v) for p, v in zip(pairs, row, strict=True)]) for row in values]
    )


@pytest.mark.parametrize(
    "name", ["lrmo-pristine.yaml", "lrmo-ru1.yaml", "zhang-2007.yaml", "lrmo-oxygen-ru1.yaml", "plate"]
)
def test_straight_lines_between_the_points_of_a_profile_follow_the_elements(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = plate(tmp_path) if name == "plate" else shipped(name, **(CHARGED if "lrmo-p" in name else {}))
    coarse = profiles(scenario, PROFILE_DIVISIONS, monkeypatch)
    fine = profiles(scenario, FINE, monkeypatch)
    smooth = [one for one in coarse if one not in ("first_principal_Pa", "von_mises_Pa")]
    for column in smooth:
        size = np.abs(fine[column]).max()
        assert np.abs(between(coarse, column, fine) - fine[column]).max() <= 1e-3 * size + ROUND_OFF.get(
            column, 0.0
        ), column
    # These have kinks where σ_r = σ_θ; made from the stresses between the points they follow as well.
    radial, hoop = (between(coarse, column, fine) for column in ("radial_stress_Pa", "hoop_Pa"))
    for column, made in {
        "first_principal_Pa": np.maximum(radial, hoop),
        "von_mises_Pa": np.abs(radial - hoop),
    }.items():
        size = np.abs(fine[column]).max()
        assert np.abs(made - fine[column]).max() <= 1e-3 * size + ROUND_OFF["hoop_Pa"], column


@pytest.mark.parametrize("profile", ["cosine", "linear"])
def test_the_printed_digits_of_a_peak_are_those_of_a_finer_mesh(profile: str) -> None:
    scenario = shipped("lrmo-ru1.yaml", **{"shell.profile": profile})
    elements = {"layer": 24, "bulk": 30, "surface_size": None}
    finer = scenario.with_values({f"numerics.elements.{key}": number for key, number in elements.items()})
    one, other = (oxyshell.run(each).summary["stress"] for each in (scenario, finer))
    for name in ("first_principal", "hoop", "von_mises"):
        # What is printed: one decimal of MPa, two of nm.
        assert one[name]["peak_MPa"] == pytest.approx(other[name]["peak_MPa"], abs=0.02), name
        assert one[name]["depth_nm"] == pytest.approx(other[name]["depth_nm"], abs=0.003), name


def test_the_peak_of_a_smooth_layer_lies_between_points() -> None:
    # While it still grows, so that the last profile has it.
    cosine = {"shell.profile": "cosine", "protocol.0.charge.until.extracted": 0.9}
    run = oxyshell.run(shipped("lrmo-ru1.yaml", **cosine))
    peak = run.summary["stress"]["first_principal"]
    depth = run.profiles.depth_m * 1e9
    assert 4.3 < peak["depth_nm"] < 4.49
    last = run.profiles["first_principal_Pa"][-1]
    # The profile's points are 0.035 nm apart there: their largest is below the peak by a parabola's share.
    assert last.max() / 1e6 <= peak["peak_MPa"] * (1 + 1e-9)
    assert last.max() / 1e6 == pytest.approx(peak["peak_MPa"], rel=1e-4)
    assert depth[last.argmax()] == pytest.approx(peak["depth_nm"], abs=0.04)
