from __future__ import annotations

import re

import basix.ufl
import numpy as np
import pytest
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI

from oxyshell.errors import MeshError
from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.coordinates import Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.solver import dof_positions, jumps, spaces
from tests.processes import on_processes

COARSE = Resolution(layer_elements=2, bulk_elements=4, tangential=3)
NAMES = ("", "layer")
BODIES = {
    "sphere": lambda: radial_line(Spherical(), 0.3, COARSE),
    "plate": lambda: radial_line(Planar(), 0.3, COARSE),
    "half disc": lambda: half_disc(0.3, COARSE),
    "octant": lambda: octant(0.3, COARSE),
}
SPHERE = 4 / 3 * np.pi
# Volume of the core, volume and area of the layer, area between them.
SIZES = {
    "sphere": (SPHERE * 0.7**3, SPHERE * (1 - 0.7**3), 4 * np.pi, 4 * np.pi * 0.49),
    "plate": (1.4, 0.6, 2.0, 2.0),
}
SIZES |= {"half disc": SIZES["sphere"], "octant": SIZES["sphere"]}


@pytest.fixture(params=BODIES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def integral(form: ufl.Form) -> float:
    return float(fem.assemble_scalar(fem.form(form)))


def two_parts(particle: ParticleMesh, inner: float, outer: float, degree: int = 2) -> fem.Function:
    """A field that has one value in the core and another one in the layer."""
    space = spaces.scalars(particle, degree, NAMES)
    parts = spaces.domain(particle, 2, parts=NAMES).measure.part_of_cells
    field = fem.Function(space)
    field.x.array[:] = jumps.by_part(space, parts, [inner, outer])
    return field


def test_volumes_and_areas_of_parts_and_interfaces(name: str) -> None:
    particle = BODIES[name]()
    domain = spaces.domain(particle, 8, parts=NAMES)
    core, layer = domain.parts
    (between,) = domain.interfaces
    found = (core.volume(1), layer.volume(1), layer.surface(1), between.integral(ufl.as_ufl(1)))
    # Of three quadratic cells a quarter, a circle is off by up to 2e-4 and a sphere by 3e-3; lines are exact.
    tolerance = {1: 1e-12, 2: 5e-4, 3: 5e-3}[particle.mesh.topology.dim]
    assert np.allclose([integral(form) for form in found], SIZES[name], rtol=tolerance)
    assert integral(core.surface(1)) == 0.0


def test_a_region_of_a_part_is_what_the_part_has_of_it(name: str) -> None:
    domain = spaces.domain(BODIES[name](), 8, parts=NAMES)
    core, layer = domain.parts
    assert core.volume(1, "layer").empty()
    assert integral(core.volume(1, "bulk")) == pytest.approx(integral(core.volume(1)), rel=1e-14)
    assert integral(layer.volume(1, "layer")) == pytest.approx(integral(layer.volume(1)), rel=1e-14)


def test_a_field_jumps_exactly_at_the_interface(name: str) -> None:
    particle = BODIES[name]()
    field = two_parts(particle, 2.0, 5.0)
    domain = spaces.domain(particle, 8, parts=NAMES)
    core, layer = domain.parts
    (between,) = domain.interfaces
    assert integral(core.volume((field - 2.0) ** 2)) < 1e-25
    assert integral(layer.volume((field - 5.0) ** 2)) < 1e-25
    # The inner side is that of the core on every facet.
    assert integral(between.integral((field("+") - 2.0) ** 2 + (field("-") - 5.0) ** 2)) < 1e-25
    everywhere = integral(ufl.jump(field) ** 2 * domain.coordinates.weight(domain.x)("+") * ufl.dS)
    assert everywhere == pytest.approx(9 * integral(between.integral(ufl.as_ufl(1))), rel=1e-9)


def test_only_the_interface_has_degrees_of_freedom_twice(name: str) -> None:
    particle = BODIES[name]()
    continuous = fem.functionspace(particle.mesh, spaces.scalar_element(particle, 2))
    jumping = spaces.scalars(particle, 2, NAMES)
    radius = np.linalg.norm(continuous.tabulate_dof_coordinates(), axis=1)
    added = jumping.dofmap.index_map.size_local - continuous.dofmap.index_map.size_local
    assert added == np.count_nonzero(np.abs(radius - 0.7) < 1e-9)
    assert spaces.scalars(particle, 2).dofmap.index_map.size_local == len(radius)


def test_a_mixed_space_lets_only_what_may_jump_do_so() -> None:
    particle = half_disc(0.3, COARSE)
    parts = spaces.domain(particle, 2, parts=NAMES).measure.part_of_cells
    cell = particle.mesh.basix_cell()
    elements = [
        basix.ufl.element("Lagrange", cell, 2),
        basix.ufl.element("Lagrange", cell, 3, shape=(2,)),
    ]
    plain = fem.functionspace(particle.mesh, basix.ufl.mixed_element(elements))
    mixed = jumps.with_jumps(plain, parts, jumps.positions_in(plain, 0))
    both = fem.Function(mixed)
    for index, value in enumerate((two_parts(particle, 2.0, 5.0), None)):
        own, rows = jumps.own_space(mixed, index, parts, jumping=index == 0)
        assert len(np.unique(rows)) == len(rows) == own.dofmap.index_map.size_local * own.dofmap.bs
        both.x.array[rows] = 1.0 if value is None else value.x.array
    domain = spaces.domain(particle, 8, parts=NAMES)
    (between,) = domain.interfaces
    theta, *moved = ufl.split(both)
    assert integral(between.integral((theta("+") - 2.0) ** 2 + (theta("-") - 5.0) ** 2)) < 1e-25
    assert integral(domain.volume(sum((one - 1.0) ** 2 for one in moved[0]))) < 1e-25


def test_three_parts_meet_in_one_point() -> None:
    square = mesh.create_unit_square(MPI.COMM_SELF, 4, 4)
    middles = mesh.compute_midpoints(square, 2, np.arange(32, dtype=np.int32))
    parts = np.where(middles[:, 0] < 0.5, 0, np.where(middles[:, 1] < 0.5, 1, 2)).astype(np.int32)
    space = jumps.with_jumps(fem.functionspace(square, ("Lagrange", 1)), parts)
    # Five on the line between the first and the others, three on the half line; the point in both, thrice.
    assert space.dofmap.index_map.size_local == 25 + 5 + 3
    values = jumps.by_part(space, parts, [1.0, 2.0, 3.0])
    field = fem.Function(space)
    field.x.array[:] = values
    assert integral(field * ufl.dx) == pytest.approx(0.5 + 0.25 * 2 + 0.25 * 3)


def test_positions_tell_both_sides_apart() -> None:
    particle = half_disc(0.3, COARSE)
    space = spaces.scalars(particle, 2, NAMES)
    parts = spaces.domain(particle, 2, parts=NAMES).measure.part_of_cells
    positions = dof_positions.of_space(space, 3, parts)
    assert len(np.unique(np.round(positions, 9), axis=0)) == len(positions)
    shuffled = np.random.default_rng(1).permutation(len(positions))
    assert np.array_equal(positions[shuffled][dof_positions.order(positions[shuffled], positions)], positions)


def test_a_region_that_the_mesh_has_not_is_refused() -> None:
    with pytest.raises(MeshError, match=re.escape("found no cells of 'coating' in the mesh, expected")):
        spaces.domain(radial_line(Spherical(), 0.3, COARSE), 2, parts=("", "coating"))


SCRIPT = """
import dolfinx.mesh
import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI
from oxyshell.solver import jumps

comm = MPI.COMM_WORLD
square = dolfinx.mesh.create_unit_square(comm, 8, 8, ghost_mode=dolfinx.mesh.GhostMode.shared_facet)
cells = square.topology.index_map(2)
count = cells.size_local + cells.num_ghosts
middles = dolfinx.mesh.compute_midpoints(square, 2, np.arange(count, dtype="i4"))
parts = np.where(middles[:, 0] < 0.5, 0, np.where(middles[:, 1] < 0.5, 1, 2)).astype(np.int32)
space = jumps.with_jumps(fem.functionspace(square, ("Lagrange", 2)), parts)
field = fem.Function(space)
own = space.dofmap.index_map.size_local
field.x.array[:own] = jumps.by_part(space, parts, [1.0, 2.0, 4.0])
field.x.scatter_forward()
forms = (field * ufl.dx, ufl.jump(field) ** 2 * ufl.dS)
found = [comm.allreduce(fem.assemble_scalar(fem.form(form))) for form in forms]
if comm.rank == 0:
    print(space.dofmap.index_map.size_global, *found)
"""


@pytest.mark.slow
@pytest.mark.parametrize("processes", [pytest.param(2, marks=pytest.mark.long), 3])
def test_processes_share_the_degrees_of_freedom(processes: int) -> None:
    outcome = on_processes(processes, "-c", "import oxyshell\nimport dolfinx_solver\n" + SCRIPT)
    assert outcome.returncode == 0, outcome.stderr
    count, content, jump = map(float, outcome.stdout.split())
    # 17 nodes a side: 17 on the line, 9 on the half line.
    assert count == 289 + 17 + 9
    assert content == pytest.approx(0.5 + 0.25 * 2 + 0.25 * 4, rel=1e-13)
    assert jump == pytest.approx(0.5 * 1 + 0.5 * 9 + 0.5 * 4, rel=1e-13)


@pytest.mark.slow
def test_a_mesh_without_ghosts_is_refused() -> None:
    script = """
import oxyshell
import dolfinx_solver
from oxyshell.errors import MeshError
from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.resolution import Resolution
from oxyshell.solver import spaces

particle = half_disc(0.3, Resolution(layer_elements=2, bulk_elements=4, tangential=3))
try:
    spaces.domain(particle, 2, parts=("", "layer")).interfaces
except MeshError as error:
    print(error)
"""
    outcome = on_processes(2, "-c", script)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.count("expected ghosts across facets") == 2
