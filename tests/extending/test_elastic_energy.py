"""An output quantity from outside of the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import simpson

import oxyshell
from oxyshell.models import registry
from oxyshell.running.simulation import Simulation
from tests.extending.examples import ElasticEnergy

ROOT = Path(__file__).parents[2]
MODULUS, RATIO = 170e9, 0.3


@pytest.fixture(autouse=True)
def elastic_energy() -> Iterator[None]:
    with registry.registered(ElasticEnergy()):
        yield


def test_the_energy_is_that_of_the_stresses_in_the_profiles() -> None:
    scenario = oxyshell.load(ROOT / "scenarios" / "lrmo-pristine.yaml")
    simulation = Simulation(scenario)
    found = []
    for factor in (1.0, 2.0):
        modulus = factor * MODULUS
        result = simulation.run(
            scenario.with_values({"material.elasticity.young_modulus": f"{modulus / 1e9} GPa"})
        )
        time, energy = (np.asarray(result.history[name]) for name in ("time_s", "elastic_energy_J"))
        radius = np.asarray(result.profiles.radius_m)
        for i, output in enumerate(result.profiles.times[1:], start=1):
            radial, hoop = (
                np.asarray(result.profiles[f"{name}"][i]) for name in ("radial_stress_Pa", "hoop_Pa")
            )
            squares = (1 + RATIO) * (radial**2 + 2 * hoop**2) - RATIO * (radial + 2 * hoop) ** 2
            density = squares / (2 * modulus) * 4 * np.pi * radius**2
            # Element by element, 16 intervals in each: points on its ends are there twice.
            elements = (one.reshape(-1, 17) for one in (density, radius))
            expected = sum(simpson(values, x=points) for values, points in zip(*elements, strict=True))
            (at,) = np.flatnonzero(np.isclose(time, output, rtol=1e-12))
            assert energy[at] == pytest.approx(expected, rel=1e-6)
            found.append(energy[at])
    assert "elastic_energy_J" in result.history
    assert len(set(found)) == len(found)
