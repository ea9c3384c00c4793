"""Distance from the surface of a shape that has no formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import basix
import numpy as np
from dolfinx import fem
from dolfinx.mesh import Mesh

from oxyshell.meshes.arrays import Floats
from oxyshell.meshes.distribution import MeshArrays
from oxyshell.meshes.simplex import geometry_element, shape_functions
from oxyshell.meshes.tags import SURFACE

_DIVISIONS = 6  # samples along an edge of a facet, from which the search starts
_CANDIDATES = 8  # as many nearest samples are followed; up to six facets meet at a sample on a vertex
_STEPS = 5  # of Gauss-Newton, which shrinks the error by depth × curvature per step
_CHUNK = 10_000  # points at a time, to bound the memory


@dataclass(frozen=True, eq=False)
class SurfaceFacets:
    """The facets of the surface, curved as the mesh has them.

    Attributes:
        nodes: Coordinates of the nodes of every facet in R, shape (facets, nodes per facet, gdim).
        degree: Polynomial degree of the facets.
    """

    nodes: Floats
    degree: int

    @classmethod
    def of(cls, arrays: MeshArrays) -> SurfaceFacets:
        """The facets tagged `SURFACE`."""
        dimension = arrays.points.shape[1]
        closure = geometry_element(dimension, arrays.degree).entity_closure_dofs[dimension - 1]
        cell, facet = np.nonzero(arrays.facet_tags == SURFACE)
        # The nodes of a facet in ascending order are in the order of the facet's own element.
        return cls(arrays.points[arrays.cells[cell[:, None], np.array(closure)[facet]]], arrays.degree)

    def distance(self, points: Floats) -> Floats:
        """Distance of each point from the nearest facet.

        The nearest samples of the surface are followed to the nearest points of their facets, so the distance
        is that from the curved facets themselves, and never above that from the nearest sample.

        Args:
            points: Shape (points, gdim), in R.

        Returns:
            Shape (points,), in R.
        """
        # scipy takes most of a second to import, and only imported meshes need it.
        from scipy.spatial import cKDTree

        dimension = self.nodes.shape[2] - 1
        element = geometry_element(dimension, self.degree)
        reference = np.asarray(
            basix.create_lattice(element.cell_type, _DIVISIONS, basix.LatticeType.equispaced, True)
        )
        values = shape_functions(element, reference)[0]
        samples = np.einsum("sn,fnd->fsd", values, self.nodes).reshape(-1, dimension + 1)
        tree = cKDTree(samples)
        candidates = min(_CANDIDATES, len(samples))
        parts = []
        for start in range(0, len(points), _CHUNK):
            chunk = points[start : start + _CHUNK]
            _, nearest = tree.query(chunk, k=[*range(1, candidates + 1)])
            facet, sample = np.divmod(nearest.reshape(-1), len(reference))
            targets = np.repeat(chunk, candidates, axis=0)
            reached = _closest(element, self.nodes[facet], reference[sample], targets)
            parts.append(reached.reshape(len(chunk), candidates).min(axis=1))
        return np.concatenate([np.empty(0), *parts])


def _closest(
    element: basix.finite_element.FiniteElement, nodes: Floats, start: Floats, targets: Floats
) -> Floats:
    """Smallest distance of each target from its facet, met on the way of Gauss-Newton from `start`."""
    position = start
    best = np.full(len(targets), np.inf)
    for _ in range(_STEPS):
        table = shape_functions(element, position)
        gap = targets - np.einsum("pn,pnd->pd", table[0], nodes)
        best = np.minimum(best, np.linalg.norm(gap, axis=1))
        tangents = np.einsum("apn,pnd->pad", table[1:], nodes)
        metric = np.einsum("pad,pbd->pab", tangents, tangents)
        slope = np.einsum("pad,pd->pa", tangents, gap)
        step = np.linalg.solve(metric, slope[..., None])[..., 0]
        # Back into the reference simplex.
        inside = np.maximum(position + step, 0.0)
        position = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1.0)
    return best


def depth_function(mesh: Mesh[np.float64], facets: SurfaceFacets) -> fem.Function[Any]:
    """The distance from the surface in R, at the nodes of a Lagrange space of the facets' degree."""
    space = fem.functionspace(mesh, ("Lagrange", facets.degree))
    depth = fem.Function(space, name="depth")
    points = space.tabulate_dof_coordinates()[:, : mesh.geometry.dim]
    depth.x.array[:] = facets.distance(points)
    return depth
