from __future__ import annotations

import basix
import numpy as np
import pytest

from oxyshell.meshes.simplex import (
    EDGES,
    VTK_TO_DOLFINX,
    cells_at_facets,
    edges_of,
    facet_keys,
    facets_of,
    jacobian_determinants,
)

CELLS = {2: basix.CellType.triangle, 3: basix.CellType.tetrahedron}
# From the VTK book: mid-edge nodes of VTK_QUADRATIC_TRIANGLE and VTK_QUADRATIC_TETRA.
VTK_EDGES = [(0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize("dimension", [2, 3])
def test_edges_are_those_of_basix(dimension):
    assert [list(edge) for edge in EDGES[dimension]] == basix.topology(CELLS[dimension])[1]


@pytest.mark.parametrize("dimension", [2, 3])
def test_vtk_nodes_come_into_the_order_of_dolfinx(dimension):
    permutation = VTK_TO_DOLFINX[dimension]
    assert permutation[: dimension + 1] == tuple(range(dimension + 1))
    middles = [VTK_EDGES[node - dimension - 1] for node in permutation[dimension + 1 :]]
    assert middles == list(EDGES[dimension])


def test_two_triangles_share_an_edge():
    cells = np.array([[0, 1, 2], [3, 2, 1]])
    edges, of_cells = edges_of(cells)
    assert len(edges) == 5
    for cell, numbers in zip(cells, of_cells, strict=True):
        for (a, b), number in zip(EDGES[2], numbers, strict=True):
            assert set(edges[number]) == {cell[a], cell[b]}
    assert cells_at_facets(cells).tolist() == [[2, 1, 1], [2, 1, 1]]
    assert facets_of(cells)[0].tolist() == [[1, 2], [0, 2], [0, 1]]


def test_a_facets_key_forgets_the_order_of_its_vertices():
    keys = facet_keys(np.array([[3, 1, 2], [2, 3, 1], [1, 2, 4]]), 5)
    assert keys[0] == keys[1] != keys[2]


def test_jacobian_of_a_straight_and_a_mirrored_cell():
    points = np.array([[0, 0], [2, 0], [0, 3]], dtype=float)
    determinants = jacobian_determinants(points, np.array([[0, 1, 2], [0, 2, 1]]), degree=1)
    np.testing.assert_allclose(determinants[0], 6)
    np.testing.assert_allclose(determinants[1], -6)
