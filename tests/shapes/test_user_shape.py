"""A shape from outside of the package, run from a file and compared with its closed form."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable

import numpy as np
import pytest
import pyvista

import oxyshell
from oxyshell.outputs import Result
from oxyshell.shapes.registry import SHAPES
from oxyshell.solver.state import Array
from tests.extending.examples import HollowSphere
from tests.verification.particles import (
    CURRENT_DENSITY,
    DIFFUSION_TIME,
    DIFFUSIVITY,
    DROP,
    OCCUPANCY,
    PARTIAL_MOLAR_VOLUME,
    POISSON,
    RADIUS,
    SITES,
    YOUNG,
)

CAVITY = 0.5
FOURIER = 0.45
"""All that is left of the start has fallen to e^(−39 Fo) = 2e-8 by then: 39 is about (π/(1 − CAVITY))²."""
TEXT = f"""
name: hollow
particle: {{shape: hollow_sphere, radius: {RADIUS}, cavity: {CAVITY}}}
material:
  formula: LiCoO2
  molar_volume: {1 / SITES}
  ion: {{species: Li, sites_per_formula: 1, occupancy: {OCCUPANCY}}}
  diffusivity: {DIFFUSIVITY}
  drift: none
  chemical_strain: {{partial_molar_volume: {PARTIAL_MOLAR_VOLUME}}}
  elasticity: {{young_modulus: {YOUNG}, poisson_ratio: {POISSON}}}
protocol:
  - charge: {{current_density: {CURRENT_DENSITY!r}, until: {{time: {FOURIER * DIFFUSION_TIME!r}}}}}
numerics: {{time_tolerance: 1.0e-6, elements: {{bulk: 16}}}}
"""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(30)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("hollow")
    (folder / "hollow.yaml").write_text(TEXT)
    with SHAPES.registered(HollowSphere):
        return oxyshell.run(oxyshell.load(folder / "hollow.yaml"), out=folder / "run")


@pytest.fixture(scope="module")
def radius(result: Result) -> Array:
    return np.asarray(result.profiles.radius_m) / RADIUS


def within(function: Callable[[Array], Array], r: Array) -> Array:
    """∫ f r² dr from the cavity to each radius."""
    half = 0.5 * (r - CAVITY)
    points = CAVITY + half[:, None] * (1 + _NODES)
    integrals: Array = half * ((function(points) * points**2) @ _WEIGHTS)
    return integrals


def occupancy(r: Array) -> Array:
    """θ once the wall empties evenly: ∇·(D∇θ) is the same everywhere, and no flux leaves the cavity."""
    rate = 3 * DROP / (1 - CAVITY**3)

    def uneven(r: Array) -> Array:
        return -rate / 3 * (r**2 / 2 + CAVITY**3 / r)

    mean = 3 / (1 - CAVITY**3) * within(uneven, np.ones(1))
    values: Array = OCCUPANCY - rate * FOURIER + uneven(r) - mean
    return values


def strain(r: Array) -> Array:
    values: Array = PARTIAL_MOLAR_VOLUME / 3 * SITES * (occupancy(r) - OCCUPANCY)
    return values


def test_the_occupancy_is_that_of_a_wall_that_empties_evenly(result: Result, radius: Array) -> None:
    assert (radius.min(), radius.max()) == pytest.approx((CAVITY, 1.0), rel=1e-12)
    # Of 8 elements it is 3e-6, of 32 it is 1e-9.
    np.testing.assert_allclose(result.profiles["occupancy"][-1], occupancy(radius), rtol=0, atol=1e-7)


def test_stresses_are_those_of_a_hollow_sphere_with_two_free_surfaces(result: Result, radius: Array) -> None:
    # Timoshenko & Goodier, Theory of Elasticity (1970), article 152, with the chemical strain for αT.
    whole, here = within(strain, np.ones(1)), within(strain, radius)
    stiffness, cube, wall = YOUNG / (1 - POISSON), radius**3, 1 - CAVITY**3
    radial = 2 * stiffness * ((cube - CAVITY**3) / (wall * cube) * whole - here / cube)
    hoop = stiffness * ((2 * cube + CAVITY**3) / (wall * cube) * whole + here / cube - strain(radius))
    largest = np.abs(hoop).max()
    # Of 8 elements it is 2e-4, of 32 it is 1e-7.
    for name, exact in (("radial_stress_Pa", radial), ("hoop_Pa", hoop)):
        np.testing.assert_allclose(result.profiles[name][-1], exact, rtol=0, atol=1e-5 * largest)


def test_the_current_empties_the_volume_of_the_wall(result: Result) -> None:
    assert result.path is not None
    with (result.path / "history.csv").open() as file:
        *_, last = csv.DictReader(line for line in file if not line.startswith("#"))
    taken = 3 * DROP / (1 - CAVITY**3) * FOURIER
    assert float(last["extracted_per_formula"]) == pytest.approx(taken, rel=1e-9)


def test_the_run_is_drawn_with_its_cavity(result: Result) -> None:
    assert result.path is not None
    assert {one.name for one in (result.path / "figures").iterdir()} == {"particle.png", "history.png"}
    reader = pyvista.PVDReader(result.path / "fields" / "particle.pvd")
    reader.set_active_time_value(reader.time_values[-1])
    (mesh,) = reader.read()
    mesh.points = np.asarray(mesh.points, dtype=float) / RADIUS
    assert np.linalg.norm(mesh.points, axis=1).min() == pytest.approx(CAVITY, rel=1e-6)
    area = mesh.compute_cell_sizes(length=False, volume=False)["Area"].sum()
    # Chords over 7.5° leave out 1 − sin(7.5°)/7.5° = 0.29 %.
    assert area == pytest.approx(math.pi / 2 * (1 - CAVITY**2), rel=4e-3)
