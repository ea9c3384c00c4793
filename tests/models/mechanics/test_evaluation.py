from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.round_plate import round_plate
from oxyshell.meshes.tags import LAYER
from oxyshell.models.base.dimension import Units
from oxyshell.models.mechanics.principal import largest_principal
from oxyshell.models.mechanics.stress import Peak, StressEvaluation
from oxyshell.models.particle.system import ParticleFields
from oxyshell.solver import spaces
from oxyshell.solver.evaluation import cell_regions, vtk_cells
from oxyshell.solver.state import Array, State
from tests.lrmo import LRMO
from tests.sampling import Sampler

UNITS = Units(length=2e-7, time=10.0, amount=3e-16, stress=1e9)
NOW = State(0.0, np.zeros(1), 0.0)
SHAPES = ("line", "disc", "eighth")


def solved(particle: ParticleMesh, stress: Any | None = None) -> Any:
    """Known fields: θ = 1 − r²/2 at the nodes, u = −0.1 x, and σ in the mesh's frame."""
    domain = spaces.domain(particle, 4)
    theta = fem.Function(fem.functionspace(particle.mesh, spaces.scalar_element(particle, 2)))
    theta.interpolate(lambda x: 1 - (x**2).sum(axis=0) / 2)
    displacement = fem.Function(fem.functionspace(particle.mesh, spaces.displacement_element(particle, 2)))
    components = particle.coordinates.displacement_components
    displacement.interpolate(lambda x: -0.1 * (x[0] if components == 1 else x[:components]))
    along_axes = ufl.as_matrix([[theta, 0, 0], [0, 2 * theta, 0], [0, 0, -theta]])
    return SimpleNamespace(
        particle=particle,
        domain=domain,
        expressions=ParticleFields(theta, displacement, along_axes if stress is None else stress),
        symbols=LRMO,
        units=UNITS,
        by_part=lambda of_part: of_part(LRMO, domain),
        load=lambda _state: None,
    )


@pytest.fixture(params=SHAPES)
def particle(request: pytest.FixtureRequest) -> ParticleMesh:
    return request.getfixturevalue(request.param)


def test_fields_come_in_si(particle: ParticleMesh) -> None:
    evaluation = Sampler(solved(particle))
    sample = evaluation.sample(NOW)
    r = evaluation.radius
    np.testing.assert_allclose(r, np.linalg.norm(evaluation.coordinates, axis=1), atol=1e-14)
    # Quadratic fields are exact on straight cells, and err with the curvature of the others.
    curved = particle.mesh.topology.dim > 1
    np.testing.assert_allclose(sample.occupancy, 1 - r**2 / 2, atol=5e-3 if curved else 1e-13)
    sites = LRMO.host.site_density
    np.testing.assert_allclose(
        sample.concentration, sample.occupancy * sites * UNITS.amount / UNITS.length**3, rtol=1e-13
    )
    np.testing.assert_allclose(sample.radial_displacement, -0.1 * r * UNITS.length, atol=1e-20)
    stress = sample.stress
    np.testing.assert_allclose(stress.components[:, 0], sample.occupancy * 1e9, rtol=1e-12)
    np.testing.assert_allclose(stress.hydrostatic, sample.occupancy * 1e9 * 2 / 3, rtol=1e-12)
    np.testing.assert_allclose(stress.first_principal, sample.occupancy * 2e9, rtol=1e-12)
    expected = np.sqrt(0.5 * (1 + 9 + 4)) * 1e9
    np.testing.assert_allclose(stress.von_mises, sample.occupancy * expected, rtol=1e-12)


def test_the_centre_and_the_surface_are_found(particle: ParticleMesh) -> None:
    evaluation = Sampler(solved(particle))
    sample = evaluation.sample(NOW)
    assert np.isfinite(sample.stress.radial).all()
    assert np.isfinite(sample.stress.hoop).all()
    assert evaluation.radius.min() == 0.0
    assert evaluation.depth.min() == 0.0
    assert evaluation.depth.max() == pytest.approx(1.0, abs=1e-14)
    assert evaluation.at_centre(sample.occupancy) == pytest.approx(1.0, abs=1e-13)
    assert evaluation.at_surface(sample.occupancy) == pytest.approx(0.5, abs=1e-13)
    peak = evaluation.peaks(sample.stress)["first_principal"]
    # 2θ is largest at the centre.
    assert (peak.value, peak.depth) == pytest.approx((2e9, UNITS.length), rel=1e-12, abs=0)
    assert peak.radius == 0.0


@pytest.mark.parametrize("build", [half_disc, octant])
def test_at_vertices_the_cells_of_a_region_are_averaged(build: Callable[..., ParticleMesh]) -> None:
    particle = build(0.2, Resolution(layer_elements=1, bulk_elements=2, tangential=2))
    domain = spaces.domain(particle, 4)
    # One number per cell, and a content that is linear in space.
    cellwise = fem.Function(fem.functionspace(particle.mesh, ("DG", 0)))
    count = particle.mesh.topology.index_map(particle.mesh.topology.dim).size_local
    cellwise.x.array[:count] = np.arange(count)
    known = solved(particle, cellwise * ufl.Identity(3))
    cells, vertices = Sampler(known), Sampler(known, at_vertices=True)
    inner = np.abs(vertices.depth - 0.2) < 1e-9
    nodes = particle.mesh.topology.index_map(0).size_local
    # Vertices between layer and bulk count twice.
    assert len(vertices.depth) == nodes + inner.sum() // 2
    found = vertices.stress(NOW).hydrostatic
    every, here = cells.stress(NOW).hydrostatic, cells.coordinates
    regions = cell_regions(particle).repeat(cells.points_per_cell)
    share = domain.position.in_layer.x.array[:count].repeat(cells.points_per_cell)
    assert np.array_equal(regions == LAYER, share == 1.0)
    for value, place in zip(found, vertices.coordinates, strict=True):
        near = np.linalg.norm(here - place, axis=1) < 1e-9
        means = [every[near & (regions == region)].mean() for region in set(regions[near])]
        assert min(abs(value - mean) for mean in means) < 1e-6 * 1e9
    # A field without jumps is the same either way.
    one, other = (evaluation.sample(NOW) for evaluation in (cells, vertices))
    assert vertices.at_surface(other.occupancy) == pytest.approx(0.5, abs=1e-13)
    assert one.occupancy.max() == pytest.approx(other.occupancy.max(), abs=1e-13)


def spherical(particle: ParticleMesh, radial: float, hoop: float) -> Any:
    """σ = hoop I + (radial − hoop) n n, n the direction away from the centre."""
    direction = particle.coordinates.radial_direction(ufl.SpatialCoordinate(particle.mesh))
    one = fem.Constant(particle.mesh, 1.0)
    return hoop * one * ufl.Identity(3) + (radial - hoop) * ufl.outer(direction, direction)


def test_radial_and_hoop_directions(particle: ParticleMesh) -> None:
    evaluation = Sampler(solved(particle, spherical(particle, -3.0, 5.0)))
    stress = evaluation.stress(NOW)
    away = evaluation.radius > 1e-3
    np.testing.assert_allclose(stress.radial[away], -3e9, rtol=1e-12)
    np.testing.assert_allclose(stress.hoop[away], 5e9, rtol=1e-12)
    np.testing.assert_allclose(stress.first_principal[away], 5e9, rtol=1e-7)
    np.testing.assert_allclose(stress.von_mises[away], 8e9, rtol=1e-12)


@pytest.mark.parametrize("shape", ["disc", "eighth"])
def test_at_the_centre_all_directions_are_alike(shape: str, request: pytest.FixtureRequest) -> None:
    evaluation = Sampler(solved(request.getfixturevalue(shape)))
    stress = evaluation.stress(NOW)
    centre = evaluation.radius == 0.0
    np.testing.assert_allclose(stress.radial[centre], 2e9 / 3, rtol=1e-12)
    np.testing.assert_allclose(stress.hoop[centre], 2e9 / 3, rtol=1e-12)


def test_of_equal_peaks_the_one_nearest_to_the_surface_counts(particle: ParticleMesh) -> None:
    evaluation = Sampler(solved(particle))
    stress = evaluation.sample(NOW).stress

    def peak(values: Array) -> Peak:
        # Tension along one direction: the von Mises stress is that tension.
        components = np.zeros((len(values), 6))
        components[:, 0] = values
        return evaluation.peaks(replace(stress, von_mises=values, components=components))["von_mises"]

    even = np.full(len(evaluation.depth), 3e8)
    assert peak(even).depth == pytest.approx(0.0, abs=1e-14 * UNITS.length)
    # Round-off is no difference, a millionth is.
    centre = np.argmax(evaluation.depth)
    even[centre] *= 1 + 1e-13
    assert peak(even).depth == pytest.approx(0.0, abs=1e-14 * UNITS.length)
    even[centre] *= 1 + 1e-6
    assert peak(even).depth == pytest.approx(UNITS.length, rel=1e-12)
    assert peak(even).value == even.max()


def symmetric(count: int) -> Array:
    values = np.random.default_rng(1).normal(size=(count, 3, 3))
    return values + np.swapaxes(values, 1, 2)


def special() -> Array:
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    diagonals = [(2, 2, -1), (2, -1, -1), (1, 1, 1), (0, 0, 0), (3, 1, -4), (1e-9, 0, 0), (5, 5, 5 + 1e-7)]
    return np.array([turn @ np.diag(np.array(d, dtype=float)) @ turn.T for d in diagonals])


def unsheared() -> Array:
    return np.array([np.diag(row) for row in np.random.default_rng(3).normal(size=(50, 3))])


@pytest.mark.parametrize(
    "tensors", [symmetric(500), special(), unsheared()], ids=["random", "equal eigenvalues", "unsheared"]
)
def test_first_principal_stress_is_the_largest_eigenvalue(tensors: Array) -> None:
    mean = np.trace(tensors, axis1=1, axis2=2) / 3
    deviators = tensors - mean[:, None, None] * np.eye(3)
    six = np.stack([deviators[:, i, j] for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))], axis=1)
    norm = (deviators**2).sum(axis=(1, 2))
    found = mean + largest_principal(six.T, norm)
    expected = np.linalg.eigvalsh(tensors)[:, -1]
    # A few roundings of the size of the tensor, also where the two largest meet.
    size = np.sqrt((tensors**2).sum(axis=(1, 2)))
    np.testing.assert_array_less(np.abs(found - expected), 1e-14 * size + 1e-300)


@pytest.mark.parametrize("shape", ["disc", "eighth"])
def test_cells_have_vtks_order(shape: str, request: pytest.FixtureRequest) -> None:
    particle = request.getfixturevalue(shape)
    evaluation = Sampler(solved(particle))
    ((kind, cells),) = vtk_cells(particle, evaluation, len(evaluation.depth)).items()
    edges = {
        "triangle6": [(0, 1), (1, 2), (2, 0)],
        "tetra10": [(0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)],
    }[kind]
    corners = {"triangle6": 3, "tetra10": 4}[kind]
    assert cells.shape == (evaluation.depth.size // evaluation.points_per_cell, corners + len(edges))
    assert sorted(cells.reshape(-1)) == list(range(evaluation.depth.size))
    points = evaluation.coordinates[cells]
    for middle, (a, b) in enumerate(edges, start=corners):
        chord = 0.5 * (points[:, a] + points[:, b])
        length = np.linalg.norm(points[:, a] - points[:, b], axis=1)
        # A curved edge bulges by about a quarter of its length at most.
        assert np.all(np.linalg.norm(points[:, middle] - chord, axis=1) < 0.3 * length)


def test_a_line_is_drawn_as_short_lines(line: ParticleMesh) -> None:
    evaluation = Sampler(solved(line))
    ((kind, cells),) = vtk_cells(line, evaluation, len(evaluation.depth)).items()
    assert kind == "line"
    lengths = np.diff(evaluation.radius[cells], axis=1)
    assert np.abs(lengths).sum() == pytest.approx(1.0, rel=1e-13)
    assert np.all(lengths != 0)


def biaxial(line: ParticleMesh, of_radius: Callable[[Any], Any]) -> Sampler:
    """σ = diag(0, f, f) GPa: hoop, first principal and von Mises stress are f(r), where it is positive."""
    hoop = of_radius(ufl.SpatialCoordinate(line.mesh)[0])
    return Sampler(solved(line, ufl.as_matrix([[0, 0, 0], [0, hoop, 0], [0, 0, hoop]])))


@pytest.mark.parametrize("place", [0.437, 0.73, 0.0413])
def test_a_peak_between_the_points_of_a_line_is_found(line: ParticleMesh, place: float) -> None:
    evaluation = biaxial(line, lambda r: 2 - (r - place) ** 2)
    assert np.abs(evaluation.radius - place).min() > 1e-3
    for name, peak in evaluation.peaks(evaluation.stress(NOW)).items():
        # The polynomial through the points and the parabola have a square exactly.
        assert peak.value == pytest.approx(2e9, rel=1e-14), name
        assert (peak.radius, peak.depth) == pytest.approx(
            (place * UNITS.length, (1 - place) * UNITS.length), rel=1e-10
        )


def test_a_peak_of_a_higher_polynomial_is_found(line: ParticleMesh) -> None:
    place = 0.437
    evaluation = biaxial(line, lambda r: 2 - (r - place) ** 2 + 0.5 * (r - place) ** 3)
    peak = evaluation.peaks(evaluation.stress(NOW))["first_principal"]
    step = np.ptp(evaluation.radius.reshape(-1, evaluation.points_per_cell), axis=1).max() / 8
    # A parabola through three points ±h about a peak misses a cubic term x³/2 by at most h³/2, and the place
    # by as much as that term's slope, 3 h²/2, over the curvature 2.
    assert peak.value == pytest.approx(2e9, abs=0.5e9 * step**3)
    assert peak.radius == pytest.approx(place * UNITS.length, abs=0.75 * step**2 * UNITS.length)


def test_a_peak_at_a_kink_between_cells_stays_there(line: ParticleMesh) -> None:
    corners = np.sort(line.mesh.geometry.x[:, 0])
    kink = float(corners[len(corners) // 2])
    evaluation = biaxial(line, lambda r: 2 - abs(r - kink))
    peak = evaluation.peaks(evaluation.stress(NOW))["von_mises"]
    assert (peak.value, peak.radius) == pytest.approx((2e9, kink * UNITS.length), rel=1e-12)


def test_a_peak_at_an_end_of_a_line_stays_there(line: ParticleMesh) -> None:
    def bent(slope: float, r: Any) -> Any:
        return 2 + slope * (r - 0.5) + 0.3 * r**2

    for slope, depth in ((1.0, 0.0), (-1.0, UNITS.length)):
        evaluation = biaxial(line, partial(bent, slope))
        peak = evaluation.peaks(evaluation.stress(NOW))["hoop"]
        assert peak.depth == pytest.approx(depth, abs=1e-14 * UNITS.length)


def test_a_peak_in_a_body_that_is_no_ball_has_a_place(disc: ParticleMesh, line: ParticleMesh) -> None:
    plate = round_plate(0.2, 0.0, Resolution(bulk_elements=3, tangential=1, surface_size=0.3))
    found = [StressEvaluation(Sampler(solved(one))) for one in (disc, line, plate)]
    assert [one.is_placed() for one in found] == [False, False, True]
    # The largest principal stress is 2θ, which is largest at the centre.
    for one in found:
        peak = one.step(NOW)[0]["first_principal"]
        assert peak.position == (0.0, 0.0, 0.0)
        assert peak.radius == 0.0
    # A section has the coordinates (r, z), and y = 0 in it.
    r, z = ufl.SpatialCoordinate(plate.mesh)
    tension = ufl.as_matrix([[r + z, 0, 0], [0, 0, 0], [0, 0, 0]])
    peak = StressEvaluation(Sampler(solved(plate, tension))).step(NOW)[0]["first_principal"]
    assert peak.position == pytest.approx((UNITS.length, 0.0, 0.2 * UNITS.length))
    assert peak.depth == 0.0
