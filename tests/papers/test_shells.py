"""Shells of other materials: shipped scenarios, what was published of such particles, what does not follow.

Tu, Wu, Ai & Martínez-Pañeda (2024), arXiv:2403.13409 (abstract), on NMC111 around NMC811; Sun et al., Energy
Environ. Sci. 18 (2025) 4335, on samples of LRMO with more or less RuCl3. docs/regions.md has the numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import oxyshell
from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.simulation_cache import SimulationCache

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[2] / "scenarios"
CHARGE: dict[str, Any] = {
    "output.at": {},
    "protocol": [{"charge": {"rate": "0.5 C", "until": {"voltage": "4.2 V"}}}],
}
# Strain-free where 4.2 V is the open-circuit potential of both materials.
DISCHARGE: dict[str, Any] = {
    "output.at": {},
    "material.ion.occupancy": 0.3046,
    "shell.ion.occupancy": 0.4603,
    "protocol": [{"discharge": {"rate": "0.5 C", "until": {"voltage": "3.5 V"}}}],
}
OMEGAS = ["1.99e-6 m^3/mol", "1.99e-6 m^3/mol", "8.12e-7 m^3/mol", "8.12e-7 m^3/mol"]
STEEP: dict[str, Any] = {
    "material.chemical_strain": {
        "partial_molar_volume": {"table": {"occupancy": [0, 0.45, 0.55, 1], "values": OMEGAS}}
    }
}


@pytest.fixture(scope="module")
def nmc() -> Scenario:
    """NMC811 under NMC111."""
    return oxyshell.load(SCENARIOS / "nmc-core-shell.yaml")


def sized(core: float, shell: float) -> dict[str, Any]:
    return {"particle.radius": f"{core + shell} um", "shell.thickness": f"{shell} um"}


def peak_of(result: Result, measure: str = "first_principal") -> float:
    return float(result.summary["stress"][measure]["peak_MPa"])


def apart(result: Result) -> tuple[float, float]:
    """Tension across the interface, MPa, and the energy that a shell which comes off releases, J/m²."""
    found = result.summary["interfaces"]
    return float(found["normal_traction"]["peak_MPa"]), float(found["energy_release_J_m2"])


def test_as_made_both_materials_are_in_equilibrium(nmc: Scenario, bench: SimulationCache) -> None:
    resting = {"output.at": {}, "protocol": [{"rest": {"time": "1 h"}}]}
    # Six digits of the occupancy: 1e-6 of Ω c_s E/(3(1 − ν)), 3.5 GPa for a whole occupancy of NMC111.
    assert peak_of(bench.run(nmc.with_values(resting))) < 0.1
    # With the library's occupancies, each that of a cell of its own, ions pass within a second.
    library = bench.run(nmc.with_values({**resting, "shell.ion.occupancy": 0.9621}))
    assert peak_of(library) > 20


def test_a_charge_pulls_a_thick_shell_off(nmc: Scenario, bench: SimulationCache) -> None:
    run = bench.run(nmc.with_values(CHARGE))
    tension, energy = apart(run)
    assert tension > 300
    # Half of the shell releases little more than half of the energy, on a core of half the size as well.
    thin, released = apart(bench.run(nmc.with_values({**CHARGE, **sized(4.72, 0.25)})))
    assert thin < 0.7 * tension
    assert 0 < released < 0.7 * energy
    _, small = apart(bench.run(nmc.with_values({**CHARGE, **sized(2.36, 0.25)})))
    assert small == pytest.approx(released, rel=0.15)


def test_thickness_decides_the_tension_of_the_shell(nmc: Scenario, bench: SimulationCache) -> None:
    hoop = {
        sizes: peak_of(bench.run(nmc.with_values({**DISCHARGE, **STEEP, **sized(*sizes)})), "hoop")
        for sizes in ((4.72, 0.25), (2.36, 0.25), (4.72, 1.0))
    }
    by_thickness = abs(hoop[4.72, 1.0] / hoop[4.72, 0.25] - 1)
    by_core = abs(hoop[2.36, 0.25] / hoop[4.72, 0.25] - 1)
    assert by_thickness > 2 * by_core


def test_volume_that_changes_late_lowers_the_tension(nmc: Scenario, bench: SimulationCache) -> None:
    thin = sized(4.72, 0.25)
    plain, steep = (bench.run(nmc.with_values({**DISCHARGE, **thin, **more})) for more in ({}, STEEP))
    assert peak_of(steep, "hoop") < 0.99 * peak_of(plain, "hoop")
    plain, steep = (bench.run(nmc.with_values({**CHARGE, **thin, **more})) for more in ({}, STEEP))
    assert apart(steep)[0] < 0.9 * apart(plain)[0]


def test_a_faster_layer_helps_the_rate_and_leaves_the_stress(bench: SimulationCache) -> None:
    rates = {"rate_test": {"charge": "0.1 C", "discharge": ["5 C"], "until": {"voltage": ["2.0 V", "4.8 V"]}}}
    slow = oxyshell.load(SCENARIOS / "lrmo-first-cycle.yaml").with_values(
        {"oxygen": None, "output.at": {}, "protocol": [rates]}
    )
    fast = slow.with_values({"shell.diffusivity": "1.49e-18 m^2/s"})
    before, after = bench.run(slow), bench.run(fast)
    peaks = [float(run.steps["first_principal_peak_MPa"].iloc[0]) for run in (before, after)]
    assert peaks[1] == pytest.approx(peaks[0], rel=0.02)
    discharges = [float(run.cycles["discharge_mAh_g"].iloc[0]) for run in (before, after)]
    assert discharges[1] > 2 * discharges[0]


def ions(scenario: Scenario, bench: SimulationCache, **shell: Any) -> float:
    """Li in a particle as made, mol."""
    changes = {f"shell.{key}": value for key, value in shell.items()}
    short = {"output.at": {}, "protocol": [{"rest": {"time": "1 s"}}]}
    run = bench.run(scenario.with_values({**short, **changes}))
    return float(run.history["ions_in_particle_mol"][0])


def test_what_layer_the_capacities_of_the_series_need(bench: SimulationCache) -> None:
    ru1 = oxyshell.load(SCENARIOS / "lrmo-ru1.yaml")
    as_measured, without = ions(ru1, bench), ions(ru1, bench, deficiency=0)
    # A Li per formula unit is 316.04 mA h/g; 1.2 × 0.999 of them are in the particle without a layer.
    one = without / (1.2 * 0.999) / 316.04
    needed = {"Ru-0.5": as_measured + 2 * one, "Ru-3": as_measured - 22 * one}
    assert ions(ru1, bench, deficiency=0.1003) == pytest.approx(needed["Ru-0.5"], rel=1e-5)
    assert ions(ru1, bench, thickness="2.029 nm") == pytest.approx(needed["Ru-0.5"], rel=1e-5)
    assert ions(ru1, bench, thickness="36.31 nm") == pytest.approx(needed["Ru-3"], rel=1e-5)
    # At 4.5 nm, Ru-3 would lack more sites than there are.
    assert (without - needed["Ru-3"]) / (without - as_measured) * 0.22 > 1.5


def test_a_coating_is_stretched_by_what_it_covers(bench: SimulationCache) -> None:
    coated = oxyshell.load(SCENARIOS / "lco-coated.yaml")
    charge = [{"charge": {"rate": "0.5 C", "until": {"voltage": "4.2 V"}}}]
    runs = {}
    for thickness in ("5 nm", "20 nm"):
        changes = {"shell.thickness": thickness, "toughness.flaw": thickness}
        runs[thickness] = bench.run(coated.with_values({"output.at": {}, "protocol": charge, **changes}))
    # Finer meshes and a tenth of the tolerance move it by less than 1e-3 MPa.
    assert peak_of(runs["20 nm"]) == pytest.approx(1066.8, rel=1e-3)
    # Under the thin one the charge is longer. Per stress, K grows with the root of the depth.
    thin, thick = (
        float(run.summary["stress_intensity"]["flaw_MPa_sqrt_m"]) / peak_of(run) for run in runs.values()
    )
    assert thick == pytest.approx(2 * thin, rel=0.01)


def test_a_shell_of_a_lower_potential_empties_first_and_is_torn(bench: SimulationCache) -> None:
    first = [
        {"potential": "4.113 V", "share": 0.263, "width": 8.0},
        {"potential": "4.503 V", "share": 0.737, "width": 1.77},
    ]
    base = oxyshell.load(SCENARIOS / "lrmo-first-cycle.yaml").with_values(
        {
            "oxygen": None,
            "output.at": {},
            "electrode.open_circuit": {"msmr": first},
            "protocol": [{"charge": {"rate": "0.1 C", "until": {"voltage": "4.8 V"}}}],
        }
    )
    layer = bench.run(base)
    nmc111 = bench.run(base.with_values({"shell": {"from": "NMC111", "thickness": "4.5 nm"}}))
    assert peak_of(nmc111) > 1.5 * peak_of(layer)
    early = nmc111.summary["stress"]["first_principal"]["extracted_per_formula"]
    assert early < 0.2 < layer.summary["stress"]["first_principal"]["extracted_per_formula"]
