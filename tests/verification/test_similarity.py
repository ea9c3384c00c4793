"""Runs that physics makes equal, or mirror images, agree to nine digits: scales, units, stiffness, signs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oxyshell.outputs import Result
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.loading import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NINE_DIGITS = 1e-9
RU1 = load(SCENARIOS / "lrmo-ru1.yaml")


def run(**changes: Any) -> Result:
    scenario = RU1.with_values(changes)
    return Simulation(scenario).run(scenario)


def peak(result: Result, measure: str = "first_principal") -> float:
    summary: Any = result.summary
    return float(summary["stress"][measure]["peak_MPa"])


@pytest.fixture(scope="module")
def base() -> Result:
    return run()


@pytest.mark.parametrize(
    "changes",
    [
        # Stress depends on R²/(D t) alone.
        {"particle.radius": "300 nm", "shell.thickness": "9 nm", "material.diffusivity": "6.272e-19 m^2/s"},
        {"protocol.0.charge.rate": "1 C", "material.diffusivity": "1.568e-18 m^2/s"},
        # Other units.
        {
            "particle.radius": "0.15 um",
            "material.diffusivity": "1.568e-15 cm^2/s",
            "material.elasticity.young_modulus": "170000 MPa",
            "material.molar_volume": "2.011e-5 m^3/mol",
        },
    ],
    ids=["radius", "rate", "units"],
)
def test_what_depends_on_the_same_numbers_is_the_same(base: Result, changes: dict[str, Any]) -> None:
    other = run(**changes)
    assert len(other.history["time_s"]) == len(base.history["time_s"])
    for measure in ("first_principal", "von_mises"):
        assert peak(other, measure) == pytest.approx(peak(base, measure), rel=NINE_DIGITS)


def test_without_drift_stress_is_proportional_to_stiffness() -> None:
    soft = run(**{"material.drift": "none"})
    stiff = run(**{"material.drift": "none", "material.elasticity.young_modulus": "340 GPa"})
    assert peak(stiff) == pytest.approx(2 * peak(soft), rel=NINE_DIGITS)


def test_a_discharge_is_a_charge_in_a_mirror() -> None:
    # θ → 1 − θ leaves the lattice's drift as it is, and turns the sign of all strains.
    def passing(step: str, occupancy: float) -> Result:
        current = {"rate": "0.1 C", "until": {"passed": 0.3}}
        changes = {"material.ion.occupancy": occupancy, "protocol": [{step: current}]}
        return run(**changes, shell=None, output={})

    out, into = passing("charge", 0.7), passing("discharge", 0.3)
    mirrored = 1 - into.history["surface_occupancy"][-1]
    assert out.history["surface_occupancy"][-1] == pytest.approx(mirrored, rel=NINE_DIGITS)
    stress = -into.history["surface_hoop_MPa"][-1]
    assert out.history["surface_hoop_MPa"][-1] == pytest.approx(stress, rel=NINE_DIGITS)
