from __future__ import annotations

import numpy as np
import pytest
from dolfinx import fem
from petsc4py import PETSc

from oxyshell.meshes import Resolution, half_disc
from oxyshell.solver.lines import LinePart, radial_lines


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


@pytest.mark.parametrize("kind", ["aij", "baij"])
def test_the_part_within_lines_follows_its_matrix(kind: str) -> None:
    block, lines = 2, np.array([0, 1, 0])
    values = np.arange(1.0, 37.0).reshape(6, 6)
    matrix = PETSc.Mat().createAIJ((6, 6), bsize=block, nnz=6, comm=PETSc.COMM_SELF)
    matrix.setValues(range(6), range(6), values)
    matrix.assemble()
    matrix.convert(kind)
    part = LinePart(matrix, lines, block, symmetric=False)
    unknowns = lines.repeat(block)
    same = unknowns[:, None] == unknowns[None, :]

    def dense(sparse: PETSc.Mat) -> np.ndarray:
        return np.array(sparse.getValues(range(6), range(6)))

    np.testing.assert_array_equal(dense(part.matrix), np.where(same, values, 0.0))
    assert part.matrix.getInfo()["nz_used"] == same.sum()
    matrix.scale(-2.0)
    part.refresh(matrix)
    np.testing.assert_array_equal(dense(part.matrix), np.where(same, -2.0 * values, 0.0))
