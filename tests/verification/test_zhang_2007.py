"""Insertion into LiMn2O4 at constant current, without and with stress-driven transport.

Zhang, Shyy & Sastry, J. Electrochem. Soc. 154 (2007) A910; the scenario that ships has their parameters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification import closed_forms
from tests.verification.closed_forms import SPHERE
from tests.verification.exact import exact_row
from tests.verification.peers import finite_volumes
from tests.verification.peers.problem import zhang

BOUND = 1e-3
TIMES = (200.0, 500.0, 1000.0)
RADIUS, DIFFUSIVITY, PARTIAL_MOLAR_VOLUME, SITES = 5e-6, 7.08e-15, 3.497e-6, 2.29e4
FLUX = 2 / FARADAY_CONSTANT
# E/(1 − ν), and θ_M of N = −D (1 + θ_M c) ∇c, 2 E Ω²/(9 (1 − ν) R T).
BIAXIAL = 10e9 / 0.7
COUPLING = 2 * BIAXIAL * PARTIAL_MOLAR_VOLUME**2 / (9 * GAS_CONSTANT * 300)
# σ_r in the centre and σ_θ at the surface, MPa: the physics brief, section 5.
PRINTED = {
    "none": ((26.548, 44.515, 48.511), (-40.776, -47.368, -48.675)),
    "dilute": ((26.523, 43.196, 43.002), (-39.314, -43.484, -41.038)),
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    file = Path(__file__).parents[2] / "scenarios" / "zhang-2007.yaml"
    return load(file).with_values({"numerics.time_tolerance": 1e-6})


def found(scenario: Scenario, drift: str, bench: SimulationCache) -> tuple[np.ndarray, np.ndarray]:
    """σ_r in the centre and σ_θ at the surface at `TIMES`, MPa."""
    profiles = bench.run(scenario.with_values({"material.drift": drift})).profiles
    assert tuple(profiles.times[1:]) == TIMES
    return profiles["radial_stress_Pa"][1:, 0] / 1e6, profiles["hoop_Pa"][1:, -1] / 1e6


def stresses(mean: np.ndarray, centre: np.ndarray, surface: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """σ_r(0) and σ_θ(R), MPa, of a free sphere with these concentrations."""
    scale = BIAXIAL * PARTIAL_MOLAR_VOLUME / 3 / 1e6
    return 2 / 3 * scale * (mean - centre), scale * (mean - surface)


def series() -> tuple[np.ndarray, np.ndarray]:
    fourier = DIFFUSIVITY * np.array(TIMES) / RADIUS**2
    rises = FLUX * RADIUS / DIFFUSIVITY * np.array([SPHERE.rise(np.array([0.0, 1.0]), fo) for fo in fourier])
    means = FLUX * RADIUS / DIFFUSIVITY * 3 * fourier
    return stresses(means, rises[:, 0], rises[:, 1])


def coupled(cells: int) -> tuple[np.ndarray, np.ndarray]:
    content = finite_volumes.solve(zhang("dilute"), cells, np.array(TIMES)).theta * SITES
    means = 3 * FLUX * np.array(TIMES) / RADIUS
    return stresses(means, content[:, 0], content[:, -1])


def test_the_independent_solution_of_the_coupled_problem_is_fine_enough() -> None:
    coarse, fine = coupled(150), coupled(300)
    for one, other in zip(coarse, fine, strict=True):
        # Second order: what the finer one has left is a third of the difference.
        assert np.abs(one - other).max() / 3 < 2e-4 * np.abs(other).min()


@pytest.mark.parametrize(("drift", "exact"), [("none", series), ("dilute", lambda: coupled(300))])
def test_insertion_at_constant_current(
    drift: str, exact: object, scenario: Scenario, bench: SimulationCache, record: Any
) -> None:
    assert callable(exact)
    computed = found(scenario, drift, bench)
    reference = {"none": "series", "dilute": "own finite volumes, 300 cells"}[drift]
    for place, values, independent, printed in zip(
        ("σ_r in the centre", "σ_θ at the surface"), computed, exact(), PRINTED[drift], strict=True
    ):
        for time, value, other in zip(TIMES, values, independent, strict=True):
            equation = f"insertion, Zhang, Shyy & Sastry 2007, drift {drift}"
            record(exact_row(equation, reference, f"{place} at {time:g} s, MPa", value, other, BOUND))
        assert independent == pytest.approx(printed, rel=2e-4)
        assert values == pytest.approx(independent, rel=BOUND)


def test_the_drift_of_a_free_sphere_is_a_larger_diffusivity() -> None:
    # The coupling of the physics brief, 1.5565e-5 m³/mol.
    assert pytest.approx(1.5565e-5, rel=1e-4) == COUPLING
    # A sphere's hydrostatic stress follows its concentration: σ_h = const − 2 E Ω c/(9 (1 − ν)).
    radius = np.linspace(0, 1, 11)
    stress = closed_forms.stresses(SPHERE, lambda r: SPHERE.rise(r, 0.1), radius)
    hydrostatic = (stress.radial + stress.hoop + stress.axial) / 3
    shifted = hydrostatic + 2 / 3 * SPHERE.rise(radius, 0.1)
    assert np.ptp(shifted) < 1e-12
