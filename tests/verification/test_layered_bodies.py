"""Transport within the layers and along c in two and three dimensions, against exact solutions.

A body that is stretched along c by √(D_c/D_a), with a fixed content at its surface, is the body of an
isotropic material. A disc that is fed through its rim is the cylinder's series, whatever D_c and how
thick it is.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, ClassVar, Literal

import meshio
import numpy as np
import pytest

import oxyshell
from oxyshell.drawing.bodies import Body, Solid
from oxyshell.meshes import ball
from oxyshell.meshes.layer_cells import WantedLayers
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import disc_resolution, solid_resolution
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.base.geometry import Geometry
from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.shapes.elements import Elements
from oxyshell.shapes.registry import SHAPES
from oxyshell.shapes.shape import Shape
from tests.verification.closed_forms import robin_remaining
from tests.verification.exact import Record, agree, exact_row

RADIUS, DIFFUSIVITY, SITES = 1e-6, 1e-14, 2.5e4
DROP = 0.4
CURRENT_DENSITY = DROP * DIFFUSIVITY * SITES / RADIUS * FARADAY_CONSTANT
DIFFUSION_TIME = RADIUS**2 / DIFFUSIVITY
MATERIAL = f"""
name: layered
material:
  formula: NaO2
  molar_volume: {1 / SITES}
  ion: {{species: Na, sites_per_formula: 1, occupancy: 0.9}}
  diffusivity: {DIFFUSIVITY}
  drift: none
  chemical_strain: {{expansion_a: -1e-6, expansion_c: 2e-6}}
  elasticity: {{modulus_a: 120 GPa, modulus_c: 60 GPa, poisson_ab: 0.25, poisson_ac: 0.3, shear_c: 20 GPa}}
"""


class Spheroid(Shape):
    """A sphere, stretched along its axis."""

    noun: ClassVar[str] = "a spheroid"

    shape: Literal["spheroid"]
    """spheroid."""
    dimension: Literal[2, 3] = 2
    """2 axisymmetric, 3 solid."""
    stretch: float
    """Half axis along c in R."""

    def geometry(self) -> Geometry | None:
        return None

    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        if self.dimension == 2:
            particle = ball.quarter_disc(0.0, elements.resolution(disc_resolution(0.0)))
        else:
            particle = ball.octant(0.0, elements.resolution(solid_resolution(0.0)))
        particle.mesh.geometry.x[:, self.dimension - 1] *= self.stretch
        return particle

    def body(self, fields: Any) -> Body:
        return Solid(fields)


def held(particle: dict[str, Any], fourier: float, diffusivity_c: float, **changes: Any) -> Result:
    """A particle whose surface is brought from 0.9 to 0.1 at once."""
    protocol = f"[{{hold: {{surface_occupancy: 0.1, time: {fourier * DIFFUSION_TIME!r}}}}}]"
    text = MATERIAL + f"particle: {particle}\nprotocol: {protocol}\n"
    quick = {"numerics.elements": {"bulk": 8, "tangential": 4, "surface_size": 0.02}}
    own = {"material.diffusivity_c": diffusivity_c, "numerics.time_tolerance": 5e-4}
    scenario = loads(text).with_values(quick | own | changes)
    return oxyshell.run(scenario)


def series(record: Record, equation: str, computed: float, exact: float, allowed: float) -> None:
    """A share that remains, against a series."""
    agree(record, exact_row(equation, "Crank 1975", "share that remains", computed, exact, allowed))


def remaining(result: Result) -> float:
    """Share of what is to leave that has not."""
    return float((result.history["mean_occupancy"][-1] - 0.1) / 0.8)


@pytest.fixture(scope="module")
def sphere() -> float:
    with SHAPES.registered(Spheroid):
        return remaining(held({"shape": "spheroid", "radius": RADIUS, "stretch": 1.0}, 0.05, DIFFUSIVITY))


def test_the_fixed_surface_of_a_sphere(sphere: float) -> None:
    # The outermost elements, and steps of 5e-4 that add up to some of that.
    assert sphere == pytest.approx(0.3930602433211681, rel=2e-3)


@pytest.mark.parametrize("stretch", [1e-3, 0.1, 10.0, 1e3])
def test_a_stretched_spheroid_is_the_sphere(stretch: float, sphere: float, record: Record) -> None:
    with SHAPES.registered(Spheroid):
        particle = {"shape": "spheroid", "radius": RADIUS, "stretch": stretch}
        found = remaining(held(particle, 0.05, DIFFUSIVITY * stretch**2))
    # Round-off where D_a is the larger one. Where D_c is, steps begin in other units of time: their errors
    # differ by a few hundredths.
    assert found == pytest.approx(sphere, rel=1e-10 if stretch < 1 else 5e-5)
    equation = f"diffusion, spheroid, D_c/D_a = {stretch**2:g}, fixed surface, Fo = 0.05"
    series(record, equation, found, 0.3930602433211681, 2e-3)


SOLID = {"shape": "spheroid", "radius": RADIUS, "dimension": 3}


def test_a_stretched_solid_is_the_sphere(record: Record) -> None:
    few = {"numerics.elements": {"bulk": 6, "tangential": 3, "surface_size": 0.05}}
    with SHAPES.registered(Spheroid):
        found = [
            remaining(held({**SOLID, "stretch": stretch}, 0.05, DIFFUSIVITY * stretch**2, **few))
            for stretch in (1.0, 0.1)
        ]
    assert found[1] == pytest.approx(found[0], rel=1e-8)
    equation = "diffusion, solid spheroid, D_c/D_a = 0.01, fixed surface, Fo = 0.05"
    # Elements of a third of a quarter's circumference.
    series(record, equation, found[1], 0.3930602433211681, 5e-3)


@pytest.mark.parametrize(("thickness", "ratio"), [(0.2, 1e-6), (1.0, 1e6)])
def test_a_disc_fed_by_its_rim_is_the_cylinder(thickness: float, ratio: float, record: Record) -> None:
    particle = {"shape": "disc", "radius": RADIUS, "thickness": thickness * RADIUS}
    found = remaining(held(particle, 0.1, DIFFUSIVITY * ratio))
    equation = f"diffusion, disc of {thickness:g} R fed by its rim, D_c/D_a = {ratio:g}, Fo = 0.1"
    series(record, equation, found, 0.39417580603330854, 1e-3)


# Centre, half of the radius and rim at Fo = 0.1, 0.3 under a constant flux, of the cylinder's series.
CYLINDER = {
    0.1: (0.026921859165161044, 0.09661347762263067, 0.41832601326847324),
    0.3: (0.35413337503473946, 0.4761268285514421, 0.8483352075643573),
}


@pytest.mark.parametrize(("thickness", "ratio"), [(0.2, 1e-6), (1.0, 1e6)])
def test_the_profile_of_a_disc_under_a_constant_flux(thickness: float, ratio: float) -> None:
    particle = {"shape": "disc", "radius": RADIUS, "thickness": thickness * RADIUS}
    charge = {"current_density": CURRENT_DENSITY, "until": {"time": 0.3 * DIFFUSION_TIME}}
    text = MATERIAL + f"particle: {particle}\nprotocol: [{{charge: {charge}}}]\n"
    output = {"output.at": {"time": [0.1 * DIFFUSION_TIME, 0.3 * DIFFUSION_TIME]}}
    result = oxyshell.run(loads(text).with_values({"material.diffusivity_c": DIFFUSIVITY * ratio, **output}))
    for index, exact in enumerate(CYLINDER.values(), start=1):
        radius, theta = result.profiles.radius_m / RADIUS, result.profiles["occupancy"][index]
        found = (0.9 - np.interp([0.0, 0.5, 1.0], radius, theta)) / DROP
        np.testing.assert_allclose(found, exact, atol=1e-3)


def test_a_box_of_three_diffusion_times_is_a_product_of_series(tmp_path: Path, record: Record) -> None:
    # An eighth of the box |x|, |y| < 1, |z| < 0.2, D_c/D_a = 1e-3: layers of 0.01 R under its faces.
    levels = ([0, 0.5, 0.85, 1], [0, 0.5, 0.85, 1], [0, 0.12, 0.18, 0.2])
    points, cells = bricks(levels)
    meshio.write(tmp_path / "box.vtu", meshio.Mesh(RADIUS * points, [("tetra", cells)]))
    particle = {
        "shape": "imported",
        "radius": RADIUS,
        "mesh_file": str(tmp_path / "box.vtu"),
        "multiplicity": 8,
    }
    found = remaining(held(particle, 0.1, 1e-3 * DIFFUSIVITY))
    # Three elements along each half edge.
    series(record, "diffusion, box 2:2:0.4, D_c/D_a = 0.001, Fo = 0.1", found, 0.39033696139176116, 3e-3)


def bricks(levels: tuple[list[float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """Points and tetrahedra of a box between levels of x, y and z, six for each brick."""
    points = np.stack(np.meshgrid(*levels, indexing="ij"), axis=-1).reshape(-1, 3)
    index = np.arange(len(points)).reshape([len(one) for one in levels])
    cells = []
    for order in itertools.permutations(range(3)):
        corner = np.zeros(3, dtype=int)
        path = [index[:-1, :-1, :-1]]
        for axis in order:
            corner[axis] = 1
            path.append(index[tuple(slice(1, None) if up else slice(-1) for up in corner)])
        cells.append(np.stack(path, axis=-1).reshape(-1, 4))
    return points, np.concatenate(cells)


@pytest.mark.parametrize("dimension", [2, 3])
def test_equal_diffusivities_are_one(dimension: int) -> None:
    charge = {"current_density": CURRENT_DENSITY, "until": {"time": 0.1 * DIFFUSION_TIME}}
    oxygen = {
        "initial": 1e4,
        "diffusivity": 2 * DIFFUSIVITY,
        "surface": {"law": "open", "transfer": {"biot": 10}},
    }
    sphere = {"shape": "sphere", "radius": RADIUS, "dimension": dimension}
    text = MATERIAL + f"particle: {sphere}\nprotocol: [{{charge: {charge}}}]\noxygen: {oxygen}\n"
    own = {"material.drift": "lattice", "numerics.elements": {"bulk": 3, "tangential": 2}}
    base = loads(text).with_values(own)
    equal = {"material.diffusivity_c": DIFFUSIVITY, "oxygen.diffusivity_c": 2 * DIFFUSIVITY}
    one, other = (oxyshell.run(run).profiles for run in (base, base.with_values(equal)))
    for name in ("occupancy", "hoop_Pa", "oxygen_mol_m3"):
        # Round-off of some hundred steps.
        found, expected = other[name][-1], one[name][-1]
        np.testing.assert_allclose(found, expected, atol=1e-9 * np.abs(expected).max())


def kept(particle: dict[str, Any], fourier: float, diffusivity_c: float, surface: dict[str, Any]) -> float:
    """Share of mobile O2 that is left in a particle whose ions rest."""
    oxygen = {"initial": 1e4, "diffusivity": DIFFUSIVITY, "diffusivity_c": diffusivity_c, "surface": surface}
    rest = {"rest": {"time": fourier * DIFFUSION_TIME}}
    text = MATERIAL + f"particle: {particle}\nprotocol: [{rest}]\noxygen: {oxygen}\n"
    summary = oxyshell.run(loads(text)).summary["oxygen"]
    return float(summary["retention"])


EMPTY = {"law": "fixed", "content": "0 mol/m^3"}


@pytest.mark.parametrize("stretch", [1e-3, 10.0])
def test_oxygen_of_a_stretched_spheroid_is_that_of_the_sphere(stretch: float, record: Record) -> None:
    with SHAPES.registered(Spheroid):
        particle = {"shape": "spheroid", "radius": RADIUS, "stretch": stretch}
        found = kept(particle, 0.05, DIFFUSIVITY * stretch**2, EMPTY)
    equation = f"oxygen, spheroid, D_c/D_a = {stretch**2:g}, fixed surface, Fo = 0.05"
    # Steps of 1e-4 whose errors fall much faster than they do.
    series(record, equation, found, 0.3930602433211681, 1e-6)


@pytest.mark.parametrize(("thickness", "ratio"), [(0.2, 1e-6), (1.0, 1e6)])
def test_oxygen_leaves_a_disc_as_it_leaves_a_cylinder(thickness: float, ratio: float, record: Record) -> None:
    surface = {"law": "open", "transfer": {"biot": 10}}
    disc = {"shape": "disc", "radius": RADIUS, "thickness": thickness * RADIUS}
    found = kept(disc, 0.1, ratio * DIFFUSIVITY, surface)
    cylinder = kept({"shape": "cylinder", "radius": RADIUS}, 0.1, 1e-20, surface)
    exact = robin_remaining(10.0, 0.1, "cylinder")
    # Steps of 1e-4 whose errors fall much faster than they do.
    assert cylinder == pytest.approx(exact, rel=1e-6)
    equation = f"oxygen, disc of {thickness:g} R open at its rim, D_c/D_a = {ratio:g}, Fo = 0.1, L = 10"
    series(record, equation, found, exact, 1e-6)


def test_oxygen_of_a_plate_across_its_layers_moves_along_c() -> None:
    plate = {"shape": "plate", "radius": RADIUS, "c_axis": "normal"}
    surface = {"law": "open", "transfer": {"biot": 10}}
    # Its Biot number is that of the direction in which it moves.
    assert kept(plate, 0.01, 10 * DIFFUSIVITY, surface) == pytest.approx(
        robin_remaining(10.0, 0.1, "plate"), rel=1e-4
    )
