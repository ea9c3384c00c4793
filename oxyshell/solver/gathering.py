"""Values from all processes in one place, and back, whatever the number of processes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from dolfinx.mesh import Mesh
from mpi4py import MPI

from oxyshell.errors import OutputError
from oxyshell.solver.state import Array

# Nodes closer than this share of the mesh's size are one node.
_SAME = 1e-9


class CellGathering:
    """Brings what processes know about their cells to the first one, cells in the order they were made in."""

    def __init__(self, mesh: Mesh[np.float64]) -> None:
        """Find the order; every process has to call this, as everything here."""
        self._comm = mesh.comm
        self._own = mesh.topology.index_map(mesh.topology.dim).size_local
        places = self._comm.gather(mesh.topology.original_cell_index[: self._own])
        self._order = np.argsort(np.concatenate(places)) if places is not None else np.empty(0, dtype=np.intp)

    def gather[T: np.generic](self, values: npt.NDArray[T]) -> npt.NDArray[T]:
        """Put together.

        Args:
            values: Of this process, cell by cell, shape (cells × rows per cell, ...).

        Returns:
            Of all on the first process; no rows, with the same further axes, on the others.
        """
        per_cell = self._rows_per_cell(len(values))
        further = values.shape[1:]
        parts = self._comm.gather(values.reshape(self._own, per_cell, *further))
        if parts is None:
            return values[:0]
        whole: npt.NDArray[T] = np.concatenate(parts)[self._order].reshape(-1, *further)
        return whole

    def _rows_per_cell(self, rows: int) -> int:
        own = rows // self._own if self._own else 0
        return int(max(self._comm.allgather(own))) if self._comm.size > 1 else own


@dataclass(frozen=True, eq=False)
class Nodes:
    """A field's degrees of freedom, known by where they are instead of by who owns them.

    Attributes:
        places: Where each node is, shape (nodes, 3), in R; of a field that may jump between cells, followed
            by the middle of its cell, shape (nodes, 6).
        values: What each node has, shape (nodes, block size).
    """

    places: Array
    values: Array


def gather_nodes(space: fem.FunctionSpace, values: Array) -> Nodes:
    """Bring the degrees of freedom of all processes to the first one; all have to call this.

    Args:
        space: A Lagrange space, continuous or not, scalar or blocked; not a mixed one.
        values: The degrees of freedom that this process owns, shape (nodes × block size,).

    Returns:
        All nodes on the first process of the mesh's communicator, in no order; none on the others.
    """
    comm, block = space.mesh.comm, space.dofmap.index_map_bs
    here = Nodes(_places(space), values.reshape(-1, block))
    parts = comm.gather((here.places, here.values))
    if parts is None:
        return Nodes(here.places[:0], here.values[:0])
    return Nodes(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def scatter_nodes(space: fem.FunctionSpace, nodes: Nodes) -> Array:
    """The degrees of freedom that this process owns, exactly as they were gathered; all have to call this.

    Args:
        space: A space of the kind that they were gathered from, on the same mesh shared out in any way.
        nodes: All nodes, the same on every process.

    Returns:
        Shape (nodes of this process × block size,).

    Raises:
        OutputError: On every process, if the nodes are not those of this space.
    """
    # scipy takes most of a second to import.
    from scipy.spatial import cKDTree

    comm, block = space.mesh.comm, space.dofmap.index_map_bs
    places = _places(space)
    expected = (space.dofmap.index_map.size_global, places.shape[1], block)
    found = (*nodes.places.shape, *nodes.values.shape[1:])
    if found != expected or len(nodes.values) != len(nodes.places):
        raise OutputError(
            f"found nodes of another discretisation: (number, coordinates, values of each) is {found}, "
            f"expected {expected}; go on with the mesh and the degree they were written with"
        )
    distance, nearest = cKDTree(nodes.places).query(places)
    farthest = comm.allreduce(float(distance.max(initial=0.0)), MPI.MAX)
    if not farthest <= _SAME * np.abs(nodes.places).max():
        raise OutputError(
            f"found nodes of another mesh: one is {farthest:.3g} R from where it is expected; go on with the "
            "mesh they were written with"
        )
    own: Array = nodes.values[nearest].reshape(-1)
    return own


def _places(space: fem.FunctionSpace) -> Array:
    """What tells this process's nodes from all others, as in `Nodes`."""
    count = space.dofmap.index_map.size_local
    points: Array = space.tabulate_dof_coordinates()[:count]
    if not space.ufl_element().discontinuous:
        return points
    cells = space.dofmap.list[: space.mesh.topology.index_map(space.mesh.topology.dim).size_local]
    middles = np.empty_like(points)
    middles[cells] = points[cells].mean(axis=1, keepdims=True)
    return np.hstack([points, middles])
