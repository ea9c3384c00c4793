"""Steps that are far longer or shorter than diffusion takes, and starts that hide what is to come."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import StepLimitError
from oxyshell.outputs import Result
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.scenario import Scenario
from tests.sized import exchange_of, sized

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[1] / "scenarios"
PRISTINE = load(SCENARIOS / "lrmo-pristine.yaml").with_values({"output.at": {}})
ZHANG = load(SCENARIOS / "zhang-2007.yaml").with_values({"output.at": {}})
PLANE = {"particle.dimension": 2, "numerics.elements": {"bulk": 5, "tangential": 3}}


def read(text: str) -> Scenario:
    return loads(text, "test.yaml", Path())


def summary(scenario: Scenario, **changes: Any) -> Any:
    return oxyshell.run(scenario.with_values(changes) if changes else scenario).summary


def peak(found: Any, measure: str = "hoop") -> float:
    return float(found["stress"][measure]["peak_MPa"])


# A particle that diffuses within a second or less is not stepped through by its diffusion time.

LFP = """
name: fast diffusion
particle: {{shape: sphere, radius: 50 nm}}
material:
  formula: LiFePO4
  molar_volume: 43.8 cm^3/mol
  ion: {{species: Li, sites_per_formula: 1, occupancy: 0.999}}
  diffusivity: {diffusivity:g} m^2/s
  chemical_strain: {{volume_change: 6.6 %}}
  elasticity: {{young_modulus: 120 GPa, poisson_ratio: 0.28}}
cell: {{one_c: 170 mA/g}}
protocol: [{{charge: {{rate: 1 C, until: {{passed: 0.8}}}}}}]
"""
NMC = """
name: small and fast
particle: {shape: sphere, radius: 100 nm}
material:
  formula: LiNi0.8Mn0.1Co0.1O2
  molar_volume: 20.3 cm^3/mol
  ion: {species: Li, sites_per_formula: 1.0, occupancy: 0.98}
  diffusivity: 1e-14 m^2/s
  chemical_strain: {volume_change: 5 %, per_extracted: 0.8}
  elasticity: {young_modulus: 140 GPa, poisson_ratio: 0.25}
cell: {one_c: 200 mA/g}
protocol: [{charge: {rate: C/10, until: {extracted: 0.8}}}]
"""


def steady_peak(scenario: Scenario) -> float:
    """Hoop stress at the surface, MPa, once the content falls evenly: θ − mean θ = −j R/(5 D c_s)."""
    material: Any = scenario.material
    model = scenario.model()
    (step,) = sized(scenario).protocol().steps
    drop = (
        exchange_of(step).extraction
        * model.radius
        / (5 * material.diffusivity.at(0.5) * material.site_density)
    )
    elastic = material.elasticity
    biaxial = elastic.young_modulus.value / (1 - elastic.poisson_ratio.value)
    strain = material.chemical_strain.volume_change.value / 3
    return biaxial * strain * drop / 1e6


def test_a_charge_of_an_hour_of_what_diffuses_in_a_quarter_of_a_second() -> None:
    found = summary(read(LFP.format(diffusivity=1e-14)))
    assert found["ions"]["extracted_per_formula"] == pytest.approx(0.8, rel=1e-9)
    assert found["steps"] + found["rejected_steps"] < 50
    assert found["protocol"][0]["ended_by"] == "passed"


@pytest.mark.parametrize("dimension", [1, 2])
@pytest.mark.parametrize("diffusivity", [1e-13, 1e-11, 2.5e-9])
def test_no_ions_get_lost_in_steps_of_up_to_a_hundred_million_diffusion_times(
    dimension: int, diffusivity: float
) -> None:
    changes = PLANE if dimension == 2 else {}
    found = summary(read(LFP.format(diffusivity=diffusivity)), **changes)
    assert found["status"] == "completed"
    assert found["steps"] + found["rejected_steps"] < 60
    assert found["ions"]["balance_error"] < 1e-12
    assert found["ions"]["extracted_per_formula"] == pytest.approx(0.8, rel=1e-9)


def test_a_small_and_fast_particle_has_the_peak_that_short_steps_find() -> None:
    scenario = read(NMC)
    few = summary(scenario)
    many = summary(scenario, **{"numerics.maximum_step": "600 s"})
    assert few["steps"] + few["rejected_steps"] < 50 < many["steps"]
    assert peak(few) == pytest.approx(peak(many), rel=1e-4)


def test_a_slow_particle_begins_with_steps_that_its_protocol_asks_for() -> None:
    # R²/D is 10^10 s, a millionth of it three times as long as the protocol.
    slow = {"material.diffusivity": "2.25e-24 m^2/s", "protocol": [{"rest": {"time": "1 h"}}]}
    found = oxyshell.run(PRISTINE.with_values(slow))
    assert found.history["time_s"][1] == pytest.approx(0.36)
    assert found.summary["time_s"] == 3600.0


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_slow_particle_charges_as_it_does_with_a_tenth_of_the_tolerance(dimension: int) -> None:
    slow = PRISTINE.with_values(
        {
            **(PLANE if dimension == 2 else {}),
            "material.diffusivity": "2.25e-22 m^2/s",
            "protocol": [{"charge": {"rate": "0.01 C", "until": {"time": "10 min"}}}],
        }
    )
    loose, tight = (summary(slow, **{"numerics.time_tolerance": tol}) for tol in (1e-4, 1e-5))
    # Some tens of steps, each within 1e-4 of occupancy; the scale is E/(1 − ν) Ω c_s/3 = 3.5 GPa.
    assert peak(loose) == pytest.approx(peak(tight), abs=5.0)


# A host with hardly any ions: the balance is measured against its sites.

EMPTY = {
    "particle.radius": "5.22 um",
    "material.molar_volume": "1.58469e-5 m^3/mol",
    "material.diffusivity": "4e-15 m^2/s",
    "material.chemical_strain.partial_molar_volume": "1.25e-5 m^3/mol",
    "material.elasticity": {"young_modulus": "375 GPa", "poisson_ratio": 0.2},
    "protocol": [{"discharge": {"specific_current": "275 mA/g", "until": {"surface_occupancy": 0.9}}}],
}


@pytest.mark.parametrize("occupancy", [1e-4, 1e-6])
def test_a_nearly_empty_host_with_strong_coupling_fills(occupancy: float) -> None:
    found = summary(ZHANG, **EMPTY, **{"material.ion.occupancy": occupancy})
    assert found["ions"]["surface_occupancy"] == pytest.approx(0.9, abs=1e-9)
    assert found["ions"]["balance_error"] < 1e-12


def test_a_nearly_empty_host_that_diffuses_fast_fills() -> None:
    fast = {**EMPTY, "particle.radius": "50 nm", "material.ion.occupancy": 0.0038}
    found = summary(ZHANG, **fast, **{"numerics.maximum_step": "5 min"})
    assert found["ions"]["surface_occupancy"] == pytest.approx(0.9, abs=1e-9)
    assert found["ions"]["balance_error"] < 1e-12


def test_oxygen_that_spreads_at_once_in_a_sealed_particle_is_not_lost() -> None:
    scenario = load(SCENARIOS / "lrmo-charge-with-oxygen.yaml").with_values(
        {
            "oxygen.surface": {"law": "sealed"},
            "oxygen.diffusivity": "1e-9 m^2/s",
            "output.at": {},
            "numerics.elements": {"layer": 2, "bulk": 6},
            "numerics.time_tolerance": 1e-3,
            "numerics.oxygen_tolerance": 1e-3,
        }
    )
    found: Any = oxyshell.run(scenario).summary
    assert found["oxygen"]["balance_error"] < 1e-11
    assert found["oxygen"]["retention"] == pytest.approx(1.0, abs=1e-9)


# What an error estimate may overlook.

HALF = [{"charge": {"rate": "0.1 C", "until": {"extracted": 0.5}}}]
# Hardly any ion moves at the occupancy as made; at 0.96 they do as they do elsewhere.
BARRIER = {"expression": "1.568e-19*(1e-6 + 1/(1 + exp((theta-0.97)/0.004)))", "unit": "m^2/s"}


def charged(**changes: Any) -> Result:
    return oxyshell.run(PRISTINE.with_values({"protocol": HALF, **changes}))


@pytest.mark.parametrize("dimension", [1, 2])
@pytest.mark.parametrize(
    "changes",
    [
        {"protocol": [{"rest": {"time": "100 d"}}, *HALF]},
        {"numerics.first_step": "20 h"},
        {"numerics.first_step": "20 h", "numerics.maximum_step": "1000 h"},
    ],
    ids=["a long rest before", "a first step longer than the charge", "and no bound"],
)
def test_no_step_passes_over_a_charge(dimension: int, changes: dict[str, Any]) -> None:
    plane = PLANE if dimension == 2 else {}
    usual, quiet = charged(**plane).summary, charged(**plane, **changes).summary
    # The few steps err by 1e-4 of occupancy each, 0.35 MPa.
    assert peak(quiet) == pytest.approx(peak(usual), abs=1.0)


def test_a_barrier_at_the_occupancy_as_made_is_not_jumped_over() -> None:
    hidden = charged(**{"material.diffusivity": BARRIER}).summary
    exact = charged(**{"material.diffusivity": BARRIER, "numerics.time_tolerance": 1e-6}).summary
    assert peak(hidden) == pytest.approx(peak(exact), abs=0.1)
    # It stops ions for a while: the peak is another one than without.
    assert abs(peak(exact) - peak(charged().summary)) > 1.0


def test_steps_are_a_share_of_the_protocol_step_unless_a_length_is_asked_for() -> None:
    steps = charged().history["time_step_s"]
    assert steps.max() == pytest.approx(22754.6 / 20, rel=1e-4)
    asked = charged(**{"numerics.maximum_step": "100 s"}).history["time_step_s"]
    assert asked.max() == pytest.approx(100.0)


def test_a_peak_in_time_is_converged_to_the_digits_that_are_shown() -> None:
    loose, tight = (summary(ZHANG, **{"numerics.time_tolerance": tolerance}) for tolerance in (1e-4, 5e-5))
    exact = summary(ZHANG, **{"numerics.time_tolerance": 1e-7, "numerics.maximum_step": "4 s"})
    for measure in ("first_principal", "hoop", "von_mises"):
        for found in (loose, tight):
            ours, theirs = found["stress"][measure], exact["stress"][measure]
            assert ours["peak_MPa"] == pytest.approx(theirs["peak_MPa"], abs=0.01)
            assert ours["time_s"] == pytest.approx(theirs["time_s"], rel=5e-4)
            assert ours["extracted_per_formula"] == pytest.approx(theirs["extracted_per_formula"], abs=2e-4)


# The limit of steps.


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"numerics.maximum_step": "10 s"}, r"as long as numerics\.maximum_step allows, 10 s: raise it"),
        ({"numerics.time_tolerance": 1e-9}, r"accuracy allows steps of .*loosen numerics\.time_tolerance"),
        (
            {"protocol": [{"rest": {"time": "1 h"}}] * 9, "numerics.steps_per_run": 100},
            r"'rest', step \d of 9 of the protocol\. The protocol is long: raise numerics\.steps_per_run",
        ),
    ],
)
def test_the_limit_of_steps_names_what_helps(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(
        StepLimitError, match=rf"no end after \d+ of \d+ steps \(numerics\.steps_per_run\), .*{words}"
    ):
        charged(**{"numerics.steps_per_run": 40, **changes})


def test_a_limit_that_suffices_is_not_felt() -> None:
    usual = charged()
    steps = usual.summary["steps"] + usual.summary["rejected_steps"]
    same = charged(**{"numerics.steps_per_run": steps})
    assert np.array_equal(usual.history["time_s"], same.history["time_s"])


def test_the_control_of_a_scenario_keeps_its_defaults() -> None:
    from oxyshell.running.numerics import step_control
    from oxyshell.solver.settings import StepControl

    assert step_control(PRISTINE, 1.0) == StepControl()
    # Hundreds of cycles are no sign of a run that does not end.
    assert step_control(PRISTINE, 1.0, protocol_steps=2000).maximum_steps == 2_000_000
    given = PRISTINE.with_values({"numerics.steps_per_run": 500})
    assert step_control(given, 1.0, protocol_steps=2000).maximum_steps == 500
    asked = step_control(PRISTINE.with_values({"numerics.first_step": "5 s"}), 10.0)
    assert asked == dataclasses.replace(StepControl(), first_step=0.5, first_share=math.inf)
