from __future__ import annotations

import numpy as np
import pytest
import ufl
from dolfinx import fem

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.coordinates import (
    Axisymmetric,
    Cartesian,
    Cylindrical,
    Planar,
    PlanarAcrossLayers,
    PlanarAlongLayers,
    Prism,
    Spherical,
)
from oxyshell.meshes.hexagonal_prism import hexagonal_prism
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.round_plate import round_plate

ROUND_OFF = 1e-12
TINY = Resolution(layer_elements=1, bulk_elements=2, tangential=2)
LINES = [Spherical(), Cylindrical(), Planar()]


@pytest.mark.parametrize(
    ("system", "hoop"), [(Spherical(), [1, 1]), (Cylindrical(), [1, 0]), (Planar(), [0, 0])]
)
def test_strain_on_a_line_up_to_the_centre(system, hoop, everywhere):
    particle = radial_line(system, 0.1, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    r = everywhere(particle, x)[:, 0]
    assert r.min() == 0.0
    # u = 2r + 3r²: u' = 2 + 6r, u/r = 2 + 3r, and 2 is its limit.
    strain = everywhere(particle, system.strain(2 * x[0] + 3 * x[0] ** 2, x))
    expected = np.zeros((len(r), 3, 3))
    expected[:, 0, 0] = 2 + 6 * r
    expected[:, 1, 1] = hoop[0] * (2 + 3 * r)
    expected[:, 2, 2] = hoop[1] * (2 + 3 * r)
    np.testing.assert_allclose(strain, expected, atol=ROUND_OFF)


def test_a_plate_carries_no_strain_when_it_moves(everywhere):
    particle = radial_line(Planar(), 0.0, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    shift = fem.Function(fem.functionspace(particle.mesh, ("P", 1)))
    shift.x.array[:] = 0.7
    np.testing.assert_allclose(everywhere(particle, Planar().strain(shift, x)), 0, atol=ROUND_OFF)


def test_axisymmetric_strain_up_to_the_axis(everywhere):
    particle = half_disc(0.1, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    r, z = everywhere(particle, x).T
    # u = (2r + rz, 3z + r²): ε_rr = ε_φφ = 2 + z, ε_zz = 3, 2ε_rz = r + 2r.
    u = ufl.as_vector([2 * x[0] + x[0] * x[1], 3 * x[1] + x[0] ** 2])
    expected = np.zeros((len(r), 3, 3))
    expected[:, 0, 0] = expected[:, 1, 1] = 2 + z
    expected[:, 2, 2] = 3
    expected[:, 0, 2] = expected[:, 2, 0] = 1.5 * r
    np.testing.assert_allclose(everywhere(particle, Axisymmetric().strain(u, x)), expected, atol=ROUND_OFF)


def test_axisymmetric_rigid_motion_has_no_strain(everywhere):
    particle = half_disc(0.1, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    lift = fem.Function(fem.functionspace(particle.mesh, ("P", 2, (2,))))
    lift.x.array[1::2] = 0.7
    np.testing.assert_allclose(everywhere(particle, Axisymmetric().strain(lift, x)), 0, atol=ROUND_OFF)


def test_cartesian_strain_and_rigid_motion(everywhere):
    particle = octant(0.1, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    gradient = np.array([[0.2, 0.5, 0.0], [0.1, -0.3, 0.4], [0.6, 0.0, 0.9]])
    stretched = everywhere(particle, Cartesian().strain(ufl.as_matrix(gradient.tolist()) * x, x))
    np.testing.assert_allclose(
        stretched, np.broadcast_to((gradient + gradient.T) / 2, stretched.shape), atol=1e-12
    )
    spin = ufl.cross(ufl.as_vector([0.3, -0.2, 0.5]), x) + ufl.as_vector([1.0, 2.0, 3.0])
    np.testing.assert_allclose(everywhere(particle, Cartesian().strain(spin, x)), 0, atol=ROUND_OFF)


@pytest.mark.parametrize(
    ("particle", "shape", "trace"),
    [
        (radial_line(Spherical(), 0.1, TINY), (), 3),
        (radial_line(Cylindrical(), 0.1, TINY), (), 2),
        (radial_line(Planar(), 0.1, TINY), (), 1),
        (half_disc(0.1, TINY), (2,), 3),
        (octant(0.1, TINY), (3,), 3),
    ],
)
def test_strain_in_a_bilinear_form(particle, shape, trace, integral):
    space = fem.functionspace(particle.mesh, ("Lagrange", 2, shape))
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    x = ufl.SpatialCoordinate(particle.mesh)
    strain = particle.coordinates.strain
    form = particle.measure.volume(ufl.inner(strain(u, x), strain(v, x)), 6)
    stretched = fem.Function(space)
    stretched.interpolate(lambda x: x[: shape[0] if shape else 1])
    energy = stretched.x.array @ fem.assemble_matrix(fem.form(form)).to_dense() @ stretched.x.array
    # u = x has ε = I in the directions that the body has.
    assert energy == pytest.approx(trace * integral(particle.measure.volume(1, 6)), rel=1e-12)


@pytest.mark.parametrize(
    ("system", "diagonal"),
    [
        (Spherical(), [0, 0, 0]),
        (Cylindrical(), [0, 0, 2]),
        (Planar(), [0, 2, 2]),
        (PlanarAcrossLayers(), [2, 2, 0]),
        (PlanarAlongLayers(), [0, 2, 3]),
        (Axisymmetric(), [0, 0, 0]),
        (Cartesian(), [0, 0, 0]),
    ],
)
def test_extension_is_along_the_directions_outside_the_mesh(system, diagonal, everywhere):
    particle = radial_line(Spherical(), 0.0, TINY)
    numbers = [ufl.as_ufl(2.0 + index) for index, _ in enumerate(system.extensions)]
    tensor = everywhere(particle, system.extension(*numbers))
    np.testing.assert_allclose(tensor, np.broadcast_to(np.diag(diagonal), tensor.shape))


@pytest.mark.parametrize(
    ("particle", "factors"),
    [
        (radial_line(Cylindrical(), 0.0, TINY), [2]),
        (radial_line(PlanarAlongLayers(), 0.0, TINY), [2]),
        (radial_line(PlanarAcrossLayers(), 0.0, TINY), [5]),
        (half_disc(0.1, TINY), [2, 5]),
        (octant(0.1, TINY), [2, 2, 5]),
    ],
)
def test_c_is_the_direction_of_the_last_coordinate_or_across_the_layers(particle, factors, everywhere):
    x = ufl.SpatialCoordinate(particle.mesh)
    found = everywhere(particle, particle.coordinates.layered(x, 2.0, 5.0))
    np.testing.assert_allclose(found, np.array(factors) * everywhere(particle, x), rtol=1e-15)


def test_c_is_the_third_direction_of_a_plates_frame_across_its_layers(everywhere):
    system = PlanarAcrossLayers()
    particle = radial_line(system, 0.0, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    strain = everywhere(particle, system.strain(2 * x[0], x))
    np.testing.assert_allclose(strain, np.broadcast_to(np.diag([0, 0, 2]), strain.shape), atol=ROUND_OFF)
    direction = everywhere(particle, system.radial_direction(x))
    np.testing.assert_allclose(direction, np.broadcast_to([0, 0, 1], direction.shape))


@pytest.mark.parametrize("system", LINES)
def test_radial_direction_on_a_line(system, everywhere):
    particle = radial_line(system, 0.0, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    direction = everywhere(particle, system.radial_direction(x))
    np.testing.assert_allclose(direction, np.broadcast_to([1, 0, 0], direction.shape))


@pytest.mark.parametrize(("build", "columns"), [(half_disc, [0, 2]), (octant, [0, 1, 2])])
def test_radial_direction_is_a_unit_vector_and_finite_at_the_centre(build, columns, everywhere):
    particle = build(0.1, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    points = everywhere(particle, x)
    length = np.linalg.norm(points, axis=1)
    expected = np.zeros((len(points), 3))
    expected[:, columns] = points / np.where(length > 0, length, 1)[:, None]
    assert length.min() == 0.0
    direction = everywhere(particle, particle.coordinates.radial_direction(x))
    np.testing.assert_allclose(direction, expected, atol=ROUND_OFF)


@pytest.mark.parametrize(("build", "dimension"), [(half_disc, 2), (octant, 3)])
def test_gradient_and_components(build, dimension, everywhere):
    particle = build(0.1, TINY)
    x = ufl.SpatialCoordinate(particle.mesh)
    f = ufl.dot(x, x) / 2
    gradient = everywhere(particle, particle.coordinates.gradient(f, x))
    np.testing.assert_allclose(gradient, everywhere(particle, x), atol=ROUND_OFF)
    assert particle.coordinates.displacement_components == dimension


def test_the_radius_of_a_plate_is_in_its_plane(everywhere):
    for particle, axes in (
        (round_plate(0.2, 0.1, TINY), [0]),
        (hexagonal_prism(0.2, 0.1, TINY, 2), [0, 1]),
    ):
        x = ufl.SpatialCoordinate(particle.mesh)
        system = particle.coordinates
        outwards = everywhere(particle, x)[:, axes]
        radius = np.linalg.norm(outwards, axis=1)
        found = everywhere(particle, system.radius(x) * ufl.as_vector([1.0]))[:, 0]
        np.testing.assert_allclose(found, radius, atol=ROUND_OFF)
        assert system.radial_components == len(axes)
        direction = everywhere(particle, system.radial_direction(x))
        # On the axis all directions in the plane are alike, and the first one is taken.
        expected = np.zeros_like(direction)
        expected[:, axes] = outwards / np.where(radius > 0, radius, 1)[:, None]
        expected[radius == 0, 0] = 1
        np.testing.assert_allclose(direction, expected, atol=ROUND_OFF)
        assert (radius == 0).sum() > 1


def test_the_hoop_stress_of_a_plate_is_in_its_plane_across_the_radius(everywhere):
    particle = hexagonal_prism(0.2, 0.1, TINY, 2)
    x = ufl.SpatialCoordinate(particle.mesh)
    points = everywhere(particle, x)
    stress = np.array([[3.0, 0.7, 0.4], [0.7, -2.0, 0.9], [0.4, 0.9, 5.0]])
    angle = np.arctan2(points[:, 1], points[:, 0])
    around = np.column_stack([-np.sin(angle), np.cos(angle), 0 * angle])
    expected = np.einsum("pi,ij,pj->p", around, stress, around)
    hoop = Prism().hoop(ufl.as_matrix(stress.tolist()), x)
    np.testing.assert_allclose(everywhere(particle, hoop * ufl.as_vector([1.0]))[:, 0], expected, atol=1e-12)
    section = round_plate(0.2, 0.1, TINY)
    hoop = section.coordinates.hoop(ufl.as_matrix(stress.tolist()), ufl.SpatialCoordinate(section.mesh))
    np.testing.assert_allclose(everywhere(section, hoop * ufl.as_vector([1.0])), -2.0)
