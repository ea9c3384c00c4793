from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dolfinx import fem

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.coordinates import PlanarAcrossLayers, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.solver import jumps, spaces
from oxyshell.solver.sides import Sides
from tests.processes import on_processes

COARSE = Resolution(layer_elements=2, bulk_elements=4, tangential=3)
NAMES = ("", "layer")
BODIES: dict[str, Callable[[], ParticleMesh]] = {
    "line": lambda: radial_line(Spherical(), 0.3, COARSE),
    "half disc": lambda: half_disc(0.3, COARSE),
    "octant": lambda: octant(0.3, COARSE),
}


def sides_of(particle: ParticleMesh) -> tuple[Sides, Any]:
    domain = spaces.domain(particle, 4, parts=NAMES)
    return Sides(SimpleNamespace(particle=particle, domain=domain), domain.interfaces[0]), domain


@pytest.mark.parametrize("body", BODIES)
def test_a_field_is_seen_on_both_sides(body: str) -> None:
    particle = BODIES[body]()
    sides, domain = sides_of(particle)
    space = spaces.scalars(particle, 2, NAMES)
    field = fem.Function(space)
    field.x.array[:] = jumps.by_part(space, domain.measure.part_of_cells, [2.0, 5.0])
    inner, outer = sides.values(sides.compiled([field, domain.x[0]]))
    np.testing.assert_allclose(inner[:, 0], 2.0, rtol=1e-14)
    np.testing.assert_allclose(outer[:, 0], 5.0, rtol=1e-14)
    np.testing.assert_allclose(inner[:, 1], outer[:, 1], atol=1e-14)
    assert (sides.radius, sides.depth) == pytest.approx((0.7, 0.3), abs=1e-9)
    assert sides.means(outer.T)[0] == pytest.approx(5.0, rel=1e-14)
    assert sides.largest(inner.T)[1] == pytest.approx(inner[:, 1].max(), rel=1e-15)


@pytest.mark.parametrize("body", BODIES)
def test_normals_point_outwards_in_the_local_frame(body: str) -> None:
    particle = BODIES[body]()
    sides, domain = sides_of(particle)
    radial, _ = sides.values(sides.compiled([*particle.coordinates.radial_direction(domain.x), domain.x[0]]))
    # At the corners of quadratic facets of 30° normals are off by the cube of that over a dozen.
    np.testing.assert_allclose(sides.normal, radial[:, :3], atol=1.2e-2)


def test_a_plate_across_its_layers_has_its_normal_along_c() -> None:
    sides, _ = sides_of(radial_line(PlanarAcrossLayers(), 0.3, COARSE))
    np.testing.assert_array_equal(sides.normal, [[0.0, 0.0, 1.0]])


def test_means_have_the_weights_of_areas() -> None:
    particle = half_disc(0.3, Resolution(layer_elements=2, bulk_elements=8, tangential=6))
    sides, domain = sides_of(particle)
    height, _ = sides.values(sides.compiled([abs(domain.x[1]) / 0.7]))
    # Of a sphere: ∫|cos ϑ| sin ϑ dϑ/2 = 1/2. A trapezium over straight edges of π/12
    # is off by the square over 4.
    assert sides.means(height.T)[0] == pytest.approx(0.5, rel=1.8e-2)


SCRIPT = """
import oxyshell
import numpy as np
import ufl
from types import SimpleNamespace
from oxyshell.solver import jumps, spaces
from dolfinx import fem
from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.resolution import Resolution
from oxyshell.solver.sides import Sides

resolution = Resolution(layer_elements=2, bulk_elements=4, tangential=3, interfaces=True)
particle = half_disc(0.3, resolution)
domain = spaces.domain(particle, 4, parts=("", "layer"))
sides = Sides(SimpleNamespace(particle=particle, domain=domain), domain.interfaces[0])
space = fem.functionspace(particle.mesh, ("DG", 1))
field = fem.Function(space)
# Another value in every cell, whatever the process: its mean at a corner needs all cells there.
field.interpolate(fem.Expression(ufl.sin(40 * ufl.SpatialCoordinate(particle.mesh)[0]) * domain.height,
                                 space.element.interpolation_points))
values = sides.values(sides.compiled([field, domain.x[1] * field]))
found = [one for side in values for one in (*sides.means(side.T), *sides.largest(side.T))]
found.append(particle.mesh.comm.allreduce(len(sides.normal)))
if particle.mesh.comm.rank == 0:
    print(*found)
"""


@pytest.mark.slow
def test_processes_have_the_same_values() -> None:
    outcomes = [on_processes(processes, "-c", SCRIPT) for processes in (1, 2, 3)]
    assert [outcome.returncode for outcome in outcomes] == [0, 0, 0], outcomes[1].stderr
    alone, *shared = ([float(one) for one in outcome.stdout.split()] for outcome in outcomes)
    assert len(alone) == 9
    for found in shared:
        assert found == pytest.approx(alone, rel=1e-12, abs=1e-14)
