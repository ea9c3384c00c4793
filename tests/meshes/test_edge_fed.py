"""Meshes of plates that are open at their edges only: the section of a round one, an eighth of a hexagon."""

from __future__ import annotations

import collections
import itertools
import math

import numpy as np
import pytest
import ufl
from dolfinx import fem
from dolfinx.mesh import entities_to_geometry, exterior_facet_indices
from scipy.sparse.linalg import eigsh

from oxyshell.errors import MeshError
from oxyshell.meshes.hexagonal_prism import APOTHEM, hexagonal_prism
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution, hexagon_resolution, round_plate_resolution
from oxyshell.meshes.round_plate import round_plate
from oxyshell.meshes.simplex import cells_at_facets, jacobian_determinants
from oxyshell.meshes.tags import BULK, LAYER, SURFACE, SYMMETRY

HALF, RIM = 0.2, 0.9
COARSE = Resolution(layer_elements=3, bulk_elements=5, tangential=3)
# Sums over a thousand cells of 1e-3 each, at round-off of 1e-16.
ROUND_OFF = 1e-12


def disc(layer: float) -> ParticleMesh:
    return round_plate(HALF, layer, COARSE, RIM)


def hexagon(layer: float) -> ParticleMesh:
    return hexagonal_prism(HALF, layer, COARSE, layers_of_elements=2)


BOTH = pytest.mark.parametrize("build", [disc, hexagon])
SIZES = {
    disc: {"volume": math.pi * RIM**2 * 2 * HALF, "area": 2 * math.pi * RIM * 2 * HALF, "deepest": RIM},
    hexagon: {"volume": 1.5 * math.sqrt(3) * 2 * HALF, "area": 6 * 2 * HALF, "deepest": APOTHEM},
}


def corners(particle: ParticleMesh) -> np.ndarray:
    return particle.mesh.geometry.dofmaps[0].astype(np.int64)


def distance_from_edges(points: np.ndarray) -> np.ndarray:
    """Distance of points in a hexagon from the nearest point of its six edges, segment by segment."""
    angles = np.arange(7) * math.pi / 3
    ends = np.column_stack([np.cos(angles), np.sin(angles)])
    distances = []
    for start, end in itertools.pairwise(ends):
        share = np.clip((points - start) @ (end - start) / ((end - start) @ (end - start)), 0, 1)
        distances.append(np.linalg.norm(points - start - share[:, None] * (end - start), axis=1))
    nearest: np.ndarray = np.min(distances, axis=0)
    return nearest


@BOTH
@pytest.mark.parametrize("layer", [0.0, 1e-4, 0.03, 0.6])
def test_volume_area_and_layer_are_exact(build, layer, integral):
    particle, size = build(layer), SIZES[build]
    assert integral(particle.measure.volume(1, 2)) == pytest.approx(size["volume"], rel=ROUND_OFF)
    assert integral(particle.measure.surface(1, 2)) == pytest.approx(size["area"], rel=ROUND_OFF)
    # What lies less deep than the layer is what a plate loses that shrinks by it.
    shell = size["volume"] * (1 - (1 - layer / size["deepest"]) ** 2)
    region = integral(particle.measure.region(1, LAYER, 2))
    assert region == pytest.approx(shell, rel=1e-9, abs=ROUND_OFF)
    assert set(particle.cell_tags.values) == ({BULK, LAYER} if layer else {BULK})


@BOTH
def test_cells_are_positively_oriented_and_conform(build):
    particle = build(0.03)
    mesh, cells = particle.mesh, corners(particle)
    assert jacobian_determinants(mesh.geometry.x[:, : mesh.geometry.dim], cells, degree=1).min() > 0
    assert set(np.unique(cells_at_facets(cells))) == {1, 2}
    dimension = mesh.topology.dim
    for d in range(1, dimension):
        mesh.topology.create_entities(d)
    counts = [mesh.topology.index_map(d).size_global for d in range(dimension + 1)]
    assert sum((-1) ** d * count for d, count in enumerate(counts)) == 1  # Euler's characteristic of a ball


@BOTH
def test_the_sides_of_the_mesh_are_edges_planes_and_a_face_without_a_tag(build):
    particle = build(0.03)
    mesh, tags = particle.mesh, particle.facet_tags
    dimension = mesh.topology.dim
    nodes = mesh.geometry.x
    exterior = exterior_facet_indices(mesh.topology)
    vertices = entities_to_geometry(mesh, dimension - 1, exterior)
    tag_of = dict(zip(tags.indices, tags.values, strict=True))
    assert set(tags.indices) <= set(exterior)
    found: collections.Counter[int] = collections.Counter()
    for facet, points in zip(exterior, nodes[vertices], strict=True):
        outwards = distance_from_edges(points[:, :2]) if build is hexagon else RIM - points[:, 0]
        sides = {SYMMETRY[axis]: points[:, axis] == 0 for axis in range(dimension)} | {
            0: points[:, dimension - 1] == HALF,
            SURFACE: np.abs(outwards) < 1e-15,
        }
        (expected,) = (tag for tag, on_it in sides.items() if on_it.all())
        assert tag_of.get(facet, 0) == expected
        found[expected] += 1
    assert set(found) == {0, SURFACE, *SYMMETRY[:dimension]}


@BOTH
def test_depth_is_the_distance_from_the_edges_everywhere(build, everywhere):
    particle = build(0.03)
    points = everywhere(particle, ufl.SpatialCoordinate(particle.mesh))
    exact = distance_from_edges(points[:, :2]) if build is hexagon else RIM - points[:, 0]
    depth = everywhere(particle, particle.depth * ufl.as_vector([1.0]))[:, 0]
    np.testing.assert_allclose(depth, exact, atol=1e-15)


@BOTH
def test_levels_are_the_depths_of_the_nodes_and_of_the_middles_between_them(build, everywhere):
    particle = build(0.03)
    depth = everywhere(particle, particle.depth * ufl.as_vector([1.0]))[:, 0].round(12)
    assert (particle.levels[0], particle.levels[-1]) == pytest.approx((0, SIZES[build]["deepest"]))
    assert set(depth) >= set(particle.levels[::2].round(12))
    assert len(particle.levels) == 2 * (COARSE.bulk_elements + COARSE.layer_elements) + 1


def test_the_corners_of_the_hexagon_are_vertices_and_lie_on_edges_of_cells_from_the_centre():
    particle = hexagon(0.03)
    x = particle.mesh.geometry.x
    towards = [np.array([1.0, 0.0]), np.array([0.5, APOTHEM])]
    shells = COARSE.bulk_elements + COARSE.layer_elements
    for corner in towards:
        along = x[x[:, 2] == 0][:, :2]
        on_line = np.abs(along[:, 0] * corner[1] - along[:, 1] * corner[0]) < 1e-15
        assert on_line.sum() == shells + 1
        assert np.abs(along - corner).sum(axis=1).min() < 1e-15


def test_elements_over_the_half_thickness_are_counted():
    assert len(np.unique(disc(0.03).mesh.geometry.x[:, 1])) == COARSE.tangential + 1
    assert len(np.unique(hexagon(0.03).mesh.geometry.x[:, 2])) == 3


@pytest.mark.parametrize("layer", [RIM, APOTHEM, 1.2])
def test_a_layer_as_thick_as_a_plate_is_wide_is_refused(layer):
    with pytest.raises(MeshError):
        disc(max(layer, RIM))
    with pytest.raises(MeshError):
        hexagon(layer)


def test_fewer_rings_than_elements_along_half_an_edge_are_refused():
    with pytest.raises(MeshError, match=r"bulk_elements = 2 .* half an edge of the hexagon, 3"):
        hexagonal_prism(HALF, 0.0, Resolution(bulk_elements=2, tangential=3), 1)


def eigenvalues(particle: ParticleMesh, held: bool, count: int) -> np.ndarray:
    """The lowest λ R² of −∇²θ = λθ, with θ = 0 at the edges or no flux through them; no flux elsewhere."""
    space = fem.functionspace(particle.mesh, ("Lagrange", 2))
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    stiffness, mass = (
        fem.assemble_matrix(fem.form(particle.measure.volume(form, 5))).to_scipy().tocsr()
        for form in (ufl.inner(ufl.grad(u), ufl.grad(v)), u * v)
    )
    free = np.ones(stiffness.shape[0], dtype=bool)
    if held:
        facets = particle.facet_tags.find(SURFACE)
        free[fem.locate_dofs_topological(space, particle.mesh.topology.dim - 1, facets)] = False
    found: np.ndarray = eigsh(
        stiffness[free][:, free],
        count,
        mass[free][:, free],
        sigma=-1.0,
        which="LM",
        return_eigenvectors=False,
    )
    return np.sort(found)


# Of the default elements, quadratic: (λ h²)²/500 of λ is 2e-5 for h = 0.1 R and λ = 7; with h = 0.2 R in the
# core of the hexagon 2e-4, and 1e-3 for λ = 18.
EQUAL_AREA = math.sqrt(1.5 * math.sqrt(3) / math.pi)


@pytest.mark.parametrize("half", [0.01, 0.2])
def test_the_slowest_modes_of_the_discs(half):
    for rim, exact in ((1.0, 5.783186), (EQUAL_AREA, 6.993026)):
        particle = round_plate(half, 0.0, round_plate_resolution(0.0, half), rim)
        assert eigenvalues(particle, True, 1) == pytest.approx(exact, rel=1e-4)


@pytest.mark.parametrize("half", [0.01, 0.2])
def test_the_slowest_modes_of_the_hexagon(half):
    particle = hexagonal_prism(half, 0.0, hexagon_resolution(0.0), 1)
    assert eigenvalues(particle, True, 1) == pytest.approx(7.155339, rel=3e-4)
    # cos(G x) + cos(G (x/2 + y √3/2)) + cos(G (x/2 − y √3/2)), G = 4π/3R, has no flux through the edges; a
    # quarter of a hexagon has two modes of lower symmetry, which no even start excites, below it.
    closed = eigenvalues(particle, False, 6)
    assert closed[0] == pytest.approx(0.0, abs=1e-9)
    assert np.abs(closed / (4 * math.pi / 3) ** 2 - 1).min() < 1e-3
