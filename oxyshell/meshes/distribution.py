"""From arrays on one rank to a tagged DOLFINx mesh on all ranks."""

from __future__ import annotations

from dataclasses import dataclass

import dolfinx.mesh
import numpy as np
from dolfinx.mesh import GhostMode, Mesh, MeshTags
from mpi4py import MPI

from oxyshell.meshes.arrays import Floats, Integers, Tags
from oxyshell.meshes.simplex import geometry_element


@dataclass(frozen=True, eq=False)
class MeshArrays:
    """A mesh of simplices in plain arrays.

    Attributes:
        points: Node coordinates, shape (nodes, gdim).
        cells: Nodes of every cell in DOLFINx's order, shape (cells, nodes per cell): first the vertices, then
            for degree 2 the mid-edge nodes.
        cell_tags: Region of every cell, shape (cells,), from 1.
        facet_tags: Tags of the facets of every cell, 0 for none, shape (cells, gdim + 1). Facet j lies
            opposite to vertex j; on an interval it is vertex j.
        degree: Polynomial degree of the geometry, 1 or 2.
    """

    points: Floats
    cells: Integers
    cell_tags: Tags
    facet_tags: Tags
    degree: int

    @classmethod
    def empty(cls, dimension: int, degree: int) -> MeshArrays:
        """No cells, which is the share of the ranks other than 0."""
        edges = dimension * (dimension + 1) // 2
        return cls(
            points=np.empty((0, dimension)),
            cells=np.empty((0, dimension + 1 + (degree - 1) * edges), dtype=np.int64),
            cell_tags=np.empty(0, dtype=np.int32),
            facet_tags=np.empty((0, dimension + 1), dtype=np.int32),
            degree=degree,
        )


def distribute(
    comm: MPI.Intracomm, arrays: MeshArrays, interfaces: bool = False
) -> tuple[Mesh[np.float64], MeshTags, MeshTags]:
    """Make the DOLFINx mesh of the arrays on rank 0, shared out between the ranks, with its tags.

    Args:
        comm: Communicator of the mesh.
        arrays: The whole mesh on rank 0, `MeshArrays.empty` on the others.
        interfaces: Whether integrals over facets between cells are needed: each process then has copies of
            the cells of others that share a facet with its own, its ghost cells.

    Returns:
        The mesh, its cell tags and its facet tags, both of ghost cells too.
    """
    dimension = arrays.points.shape[1]
    element = geometry_element(dimension, arrays.degree)
    # DOLFINx's own, without ghost cells, unless they are needed.
    shared = comm.size > 1 and interfaces
    partitioner = dolfinx.mesh.create_cell_partitioner(GhostMode.shared_facet, 2) if shared else None
    mesh = dolfinx.mesh.create_mesh(comm, arrays.cells, element, arrays.points, partitioner)
    mesh.topology.create_connectivity(dimension, dimension - 1)
    mesh.topology.create_connectivity(dimension - 1, dimension)

    # A local cell knows its row in the arrays, and DOLFINx keeps the order of a simplex's vertices, so tags
    # follow the cells without any search by coordinates.
    cell_tags, facet_tags = comm.bcast((arrays.cell_tags, arrays.facet_tags))
    rows = mesh.topology.original_cell_index
    facets = mesh.topology.connectivity(dimension, dimension - 1).array.reshape(-1, dimension + 1)
    values = facet_tags[rows]
    tagged = values > 0
    entities, first = np.unique(facets[tagged], return_index=True)
    return (
        mesh,
        _tags(mesh, dimension, np.arange(len(rows), dtype=np.int32), cell_tags[rows]),
        _tags(mesh, dimension - 1, entities, values[tagged][first]),
    )


def _tags(mesh: Mesh[np.float64], dimension: int, entities: Tags, values: Tags) -> MeshTags:
    return dolfinx.mesh.meshtags(mesh, dimension, entities, values)
