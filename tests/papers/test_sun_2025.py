"""Peak stress of a Li-rich particle without and with a Li-deficient layer.

Sun et al., Energy Environ. Sci. 18 (2025) 4335: 567 MPa at the surface of the pristine particle, on which the
diffusivity is calibrated, and less inside of the layer of Ru-1, which the model then predicts. And the
oxygen of its Fig. 6c, a picture without numbers: mostly gone from the pristine particle after 40 minutes,
kept and even in Ru-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.loading import load
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.sized import oxygen_model_of, surface_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
REFERENCE = Path(__file__).parent / "profiles"
MOLAR_VOLUME = 20.11e-6
DIMENSIONS = (1, 2, 3)
TIMES = (9147.6, 18295.2, 27442.8, 36590.4)
# What the issue asks: the first principal, hoop and von Mises stress of pristine, and the three dimensions.
AGREEMENT = 5e-3
# Largest deviation from the independent profiles, as a share of the peak.
PROFILE_BOUND = 0.01


@dataclass(frozen=True)
class System:
    """One of the paper's two particles, and what an independent finite-volume solution says about it.

    Attributes:
        scenario: The shipped scenario.
        first_principal: Largest first principal stress, MPa.
        von_mises: Largest von Mises stress, MPa.
        bound: How far a peak may be off, MPa.
        depth: Where both are, nm.
        surface_hoop: σ_θ at the surface in the end, MPa, and how far it may be off.
        profiles: File of its profiles at five times: t_s, r_nm, x_Li_per_fu, sigma_r_MPa, sigma_theta_MPa.
    """

    scenario: str
    first_principal: float
    von_mises: float
    bound: float
    depth: float
    surface_hoop: tuple[float, float]
    profiles: str


PRISTINE = System("lrmo-pristine", 567.0, 567.0, 0.5, 0.0, (567.0, 3.0), "pristine.csv")
RU1 = System("lrmo-ru1", 402.9, 412.4, 2.0, 4.5, (-135.0, 4.0), "ru1.csv")


@dataclass(frozen=True, eq=False)
class Solved:
    """A system and its run in some dimension."""

    system: System
    dimension: int
    result: Result

    @property
    def stress(self) -> Mapping[str, Any]:
        found = self.result.summary["stress"]
        assert isinstance(found, Mapping)
        return found


_SOLVED: dict[tuple[str, int], Solved] = {}


def solve(system: System, dimension: int, bench: SimulationCache) -> Solved:
    key = (system.scenario, dimension)
    if key not in _SOLVED:
        _SOLVED[key] = _solve(system, dimension, bench)
    return _SOLVED[key]


def _solve(system: System, dimension: int, bench: SimulationCache) -> Solved:
    scenario = load(ROOT / "scenarios" / f"{system.scenario}.yaml")
    values = {"particle.dimension": dimension, "output.at": {"time": list(TIMES)}}
    return Solved(system, dimension, bench.run(scenario.with_values(values)))


@pytest.fixture(
    scope="module",
    params=[(system, dimension) for dimension in (1, 2, 3) for system in (PRISTINE, RU1)],
    ids=lambda case: f"{case[0].scenario} {case[1]}D",
)
def solved(request: pytest.FixtureRequest, bench: SimulationCache) -> Solved:
    system, dimension = request.param
    return solve(system, dimension, bench)


def test_the_peak_stress(solved: Solved) -> None:
    system, found = solved.system, solved.stress
    assert found["first_principal"]["peak_MPa"] == pytest.approx(system.first_principal, abs=system.bound)
    assert found["von_mises"]["peak_MPa"] == pytest.approx(system.von_mises, abs=system.bound)
    # The largest tension is along the circumference.
    assert found["hoop"]["peak_MPa"] == pytest.approx(found["first_principal"]["peak_MPa"], rel=AGREEMENT)


def test_where_the_peak_is(solved: Solved) -> None:
    # At the surface of the pristine particle, at the inner edge of the layer of Ru-1.
    for name in ("first_principal", "von_mises", "hoop"):
        assert solved.stress[name]["depth_nm"] == pytest.approx(solved.system.depth, abs=0.2)


def test_the_surface_in_the_end(solved: Solved) -> None:
    hoop, bound = solved.system.surface_hoop
    assert solved.stress["final"]["surface_hoop_MPa"] == pytest.approx(hoop, abs=bound)


def test_no_ion_is_lost(solved: Solved) -> None:
    assert np.abs(solved.result.history["balance_error"]).max() < 1e-10


def test_whole_profiles_against_the_independent_solution(solved: Solved) -> None:
    lines = (REFERENCE / solved.system.profiles).read_text().splitlines()
    table = np.genfromtxt([line for line in lines if line[0] != "#"], delimiter=",", names=True)
    times = np.unique(table["t_s"])
    profiles, peak = solved.result.profiles, solved.stress["first_principal"]["peak_MPa"]
    assert list(profiles.times[1:-1]) == pytest.approx(times[:-1], rel=1e-12)
    # The reference ends 0.13 s later: 3e-6 of the charge.
    assert profiles.times[-1] == pytest.approx(times[-1], rel=1e-5)
    for index, time in enumerate(times, start=1):
        rows = table[table["t_s"] == time]

        def error(
            name: str, scale: float, column: str, i: int = index, rows: np.ndarray = rows
        ) -> np.ndarray:
            values = np.interp(rows["r_nm"], profiles.radius_m * 1e9, profiles[name][i] * scale)
            return np.abs(values - rows[column])

        assert error("concentration_mol_m3", MOLAR_VOLUME, "x_Li_per_fu").max() < 0.01
        for name, column in (("hoop_Pa", "sigma_theta_MPa"), ("radial_stress_Pa", "sigma_r_MPa")):
            share = error(name, 1e-6, column) / peak
            assert share.max() < PROFILE_BOUND


@pytest.mark.parametrize("system", [PRISTINE, RU1], ids=lambda system: system.scenario)
def test_the_three_dimensions_agree(system: System, bench: SimulationCache) -> None:
    found = [solve(system, dimension, bench).stress for dimension in DIMENSIONS]
    for name in ("first_principal", "hoop", "von_mises"):
        peaks = [stress[name]["peak_MPa"] for stress in found]
        assert max(peaks) - min(peaks) < AGREEMENT * min(peaks)


def test_most_of_the_drop_is_the_measured_change_in_volume(bench: SimulationCache) -> None:
    peaks = [solve(system, 1, bench).stress["first_principal"]["peak_MPa"] for system in (RU1, PRISTINE)]
    predicted, published, measured = peaks[0] / peaks[1], 418 / 567, 2.69 / 3.62
    assert abs(measured - published) < 0.01
    # What is left for the layer is a few per cent.
    assert abs(predicted - measured) < 0.05


# Oxygen: what the physics brief, section 3, says of both particles after 40 minutes.


@pytest.fixture(scope="module")
def kept(bench: SimulationCache) -> dict[str, Result]:
    return {
        name: bench.run(load(ROOT / "scenarios" / f"lrmo-oxygen-{name}.yaml")) for name in ("pristine", "ru1")
    }


def oxygen_of(result: Result) -> Mapping[str, Any]:
    found = result.summary["oxygen"]
    assert isinstance(found, Mapping)
    return found


def test_the_shell_keeps_the_oxygen_that_the_pristine_particle_loses(kept: dict[str, Result]) -> None:
    pristine, ru1 = (oxygen_of(kept[name]) for name in ("pristine", "ru1"))
    # The brief's digits; the issue allows 0.5 % of pristine's and 0.005 of the others.
    assert pristine["retention"] == pytest.approx(0.140, abs=0.0007)
    assert (pristine["captured_fraction"], pristine["filling"]) == (0.0, 0.0)
    assert ru1["retention"] == pytest.approx(0.978, abs=0.005)
    assert ru1["captured_fraction"] == pytest.approx(0.022, abs=0.005)
    assert ru1["filling"] == pytest.approx(1.0, abs=1e-4)
    for found in (pristine, ru1):
        assert found["retention"] + found["captured_fraction"] + found["released_fraction"] == pytest.approx(
            1.0, abs=1e-10
        )
    assert pristine["released_fraction"] > 0.85
    assert ru1["released_fraction"] < 1e-9  # 40 minutes of 64,000 years


def test_oxygen_is_even_under_the_shell_and_falls_towards_an_open_surface(kept: dict[str, Result]) -> None:
    assert oxygen_of(kept["pristine"])["surface_to_centre"] < 0.003
    assert oxygen_of(kept["ru1"])["surface_to_centre"] == pytest.approx(0.996, abs=0.001)
    pristine = kept["pristine"].profiles["oxygen_mol_m3"]
    # Less of it towards the surface at every time of the picture, and from one time to the next.
    assert list(kept["pristine"].profiles.times) == pytest.approx([0, 600, 1200, 2400], rel=1e-12)
    outwards = np.argsort(kept["pristine"].profiles.radius_m, kind="stable")
    for content in pristine[1:]:
        # By no more than the tolerance of a step, 1e-4 of what there was.
        assert np.diff(content[outwards]).max() < 1e-4 * 7500
    assert np.all(np.diff(pristine.mean(axis=1)) < 0)


@pytest.mark.parametrize(
    ("layers", "retained", "captured", "evenness"), [(3, 0.933, 0.067, 0.987), (10, 0.776, 0.224, 0.95)]
)
def test_a_thicker_shell_takes_more_and_stays_even(
    bench: SimulationCache, layers: int, retained: float, captured: float, evenness: float
) -> None:
    thicker = load(ROOT / "scenarios" / "lrmo-oxygen-ru1.yaml").with_values(
        {"oxygen.surface.monolayers": layers}
    )
    found = oxygen_of(bench.run(thicker))
    assert found["retention"] == pytest.approx(retained, abs=0.005)
    assert found["captured_fraction"] == pytest.approx(captured, abs=0.005)
    assert found["surface_to_centre"] == pytest.approx(evenness, abs=0.002)


def test_islands_of_the_measured_loading_do_not_explain_the_picture(
    bench: SimulationCache, kept: dict[str, Result]
) -> None:
    charge = load(ROOT / "scenarios" / "lrmo-charge-with-oxygen.yaml").to_data()["oxygen"]["surface"]
    islands = load(ROOT / "scenarios" / "lrmo-oxygen-ru1.yaml").with_values({"oxygen.surface": charge})
    found = oxygen_of(bench.run(islands))
    assert found["retention"] == pytest.approx(oxygen_of(kept["pristine"])["retention"], abs=0.002)
    assert 0 < found["captured_fraction"] < 0.003


@pytest.mark.parametrize(("energy", "rate"), [("-1.497 eV", 5.0e-13), ("-0.484 eV", 6.6e4)])
def test_o2_stays_on_ruo2_and_leaves_the_bare_oxide_at_once(energy: str, rate: float) -> None:
    ru1 = load(ROOT / "scenarios" / "lrmo-oxygen-ru1.yaml")
    model = oxygen_model_of(ru1.with_values({"oxygen.surface.adsorption.energy": energy}))
    assert model is not None
    # Two digits.
    assert model.surface.desorption == pytest.approx(rate, rel=0.01, abs=0)


@pytest.mark.parametrize(
    ("radius", "covered"), [("100 nm", 3.1), ("150 nm", 4.7), ("250 nm", 7.8), ("500 nm", 15.5)]
)
def test_the_measured_ruo2_covers_a_few_per_cent(radius: str, covered: float) -> None:
    charge = load(ROOT / "scenarios" / "lrmo-charge-with-oxygen.yaml")
    surface = surface_of(charge.with_values({"particle.radius": radius}))
    assert 100 * surface.coverage == pytest.approx(covered, abs=0.05)


def test_what_can_be_released_and_held() -> None:
    charge = load(ROOT / "scenarios" / "lrmo-charge-with-oxygen.yaml")
    model = oxygen_model_of(charge)
    assert model is not None
    # 0.605 electrons per formula unit at one Li extracted, four for an O2: 0.151 O2, 7530 mol/m³.
    onset = charge.get("oxygen.source.onset")
    per_formula = (1.0 - onset) / 4
    assert per_formula == pytest.approx(0.151, abs=5e-4)
    assert per_formula / MOLAR_VOLUME == pytest.approx(7530, rel=0.005)
    # 125 of 316.04 mA h/g are the transition metals'.
    assert onset == pytest.approx(125 / 316.04, abs=1e-3)
    # A monolayer on the islands holds a few thousandths of that at most.
    share = 3 * model.surface.capacity / 150e-9 / (per_formula / MOLAR_VOLUME)
    assert 0.0005 < share < 0.003
