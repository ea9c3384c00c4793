"""Meshes with several layers: their cells, the interfaces between them, and the sizes of their elements."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem
from hypothesis import example, given
from hypothesis import strategies as st
from mpi4py import MPI

from oxyshell.errors import MeshError
from oxyshell.meshes.ball import ball_arrays, full_sphere, half_disc, octant, quarter_disc
from oxyshell.meshes.coordinates import Cylindrical, Planar, Spherical
from oxyshell.meshes.grading import edges_of, radial_levels
from oxyshell.meshes.hexagonal_prism import APOTHEM, hexagonal_prism
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.layer_cells import WantedLayer, WantedLayers
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import (
    Resolution,
    disc_resolution,
    hexagon_resolution,
    radial_resolution,
    round_plate_resolution,
    solid_resolution,
)
from oxyshell.meshes.round_plate import round_plate
from oxyshell.meshes.tags import BULK, LAYER
from oxyshell.shapes.cylinder import Cylinder
from oxyshell.shapes.disc import Disc
from oxyshell.shapes.elements import Elements
from oxyshell.shapes.hexagon import Hexagon
from oxyshell.shapes.plate import Plate
from oxyshell.shapes.shape import Shape
from oxyshell.shapes.sphere import Sphere
from tests.meshes.files import OCTANT, RADIUS, foreign, write
from tests.processes import MPIEXEC, on_processes

# From inside out: a thick one, a thin one, one in between.
LAYERS = (0.3, 0.02, 0.08)
EDGES = (0.6, 0.9, 0.92, 1.0)
COARSE = Resolution(layer_elements=2, bulk_elements=5, tangential=4, interfaces=True)
HALF, RIM = 0.2, 0.95

# How meshes are made, their deepest point in R, the power of the radius that volumes grow with, and the error
# of volumes: that of quadratic cells on a sphere, whose shares are exact, or round-off.
BODIES: dict[str, tuple[Any, float, int]] = {
    "sphere along its radius": (lambda layers, one: radial_line(Spherical(), layers, one), 1.0, 3),
    "cylinder": (lambda layers, one: radial_line(Cylindrical(), layers, one), 1.0, 2),
    "plate": (lambda layers, one: radial_line(Planar(), layers, one), 1.0, 1),
    "half disc": (half_disc, 1.0, 3),
    "quarter disc": (quarter_disc, 1.0, 3),
    "octant": (octant, 1.0, 3),
    "full sphere": (full_sphere, 1.0, 3),
    "round plate": (lambda layers, one: round_plate(HALF, layers, one, RIM), RIM, 2),
    "hexagonal prism": (lambda layers, one: hexagonal_prism(HALF, layers, one, 2), APOTHEM, 2),
}
ALL = pytest.mark.parametrize("body", BODIES)
DEFAULTS = {
    "line": radial_resolution,
    "disc": disc_resolution,
    "solid": solid_resolution,
    "round plate": lambda layers, interfaces: round_plate_resolution(layers, 0.3, interfaces),
    "hexagon": hexagon_resolution,
}


def made(body: str) -> ParticleMesh:
    build, deepest, _ = BODIES[body]
    found: ParticleMesh = build(np.array(LAYERS) * deepest, COARSE)
    return found


def interface(particle: ParticleMesh, inner: int, outer: int) -> Any:
    """The form of the area of the facets between cells of two regions."""
    topology = particle.mesh.topology
    dimension = topology.dim
    topology.create_connectivity(dimension - 1, dimension)
    cells = topology.connectivity(dimension - 1, dimension)
    tags = np.zeros(len(particle.cell_tags.indices), dtype=np.int64)
    tags[particle.cell_tags.indices] = particle.cell_tags.values
    count = topology.index_map(dimension - 1).size_local
    chosen = [f for f in range(count) if sorted(tags[cells.links(f)]) == [inner, outer]]
    topology.create_connectivity(dimension, dimension - 1)
    facets = topology.connectivity(dimension, dimension - 1)
    sides = [
        (cell, int(np.flatnonzero(facets.links(cell) == f)[0])) for f in chosen for cell in cells.links(f)
    ]
    integral = [(1, np.array(sides, dtype=np.int32).reshape(-1))]
    rule = {"quadrature_degree": 6}
    dS = ufl.Measure("dS", domain=particle.mesh, subdomain_data=integral, metadata=rule)
    weight = particle.coordinates.weight(ufl.SpatialCoordinate(particle.mesh))
    return weight("+") * dS(1)


@ALL
def test_each_layer_has_cells_of_its_own_and_an_exact_share_of_the_volume(body, integral):
    particle, (_, _, power) = made(body), BODIES[body]
    assert sorted(particle.regions.values()) == [BULK, LAYER, LAYER + 1, LAYER + 2]
    assert set(particle.cell_tags.values) == {1, 2, 3, 4}
    whole = integral(particle.measure.volume(1, 6))
    inner = np.array([0.0, *EDGES[:-1]])
    for tag, begin, end in zip((1, 2, 3, 4), inner, EDGES, strict=True):
        share = integral(particle.measure.region(1, tag, 6)) / whole
        # Surface and interfaces are similar, so what quadratic cells lack of a sphere cancels in the share.
        assert share == pytest.approx(end**power - begin**power, rel=1e-9)


@ALL
def test_interfaces_have_exact_areas(body, integral):
    particle, (_, _, power) = made(body), BODIES[body]
    surface = integral(particle.measure.surface(1, 6))
    for inner, edge in zip((1, 2, 3), EDGES, strict=False):
        area = integral(interface(particle, inner, inner + 1))
        assert area / surface == pytest.approx(edge ** (power - 1), rel=1e-9)
    # Layers that do not touch have no interface.
    assert integral(interface(particle, 1, 3)) == 0.0


@ALL
def test_the_radii_of_interfaces_are_nodes(body, everywhere):
    particle, (_, deepest, _) = made(body), BODIES[body]
    depth = everywhere(particle, particle.depth * ufl.as_vector([1.0]))[:, 0]
    for edge in EDGES:
        # A unit in the last place of the depth, and one of its distance from the deepest point.
        assert np.abs(depth - (1 - edge) * deepest).min() < 3e-16


def test_edges_are_exactly_what_the_layers_leave():
    assert edges_of((0.25, 0.5, 0.125)).tolist() == [0.125, 0.375, 0.875, 1.0]
    radii = radial_levels((0.25, 0.5, 0.125), 4, 6, 0.01, largest=0.01)
    assert {0.0, 0.125, 0.375, 0.875, 1.0} <= set(radii.tolist())
    assert len(radii) == 6 + 3 * 4 + 1


THICKNESS = st.floats(-5, 0).map(lambda exponent: 10**exponent)


@pytest.mark.parametrize("default", DEFAULTS)
@given(raw=st.lists(THICKNESS, min_size=1, max_size=3), total=st.floats(0.001, 0.99))
@example(raw=[0.99], total=0.99)
@example(raw=[0.001, 0.5, 0.001], total=0.502)
@example(raw=[0.989, 0.001], total=0.99)
@example(raw=[0.001, 0.989], total=0.99)
def test_neighbouring_elements_have_similar_sizes_in_any_layers(default, raw, total):
    layers = [max(one / sum(raw) * total, 1e-5) for one in raw]
    if sum(layers) > 0.99:
        return
    chosen = DEFAULTS[default](layers, True)
    radii = chosen.levels(layers)
    sizes = np.diff(radii)
    assert sizes.min() > 1e-6
    assert chosen.growth(layers) <= 3 * (1 + 1e-9)
    assert set(edges_of(layers).tolist()) <= set(radii.tolist())
    regions = chosen.regions(layers)
    assert len(regions) == len(sizes)
    for number, edge in enumerate(edges_of(layers)):
        assert radii[np.searchsorted(regions, BULK + number, side="right")] == edge
    # No longer than without a layer: on both sides of each interface, but for the growth into the core.
    most = chosen.surface_size * (1 + 1e-9)
    first = np.searchsorted(regions, np.arange(LAYER, LAYER + len(layers)))
    assert sizes[first].max() <= most
    assert sizes[[*(first[1:] - 1), -1]].max() <= most
    assert sizes[first[0] - 1] <= 3 * most
    usual = DEFAULTS[default]([0.03], True)
    fewest = usual.bulk_elements + usual.layer_elements * len(layers)
    assert len(sizes) <= fewest + 10 * len(layers)


@pytest.mark.parametrize("default", DEFAULTS)
@pytest.mark.parametrize("layer", [0.0225, 0.03, 0.05])
def test_a_thin_layer_is_meshed_alike_with_an_interface_and_without(default, layer):
    graded, sharp = (DEFAULTS[default](layer, interfaces) for interfaces in (False, True))
    if graded.layer_elements * sharp.surface_size >= layer:
        np.testing.assert_array_equal(sharp.levels(layer), graded.levels(layer))


def test_a_thick_layer_is_finer_at_its_edges_and_grows_by_one_ratio():
    resolution = disc_resolution([0.5], True)
    sizes = np.diff(resolution.levels([0.5]))[resolution.bulk_elements :]
    assert sizes[0] == pytest.approx(0.01, rel=1e-9)
    assert sizes.max() <= 2 * 0.5 / 8
    np.testing.assert_allclose(sizes, sizes[::-1], rtol=1e-9)
    half = (len(sizes) - 1) // 2
    ratios = sizes[1:half] / sizes[: half - 1]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-9)


def test_elements_that_are_asked_for_are_across_each_layer():
    layers = WantedLayers((WantedLayer("inner", 0.2), WantedLayer("outer", 0.1)), interfaces=True)
    particle = sphere(1).mesh(layers, Elements(layer=5, bulk=7))
    assert dict(particle.regions) == {"bulk": 1, "inner": 2, "outer": 3}
    assert [len(particle.cell_tags.find(tag)) for tag in (1, 2, 3)] == [7, 5, 5]


def sphere(dimension: int) -> Shape:
    keys = {"shape": "sphere", "radius": "150 nm", "dimension": dimension}
    return Sphere.model_validate(keys)


FLAT = {"radius": "150 nm", "thickness": "60 nm"}
SHAPES: dict[str, Shape] = {
    "sphere": sphere(1),
    "disc of a sphere": sphere(2),
    "octant": sphere(3),
    "cylinder": Cylinder.model_validate({"shape": "cylinder", "radius": "150 nm"}),
    "plate": Plate.model_validate({"shape": "plate", "radius": "150 nm"}),
    "round plate": Disc.model_validate({"shape": "disc", **FLAT}),
    "hexagon as a disc": Hexagon.model_validate({"shape": "hexagon", **FLAT}),
    "hexagon": Hexagon.model_validate({"shape": "hexagon", **FLAT, "dimension": 3}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_regions_have_the_names_of_the_layers_in_every_shape(shape):
    layers = WantedLayers((WantedLayer("coating", 0.1), WantedLayer("layer", 0.05)), interfaces=True)
    few = Elements(layer=2, bulk=4, tangential=3)
    particle = SHAPES[shape].mesh(layers, few)
    assert dict(particle.regions) == {"bulk": 1, "coating": 2, "layer": 3}
    assert set(particle.cell_tags.values) == {1, 2, 3}
    one = SHAPES[shape].mesh(WantedLayers.one(0.1), few)
    assert dict(one.regions) == {"bulk": 1, "layer": 2}
    assert dict(SHAPES[shape].mesh(WantedLayers(), few).regions) == {"bulk": 1, "layer": 2}


@pytest.mark.parametrize("layers", [(0.5, 0.5), (0.2, -0.1), (0.2, 0.0), (0.3, math.nan)])
def test_layers_that_leave_no_core_or_have_no_thickness_are_refused(layers):
    with pytest.raises(MeshError, match="thinner than the particle's radius: got 0"):
        radial_line(Spherical(), layers, Resolution())


def test_as_many_numbers_of_elements_as_layers_are_expected():
    resolution = Resolution(inner_elements=(3, 4))
    with pytest.raises(MeshError, match="1 layers below the outermost, and numbers of elements for 2"):
        resolution.levels((0.1, 0.1))
    with pytest.raises(MeshError, match="at least 1, not 0"):
        Resolution(inner_elements=(0,))


# Levels of single layers as they were before there were several: with each default, numbers of elements
# across the layer and below it, the smallest and the largest element, radii of the first and seventh node.
SINGLE: dict[tuple[str, float], tuple[int, int, float, float, float, float]] = {
    ("line", 0.0): (8, 8, 0.0500000000000127, 0.241305739955273, 0.241305739955273, 0.949999999999987),
    ("line", 0.0225): (
        8,
        10,
        0.0028125,
        0.382177023760612,
        0.382177023760612,
        0.953116540874492,
    ),
    ("line", 0.03): (8, 10, 0.00374999999999992, 0.359056566653041, 0.359056566653041, 0.940008636807309),
    ("line", 0.5): (9, 9, 0.055555555555546, 0.0555555555555651, 0.055555555555546, 0.388888888888872),
    ("line", 0.9): (16, 2, 0.0499999999999996, 0.0562500000000001, 0.0499999999999996, 0.38125),
    ("disc", 0.0001): (
        4,
        24,
        2.49999999999417e-05,
        0.0597764750241567,
        0.0597764750241567,
        0.418435325169096,
    ),
    ("disc", 0.03): (
        8,
        24,
        0.00374999999999992,
        0.0519749656967601,
        0.0519749656967601,
        0.363824759877319,
    ),
    ("disc", 0.2): (
        8,
        24,
        0.0249999999999999,
        0.0351273196901163,
        0.0351273196901158,
        0.245891237830814,
    ),
    ("disc", 0.6): (
        19,
        13,
        0.0307692307692307,
        0.0315789473684212,
        0.0307692307692308,
        0.215384615384615,
    ),
    ("solid", 0.001): (
        5,
        13,
        0.000199999999999978,
        0.130526558449984,
        0.130526558449983,
        0.913685909149884,
    ),
    ("solid", 0.0225): (
        8,
        10,
        0.0028125,
        0.12880525572187,
        0.12880525572187,
        0.901636790053089,
    ),
    ("solid", 0.5): (9, 9, 0.0555555555555547, 0.0555555555555595, 0.0555555555555547, 0.388888888888883),
    ("round plate", 0.05): (
        8,
        20,
        0.00624999999999998,
        0.103574387932638,
        0.103574387932638,
        0.639647755629748,
    ),
    ("hexagon", 0.05): (
        6,
        8,
        0.0083333333333333,
        0.221716361715248,
        0.221716361715248,
        0.93560156625907,
    ),
    ("hexagon", 0.7): (10, 4, 0.07, 0.0757303868945009, 0.0757303868945009, 0.51),
}


@pytest.mark.parametrize(("default", "layer"), SINGLE)
def test_single_layers_have_the_elements_of_before(default, layer):
    chosen = DEFAULTS[default](layer, False)
    radii = chosen.levels(layer)
    sizes = np.diff(radii)
    found = (sizes.min(), sizes.max(), radii[1], radii[7])
    across, bulk, *numbers = SINGLE[default, layer]
    assert (chosen.layer_elements, chosen.bulk_elements) == (across, bulk)
    # Exponentials differ in the last place between processors, sizes by that of the radii.
    np.testing.assert_allclose(found, numbers, rtol=1e-14, atol=4e-16)


# Of bodies that are shared out: a line is whole on every process.
PROGRAM = "from oxyshell import meshes; from tests.meshes.test_layers import main; main()"
SHARED = ("half disc", "octant", "round plate", "hexagonal prism")


def measured(path: Path) -> dict[str, list[float]]:
    """Volumes of all and of each region, areas of surface and interfaces, by body, and of an imported one."""
    layers = WantedLayers((WantedLayer("layer"), WantedLayer("layer 2")), by_region=True, interfaces=True)
    particles = {body: made(body) for body in SHARED} | {"imported": import_mesh(path, RADIUS, 8, layers)}
    found = {}
    for body, particle in particles.items():
        measure, tags = particle.measure, (1, 2, 3)
        forms = [measure.volume(1, 6), measure.volume(particle.depth, 6), measure.surface(1, 6)]
        forms += [measure.region(1, tag, 6) for tag in tags]
        forms += [interface(particle, tag, tag + 1) for tag in tags[:2]]
        parts = [float(fem.assemble_scalar(fem.form(form))) for form in forms]
        # Every cell and facet is counted by one process, whichever has a copy.
        cells = particle.mesh.topology.index_map(particle.mesh.topology.dim)
        ghosts = MPI.COMM_WORLD.allreduce(cells.num_ghosts)
        assert (ghosts > 0) == (MPI.COMM_WORLD.size > 1)
        found[body] = [MPI.COMM_WORLD.allreduce(part) for part in parts]
    return found


@pytest.mark.long
@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_measure_the_same(processes, tmp_path):
    mesh = foreign(ball_arrays(OCTANT, (0.2, 0.1), Resolution(2, 4, 3)))
    mesh.field_data["layer 2"] = np.array([3, 3])
    path = write(mesh, tmp_path / "coated.msh")
    done = on_processes(processes, "-c", PROGRAM, path)
    assert done.returncode == 0, done.stderr
    alone, together = measured(path), json.loads(done.stdout)
    assert alone.keys() == together.keys()
    for body, values in alone.items():
        # Sums of up to some thousand cells, in another order.
        np.testing.assert_allclose(together[body], values, rtol=1e-12, err_msg=body)


def main() -> None:
    told = measured(Path(sys.argv[1]))
    if MPI.COMM_WORLD.rank == 0:
        sys.stdout.write(json.dumps(told))
