"""Runs with properties that change sharply with the occupancy, or with an infinite slope.

Without drift a sphere's θ does not know the stress, so that σ_hoop at its surface is
E/(1 − ν) (mean ε* − ε*(R)), with the exact primitive of Ω on the run's own profile of θ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import erf

import oxyshell
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.lrmo import scenario_file

YOUNG, POISSON = 170e9, 0.3
SITES = 1.2 / 20.11e-6
START = 0.999

PARTICLE = scenario_file(
    "formulas",
    diffusivity="1e-18 m^2/s",
    drift="none",
    chemical_strain="{partial_molar_volume: 5e-7 m^3/mol}",
    protocol="[{charge: {rate: 0.1 C, until: {extracted: 1.1}}}]",
    output="{at: {extracted: [0.9, 1.0, 1.1]}}",
)
SHARP = "-2e-7 + 6e-6*exp(-((theta-0.2)/0.04)**2)"
KINK = "6e-6*max(0.3-theta,0)"
PRIMITIVES = {
    SHARP: lambda x: -2e-7 * x + 6e-6 * 0.04 * np.sqrt(np.pi) / 2 * erf((x - 0.2) / 0.04),
    KINK: lambda x: -3e-6 * np.maximum(0.3 - x, 0.0) ** 2,
}


def with_strain(formula: str) -> Scenario:
    volume = {"expression": formula, "unit": "m^3/mol"}
    return loads(PARTICLE).with_values({"material.chemical_strain.partial_molar_volume": volume})


def surface_hoop(result: Any) -> np.ndarray:
    """At the output times, MPa."""
    profiles = result.profiles
    outermost = int(np.argmin(profiles.depth_m))
    return np.asarray(profiles["hoop_Pa"][:, outermost])[1:] / 1e6


@pytest.mark.parametrize("formula", PRIMITIVES)
def test_the_stress_is_that_of_the_exact_primitive(formula: str) -> None:
    result = oxyshell.run(with_strain(formula))
    profiles = result.profiles
    radius = profiles.radius_m / profiles.radius_m.max()
    order = np.argsort(radius)
    fine = np.linspace(0.0, 1.0, 20_001)
    expected = []
    for theta in profiles["occupancy"][1:]:
        along = np.interp(fine, radius[order], theta[order])
        strain = SITES * (PRIMITIVES[formula](along) - PRIMITIVES[formula](START)) / 3
        mean = np.trapezoid(3 * fine**2 * strain, fine)
        expected.append(YOUNG / (1 - POISSON) * (mean - strain[-1]) / 1e6)
    # What linear interpolation between the profile's points misses, below 2 MPa of some hundreds.
    assert surface_hoop(result) == pytest.approx(expected, abs=5e-3 * np.abs(expected).max())


def test_the_stress_of_a_sharp_formula_is_converged() -> None:
    # With a twentieth of the step, a hundredth of the tolerance and four times the elements.
    assert surface_hoop(oxyshell.run(with_strain(SHARP))) == pytest.approx([287.37, 262.52, -26.13], abs=0.05)


def test_a_kink_gives_the_peak_of_a_table() -> None:
    peak = oxyshell.run(with_strain(KINK)).summary["stress"]["hoop"]["peak_MPa"]
    assert peak == pytest.approx(179.5, abs=0.05)


def test_strategies_and_dimensions_agree_on_a_sharp_formula_that_drives_ions() -> None:
    sharp = with_strain(SHARP.replace("6e-6", "1.5e-6")).with_values({"material.drift": "lattice"})
    coarse = {"particle.dimension": 2, "numerics.elements": {"bulk": 12, "tangential": 4}}
    line, disc = (surface_hoop(oxyshell.run(one)) for one in (sharp, sharp.with_values(coarse)))
    # An occupancy that is wrong by the tolerance of a step changes the surface's stress by
    # E/(1 - nu) c_s Omega/3 times 1e-4.
    tolerance = YOUNG / (1 - POISSON) * SITES * 1.5e-6 / 3 * 1e-4 / 1e6
    assert disc == pytest.approx(line, abs=tolerance)


@pytest.mark.parametrize(
    ("formula", "occupancy", "direction"),
    [
        ("1e-20 + 1e-18*sqrt(theta)", 0.0, "discharge"),
        ("1e-19 + 1e-18/(1 + exp(2000*(theta-0.9)))", START, "charge"),
    ],
)
def test_a_diffusivity_whose_slope_is_infinite_or_overflows_runs(
    formula: str, occupancy: float, direction: str
) -> None:
    scenario = loads(PARTICLE).with_values(
        {
            "material.diffusivity": {"expression": formula, "unit": "m^2/s"},
            "material.ion.occupancy": occupancy,
            "material.drift": "lattice",
            "protocol": [{direction: {"rate": "0.1 C", "until": {"passed": 0.2}}}],
            "output.at": {},
            "numerics.time_tolerance": 1e-3,
        }
    )
    result = oxyshell.run(scenario)
    sign = 1 if direction == "charge" else -1
    assert result.summary["ions"]["extracted_per_formula"] == pytest.approx(sign * 0.2, abs=1e-6)
    assert result.summary["ions"]["balance_error"] < 1e-10
    for values in (result.history["hoop_peak_MPa"], result.profiles["occupancy"]):
        assert np.isfinite(values).all()
    # Where ions leave, there are fewer at the surface than on average, and the other way round.
    last = len(result.history["mean_occupancy"]) - 1
    mean, surface = (result.history[f"{name}_occupancy"][last] for name in ("mean", "surface"))
    assert sign * (mean - surface) > 0
