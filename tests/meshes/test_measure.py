from __future__ import annotations

import math

import pytest
import ufl

from oxyshell.meshes.ball import full_sphere, half_disc, octant, quarter_disc
from oxyshell.meshes.coordinates import Cylindrical, Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.tags import BULK, LAYER

# Total of the whole particle's weight at r = 1, and the power of r in it.
LINES = [(Spherical(), 4 * math.pi, 2), (Cylindrical(), 2 * math.pi, 1), (Planar(), 2.0, 0)]
BALLS = [half_disc, quarter_disc, octant, full_sphere]
BALL_VOLUME = 4 * math.pi / 3


@pytest.mark.parametrize(("system", "area", "power"), LINES)
@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_powers_of_r_on_a_line(system, area, power, k, integral):
    particle = radial_line(system, 0.05, Resolution())
    r = particle.coordinates.radius(ufl.SpatialCoordinate(particle.mesh))
    measured = integral(particle.measure.volume(r**k, k + power))
    assert measured == pytest.approx(area / (k + power + 1), rel=1e-13)


@pytest.mark.parametrize(("system", "area", "power"), LINES)
@pytest.mark.parametrize("layer", [0.0, 0.05])
def test_surface_and_regions_of_a_line(system, area, power, layer, integral):
    particle = radial_line(system, layer, Resolution())
    assert integral(particle.measure.surface(1, 2)) == pytest.approx(area, rel=1e-14)
    inside = (1 - layer) ** (power + 1)
    bulk, shell = (integral(particle.measure.region(1, tag, 2)) for tag in (BULK, LAYER))
    assert bulk == pytest.approx(area / (power + 1) * inside, rel=1e-13)
    assert shell == pytest.approx(area / (power + 1) * (1 - inside), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("build", BALLS)
def test_powers_of_r_in_a_ball(build, coarse, integral):
    particle = build(0.1, coarse)
    x = ufl.SpatialCoordinate(particle.mesh)
    defect = 1 - integral(particle.measure.volume(1, 6)) / BALL_VOLUME
    measured = integral(particle.measure.volume(ufl.dot(x, x), 8))
    # The only error is that of the surface's position, δ: 3δ of the volume and 5δ of this integral.
    error = 1 - measured / (4 * math.pi / 5)
    assert error == pytest.approx(5 / 3 * defect, rel=0.1)
    assert 0 < defect < 1e-3


@pytest.mark.parametrize("build", BALLS)
@pytest.mark.parametrize("layer", [0.03, 0.2])
def test_regions_of_a_ball_have_the_exact_share(build, layer, coarse, integral):
    particle = build(layer, coarse)
    total = integral(particle.measure.volume(1, 6))
    shell = integral(particle.measure.region(1, LAYER, 6))
    bulk = integral(particle.measure.region(1, BULK, 6))
    # Inner edge and surface are similar, so their errors cancel in the share.
    assert shell / total == pytest.approx(1 - (1 - layer) ** 3, rel=1e-10)
    assert shell + bulk == pytest.approx(total, rel=1e-13)


@pytest.mark.parametrize("build", [half_disc, octant])
def test_volume_and_area_converge_with_the_fourth_power_of_the_size(build, integral):
    errors = []
    for tangential in (4, 8):
        particle = build(0.05, Resolution(layer_elements=1, bulk_elements=tangential, tangential=tangential))
        volume = integral(particle.measure.volume(1, 6)) / BALL_VOLUME
        area = integral(particle.measure.surface(1, 6)) / (4 * math.pi)
        errors.append((abs(1 - volume), abs(1 - area)))
    for coarse_error, fine_error in zip(*errors, strict=True):
        assert math.log2(coarse_error / fine_error) == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize("build", BALLS)
def test_normals_point_outwards(build, coarse, integral):
    particle = build(0.1, coarse)
    x = ufl.SpatialCoordinate(particle.mesh)
    outwards = ufl.dot(ufl.FacetNormal(particle.mesh), x)
    # Divergence theorem: on the symmetry planes and the axis x·n or the weight is zero.
    volume = integral(particle.measure.volume(1, 6))
    assert integral(particle.measure.surface(outwards, 8)) / 3 == pytest.approx(volume, rel=1e-10)


@pytest.mark.parametrize("build", BALLS)
def test_depth_is_zero_on_the_surface(build, coarse, integral):
    particle = build(0.1, coarse)
    off = math.sqrt(integral(particle.measure.surface(particle.depth**2, 6)) / (4 * math.pi))
    assert off < 1e-14
    # Depth counts from the mesh's own shells, whose volumes are 1e-3 too small, more so around the centre.
    own_volume = integral(particle.measure.volume(1, 6))
    mean = integral(particle.measure.volume(particle.depth, 6)) / own_volume
    assert mean == pytest.approx(0.25, rel=2e-3)
