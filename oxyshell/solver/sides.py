"""Values on both sides of an interface, at the corners of its facets."""

from __future__ import annotations

from typing import Any

import basix
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import la
from mpi4py import MPI

from oxyshell.models.base.domain import Interface
from oxyshell.solver import compiling
from oxyshell.solver.compiled.values import evaluator
from oxyshell.solver.evaluation import Evaluate, Solved
from oxyshell.solver.state import Array

type _Indices = npt.NDArray[np.intp]


class Sides:
    """Evaluates fields on both sides of an interface: at the corners of the facets that this process owns.

    A value is the mean over the cells of one part that meet at a corner, on all processes; on a line, that
    of the one cell that ends there.

    Attributes:
        normal: Unit normals of the facets at their corners, away from the inner part, in the local frame of
            tensors, shape (places, 3).
        radius: Mean distance from the centre in R.
        depth: Mean distance from the surface in R.
    """

    def __init__(self, solved: Solved, interface: Interface) -> None:
        """Find the places.

        Args:
            solved: The system that holds the fields.
            interface: The interface of two of its parts.
        """
        self._mesh = solved.particle.mesh
        self._comm = self._mesh.comm
        topology = self._mesh.topology
        dimension = topology.dim
        self._lattice = basix.create_lattice(self._mesh.basix_cell(), 1, basix.LatticeType.equispaced, True)
        facets, entities = _facets(interface)
        topology.create_connectivity(dimension - 1, 0)
        topology.create_connectivity(dimension, 0)
        of_facet = topology.connectivity(dimension - 1, 0).array.reshape(-1, dimension)[facets]
        self._find_cells(interface, of_facet)
        at = 2 * np.searchsorted(self._vertices, of_facet).reshape(-1)
        self._of_place: _Indices = np.array([at, at + 1])
        self.normal, self._weights = self._facet_geometry(solved, entities)
        domain, coordinates = solved.domain, solved.particle.coordinates
        where = self.values(self.compiled([coordinates.radius(domain.x), domain.position.depth]))
        self.radius, self.depth = self.means(where[0].T)

    def _find_cells(self, interface: Interface, of_facet: npt.NDArray[np.int32]) -> None:
        """Cells of both parts that have a corner on the interface, and which of their corners those are."""
        topology = self._mesh.topology
        index_map = self._map = topology.index_map(0)
        on = la.vector(index_map)
        on.array[:] = 0.0
        on.array[of_facet.reshape(-1)] = 1.0
        on.scatter_reverse(la.InsertMode.add)
        on.scatter_forward()
        self._vertices: _Indices = np.flatnonzero(on.array > 0)
        own = topology.index_map(topology.dim).size_local
        corners = topology.connectivity(topology.dim, 0).array.reshape(-1, topology.dim + 1)[:own]
        part = interface.domain.measure.part_of_cells[:own]
        meet = (on.array[corners] > 0).any(axis=1) & np.isin(part, (interface.inner, interface.outer))
        self._cells = np.flatnonzero(meet).astype(np.int32)
        at_corner = corners[meet].reshape(-1)
        counts = on.array[at_corner] > 0
        is_outer = (part[meet] == interface.outer).repeat(topology.dim + 1)[counts]
        place = 2 * np.searchsorted(self._vertices, at_corner[counts]) + is_outer
        order = np.argsort(place, kind="stable")
        self._rows: _Indices = np.flatnonzero(counts)[order]
        self._known, self._starts = np.unique(place[order], return_index=True)
        self._counts = self._total(np.ones((len(self._rows), 1)))

    def _facet_geometry(self, solved: Solved, entities: npt.NDArray[np.int32]) -> tuple[Array, Array]:
        """Normals in the local frame at the corners of facets, and their shares of the area."""
        dimension, coordinates = self._mesh.topology.dim, solved.particle.coordinates
        corners = np.vstack([np.zeros(dimension - 1), np.eye(dimension - 1)])
        x = ufl.SpatialCoordinate(self._mesh)
        at_corners = compiling.expression(
            ufl.as_vector([*ufl.FacetNormal(self._mesh), *x, coordinates.weight(x)]), corners
        )
        values = at_corners.eval(self._mesh, entities).reshape(-1, dimension, 2 * dimension + 1)
        normal = np.zeros((len(values) * dimension, 3))
        frame = list(coordinates.frame)[:dimension]
        normal[:, frame] = values[:, :, :dimension].reshape(-1, dimension)
        edges = values[:, 1:, dimension : 2 * dimension] - values[:, :1, dimension : 2 * dimension]
        # Of a facet with straight edges: the mean is over places that are close to each other.
        size = (
            np.sqrt(np.linalg.det(edges @ edges.transpose(0, 2, 1)))
            if dimension > 1
            else np.ones(len(values))
        )
        weights = (size[:, None] * values[:, :, -1]).reshape(-1)
        total = self._comm.allreduce(float(weights.sum()))
        return normal, weights / total

    def compiled(self, entries: list[Any]) -> Evaluate:
        """Compile scalar expressions for `values`."""
        return evaluator(compiling.expression(ufl.as_vector(entries), self._lattice), self._mesh, self._cells)

    def values(self, evaluate: Evaluate) -> Array:
        """The present values of compiled expressions, shape (2, places, expressions), inner side first."""
        means = self._total(evaluate()[self._rows]) / self._counts
        both: Array = means[self._of_place]
        return both

    def means(self, values: Array) -> list[float]:
        """Means over the interface of several quantities at the places, shape (quantities, places)."""
        own: Array = values @ self._weights
        return list((self._comm.allreduce(own) if self._comm.size > 1 else own).tolist())

    def largest(self, values: Array) -> list[float]:
        """Largest over the interface of several quantities at the places, shape (quantities, places)."""
        own: Array = values.max(axis=1, initial=-np.inf)
        if self._comm.size > 1:
            self._comm.Allreduce(MPI.IN_PLACE, own, MPI.MAX)
        return list(own.tolist())

    def _total(self, rows: Array) -> Array:
        """Rows added up by corner and side, over all processes, shape (2 · corners, columns)."""
        width = rows.shape[1]
        own = np.zeros((2 * len(self._vertices), width))
        if len(rows):
            own[self._known] = np.add.reduceat(rows, self._starts, axis=0)
        if self._comm.size == 1:
            return own
        shared = la.vector(self._map, bs=2 * width)
        everywhere = shared.array.reshape(-1, 2 * width)
        everywhere[:] = 0.0
        everywhere[self._vertices] = own.reshape(-1, 2 * width)
        shared.scatter_reverse(la.InsertMode.add)
        shared.scatter_forward()
        return np.array(everywhere[self._vertices]).reshape(-1, width)


def _facets(interface: Interface) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Facets of an interface that this process owns, and each as (cell of the inner part, facet of it)."""
    measure = interface.domain.measure
    entities = measure.facets_between(interface.inner, interface.outer)[:, :2]
    topology = measure.mesh.topology
    dimension = topology.dim
    of_cell = topology.connectivity(dimension, dimension - 1).array.reshape(-1, dimension + 1)
    return of_cell[entities[:, 0], entities[:, 1]], np.ascontiguousarray(entities)
