"""Simplices of first and second order: node numbering, edges, facets, shape functions."""

from __future__ import annotations

import basix
import numpy as np

from oxyshell.meshes.arrays import Floats, Integers

_CELLS = {1: basix.CellType.interval, 2: basix.CellType.triangle, 3: basix.CellType.tetrahedron}

EDGES = {2: ((1, 2), (0, 2), (0, 1)), 3: ((2, 3), (1, 3), (1, 2), (0, 3), (0, 2), (0, 1))}
"""Vertices of the edges of a triangle and a tetrahedron, in the order of their mid-edge nodes in DOLFINx."""

VTK_TO_DOLFINX = {2: (0, 1, 2, 4, 5, 3), 3: (0, 1, 2, 3, 9, 8, 5, 7, 6, 4)}
"""Position in VTK's (and meshio's) cell of every node of DOLFINx's, for a second-order cell."""


def edges_of(
    cells: Integers,
) -> tuple[Integers, Integers]:
    """The edges of first-order cells.

    Args:
        cells: Vertices, shape (cells, d + 1).

    Returns:
        The vertices of each edge, shape (edges, 2), and the edges of every cell in the order of `EDGES`,
        shape (cells, edges per cell).
    """
    local = np.array(EDGES[cells.shape[1] - 1])
    pairs = np.sort(cells[:, local], axis=2)
    count = int(cells.max()) + 1
    keys, inverse = np.unique(pairs[..., 0] * count + pairs[..., 1], return_inverse=True)
    return np.column_stack([keys // count, keys % count]), inverse.reshape(len(cells), -1)


def cells_at_facets(cells: Integers) -> Integers:
    """Number of cells at each facet: 1 on the exterior, 2 inside.

    Args:
        cells: Vertices, shape (cells, d + 1).

    Returns:
        Shape (cells, d + 1), facet j being opposite to vertex j.
    """
    keys = facet_keys(facets_of(cells), int(cells.max()) + 1)
    _, inverse, occurrences = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(occurrences[inverse].reshape(cells.shape))


def facets_of(cells: Integers) -> Integers:
    """Vertices of every cell's facets, facet j opposite to vertex j, shape (cells, d + 1, d)."""
    vertices = cells.shape[1]
    others = np.array([[i for i in range(vertices) if i != j] for j in range(vertices)])
    return cells[:, others]


def facet_keys(facets: Integers, count: int) -> Integers:
    """One integer per facet, whatever the order of its vertices.

    Args:
        facets: Vertices, shape (..., d).
        count: A number above every vertex; up to 2 million in 3D, where its cube fills 64 bits.
    """
    ordered = np.sort(facets, axis=-1)
    return np.asarray(ordered @ np.int64(count) ** np.arange(facets.shape[-1]))


def geometry_element(dimension: int, degree: int) -> basix.finite_element.FiniteElement:
    """The Lagrange element of a simplex by which a mesh maps its reference cell."""
    return basix.create_element(
        basix.ElementFamily.P, _CELLS[dimension], degree, basix.LagrangeVariant.equispaced
    )


def shape_functions(element: basix.finite_element.FiniteElement, points: Floats) -> Floats:
    """Values and first derivatives of a scalar element's shape functions.

    Args:
        element: The element.
        points: Points of the reference cell, shape (points, d).

    Returns:
        Shape (1 + d, points, nodes): the values, then the derivative in each direction.
    """
    return np.asarray(element.tabulate(1, points))[..., 0]


def jacobian_determinants(points: Floats, cells: Integers, degree: int) -> Floats:
    """Determinants of the Jacobian of cells in DOLFINx's node order, at the points of a quadrature.

    Args:
        points: Node coordinates, shape (nodes, d).
        cells: Nodes of every cell, shape (cells, nodes per cell).
        degree: Degree of the geometry.

    Returns:
        Shape (cells, quadrature points).
    """
    dimension = points.shape[1]
    # Degree 4 is what integrals over quadratic fields use at least.
    quadrature, _ = basix.make_quadrature(_CELLS[dimension], 4)
    table = shape_functions(geometry_element(dimension, degree), np.asarray(quadrature))
    return np.asarray(np.linalg.det(np.einsum("aqn,cnd->cqda", table[1:], points[cells], optimize=True)))


def mirrored(cells: Integers, dimension: int) -> Integers:
    """Cells with their last two vertices exchanged, which turns their orientation.

    Args:
        cells: Nodes in DOLFINx's order, of first or second order, shape (cells, nodes per cell).
        dimension: 2 or 3.
    """
    vertices = list(range(dimension + 1))
    vertices[-2:] = vertices[:-3:-1]
    edges = [EDGES[dimension].index(_pair(vertices[a], vertices[b])) for a, b in EDGES[dimension]]
    order = [*vertices, *(dimension + 1 + edge for edge in edges)]
    return cells[:, order[: cells.shape[1]]]


def _pair(a: int, b: int) -> tuple[int, int]:
    return min(a, b), max(a, b)
