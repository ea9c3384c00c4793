"""Vertices and cells of a ball's simplices, by integers: no coordinate is compared anywhere.

A quarter disc (d = 2) or an octant (d = 3) is a simplex with one vertex at the centre, divided by Kuhn's
(Freudenthal's) rule: shell k has k^(d−1) facets, so elements keep their size along the circumference and
none is tiny at the centre. Beyond shell n the facets of shell n are extruded outwards, which makes elements
that are thin across a layer and wide along it. A vertex is a shell and a lattice point p with
|p|₁ = min(shell, n).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from oxyshell.meshes.arrays import Integers


@dataclass(frozen=True, eq=False)
class Fan:
    """A triangulated sector of a disc or ball.

    Attributes:
        lattice: Lattice point of every vertex, shape (vertices, d); its direction from the centre.
        shell: Number of the shell of every vertex, 0 at the centre, shape (vertices,).
        cells: Vertices of every cell, shape (cells, d + 1), positively oriented.
    """

    lattice: Integers
    shell: Integers
    cells: Integers


def fan(sides: tuple[tuple[int, ...], ...], tangential: int, shells: int) -> Fan:
    """The triangulation of the first quadrant or octant, mirrored as asked.

    Args:
        sides: For each of the d axes the signs of the coordinate that the mesh has: (1,) for a mesh that
            ends at the plane, (1, −1) for one that continues beyond it.
        tangential: Shells of Kuhn's division, n, and elements along a quarter of the circumference.
        shells: Shells in all, at least `tangential`.
    """
    dimension = len(sides)
    inner = _kuhn(dimension, tangential)
    outer = _extruded(inner, tangential, shells)
    base = np.concatenate([inner, outer])
    copies = [base * np.array([*signs, 1]) for signs in product(*sides)]
    return _merged(np.concatenate(copies), tangential)


def _kuhn(dimension: int, n: int) -> Integers:
    """Cells of the simplex n ≥ i₁ ≥ … ≥ i_d ≥ 0 as (p, shell), shape (cells, d + 1, d + 1)."""
    corners = np.stack(np.meshgrid(*[np.arange(n)] * dimension, indexing="ij"), axis=-1).reshape(
        -1, dimension
    )
    corners = corners[(np.diff(corners, axis=1) <= 0).all(axis=1)]
    cells = []
    for order in permutations(range(dimension)):
        path = np.zeros((dimension + 1, dimension), dtype=np.int64)
        for step, axis in enumerate(order):
            path[step + 1 :, axis] = 1
        cells.append(corners[:, None, :] + path)
    i = np.concatenate(cells)
    i = i[(np.diff(i, axis=2) <= 0).all(axis=(1, 2))]
    p = i - np.concatenate([i[..., 1:], np.zeros_like(i[..., :1])], axis=-1)
    return np.concatenate([p, i[..., :1]], axis=-1)


def _extruded(inner: Integers, n: int, shells: int) -> Integers:
    """The facets of shell n extruded to the last shell, each prism cut into d simplices."""
    dimension = inner.shape[2] - 1
    outermost = inner[..., -1] == n
    touching = inner[outermost.sum(axis=1) == dimension]
    facets = touching[touching[..., -1] == n].reshape(-1, dimension, dimension + 1)[..., :dimension]
    # Neighbouring prisms cut their common side alike: Kuhn's paths climb, so both have its vertices in the
    # same order.
    cells = []
    for level, cut in product(range(n, shells), range(dimension)):
        vertices = [*range(cut + 1), *range(cut, dimension)]
        heights = [level] * (cut + 1) + [level + 1] * (dimension - cut)
        column = np.broadcast_to(np.array(heights)[:, None], (len(facets), dimension + 1, 1))
        cells.append(np.concatenate([facets[:, vertices], column], axis=-1))
    return np.concatenate([np.empty((0, dimension + 1, dimension + 1), dtype=np.int64), *cells])


def _merged(cells: Integers, n: int) -> Fan:
    """Number the vertices, equal integers being one vertex, and orient the cells."""
    dimension = cells.shape[2] - 1
    flat = cells.reshape(-1, dimension + 1)
    keys = (flat + n) @ (2 * n + 1) ** np.arange(dimension + 1)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    lattice, shell = flat[first, :dimension], flat[first, dimension]
    numbered = inverse.reshape(-1, dimension + 1)

    # In the flat picture, where shells are octahedra, every cell is a proper simplex and the sign is certain.
    octahedral = lattice * np.maximum(shell / n, 1.0)[:, None]
    corner = octahedral[numbered]
    negative = np.linalg.det(corner[:, 1:] - corner[:, :1]) < 0
    numbered[negative, -2:] = numbered[negative, -2:][:, ::-1]
    return Fan(lattice, shell, numbered)
