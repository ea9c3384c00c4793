from __future__ import annotations

import numpy as np
import pytest
from dolfinx import fem
from petsc4py import PETSc

from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.hexagonal_prism import hexagonal_prism
from oxyshell.meshes.resolution import Resolution
from oxyshell.solver.linear.line_smoother import LinePart, radial_lines
from tests.processes import MPIEXEC, on_processes

pytestmark = pytest.mark.slow


def test_nodes_of_one_direction_are_one_line() -> None:
    particle = half_disc(0.1, Resolution(layer_elements=3, bulk_elements=2, tangential=2))
    space = fem.functionspace(particle.mesh, ("Lagrange", 2))
    lines, points = radial_lines(space), space.tabulate_dof_coordinates()
    assert lines.shape == (len(points),)
    radius = np.linalg.norm(points, axis=1)
    assert np.sum(lines == lines[np.argmin(radius)]) == 1
    surface = np.abs(radius - 1.0) < 1e-3
    layer = radius > 0.91
    for line in lines[surface]:
        along = points[(lines == line) & layer]
        direction = along[0] / np.linalg.norm(along[0])
        np.testing.assert_allclose(along, np.outer(along @ direction, direction), atol=1e-6)
        # Three quadratic elements across the layer: six nodes above its inner edge.
        assert len(along) == 6 or np.abs(direction[0]) < 1e-9


def test_nodes_of_a_plate_lie_on_lines_of_one_height() -> None:
    resolution = Resolution(layer_elements=2, bulk_elements=3, tangential=2)
    particle = hexagonal_prism(0.2, 0.1, resolution, layers_of_elements=2)
    space = fem.functionspace(particle.mesh, ("Lagrange", 1))
    lines = radial_lines(space, particle.coordinates.radial_components)
    points = space.tabulate_dof_coordinates()
    outermost = particle.depth.x.array < 1e-12
    # Three thirds of two elements have seven vertices, at three heights.
    assert outermost.sum() == len(np.unique(lines[outermost])) == 7 * 3
    for line in lines[outermost]:
        along = points[lines == line]
        assert len(along) >= 4  # from the rings of the layer and the one that they are extruded from
        assert np.ptp(along[:, 2]) < 1e-15
        angles = np.arctan2(along[:, 1], along[:, 0])
        np.testing.assert_allclose(angles, angles[0], atol=1e-6)


@pytest.mark.parametrize("kind", ["aij", "baij"])
def test_the_part_within_lines_follows_its_matrix(kind: str) -> None:
    block, lines = 2, np.array([0, 1, 0])
    values = np.arange(1.0, 37.0).reshape(6, 6)
    matrix = PETSc.Mat().createAIJ((6, 6), bsize=block, nnz=6, comm=PETSc.COMM_SELF)
    matrix.setValues(range(6), range(6), values)
    matrix.assemble()
    matrix.convert(kind)
    own_kind = matrix.getType()
    part = LinePart(matrix, np.arange(3), lines, block, symmetric=False)
    unknowns = lines.repeat(block)
    same = unknowns[:, None] == unknowns[None, :]

    def dense(sparse: PETSc.Mat) -> np.ndarray:
        return np.array(sparse.getValues(range(6), range(6)))

    np.testing.assert_array_equal(dense(part.matrix), np.where(same, values, 0.0))
    assert part.matrix.getInfo()["nz_used"] == same.sum()
    matrix.scale(-2.0)
    part.refresh(matrix)
    # On one process the matrix of the lines is the one that is solved: in blocks it is faster.
    assert matrix.getType() == own_kind
    np.testing.assert_array_equal(dense(part.matrix), np.where(same, -2.0 * values, 0.0))


# Entries that every process knows, rows shared out as they come, lines through all processes.
SCRIPT = """
import numpy as np
from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.resolution import Resolution
from mpi4py import MPI
from petsc4py import PETSc
from dolfinx import fem
from oxyshell.solver.linear import line_smoother
from oxyshell.solver.linear.line_smoother import LineSolves, radial_lines

world = MPI.COMM_WORLD
for kind, symmetric, line_smoother._TOGETHER in (
    ("aij", True, 100), ("baij", True, 100), ("aij", False, 100), ("aij", False, 10), ("baij", True, 10)
):
    block, nodes = 2, 30
    draw = np.random.default_rng(3)
    entries = draw.normal(size=(2 * nodes, 2 * nodes)) + 40 * np.eye(2 * nodes)
    entries = entries + entries.T if symmetric else entries
    matrix = PETSc.Mat().createAIJ((2 * nodes, 2 * nodes), bsize=block, nnz=2 * nodes, comm=world)
    first, end = matrix.getOwnershipRange()
    matrix.setValues(range(first, end), range(2 * nodes), entries[first:end])
    matrix.assemble()
    matrix.convert(kind)
    lines = draw.integers(0, 4, size=nodes)
    solves = LineSolves(matrix, lines[first // block : end // block], block, symmetric)
    krylov = PETSc.KSP().create(world)
    krylov.setOperators(matrix)
    krylov.setType("preonly")
    solves.attach(krylov.getPC())
    same = np.equal.outer(lines.repeat(block), lines.repeat(block))
    right, solution = matrix.createVecs()
    values = draw.normal(size=2 * nodes)
    right.setValues(range(first, end), values[first:end])
    right.assemble()
    for factor in (1.0, -0.5):
        matrix.scale(factor)
        solves.refresh()
        krylov.solve(right, solution)
        entries = factor * entries
        expected = np.linalg.solve(np.where(same, entries, 0.0), values)
        np.testing.assert_allclose(solution.array_r, expected[first:end], rtol=0, atol=1e-13)

disc = half_disc(0.1, Resolution(layer_elements=3, bulk_elements=4, tangential=3)).mesh
space = fem.functionspace(disc, ("Lagrange", 2))
count = space.dofmap.index_map.size_local
points = space.tabulate_dof_coordinates()[:count]
angle = np.arctan2(points[:, 1], points[:, 0])
of_line = {}
radius = np.linalg.norm(points, axis=1)
for places in world.allgather(list(zip(radius, angle, radial_lines(space)))):
    for radius, direction, line in places:
        of_line.setdefault(line, []).append(direction if radius > 1e-9 else 0.0)
assert max(np.ptp(angles) for angles in of_line.values()) < 2e-6
if world.rank == 0:
    print(len(of_line), max(map(len, of_line.values())))
"""


@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
def test_lines_that_processes_share_are_solved_whole() -> None:
    found = []
    for processes in (1, 2, 3):
        done = on_processes(processes, "-c", SCRIPT)
        assert done.returncode == 0, done.stderr
        found.append(done.stdout)
    # As many lines, and as long.
    assert found[0] == found[1] == found[2]
