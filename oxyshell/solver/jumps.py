"""Function spaces whose fields may jump where two parts of a particle meet.

Such a space has the degrees of freedom on an interface once for each part that meets there; within a part,
fields are continuous. Cells refer to those of their own part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import cpp, fem, la
from mpi4py import MPI

from oxyshell.solver.state import Array

type Parts = npt.NDArray[np.int32]
"""Number of the part of each cell of a process, ghosts among them, shape (cells,)."""
ONE_PART: Parts = np.zeros(0, dtype=np.int32)
"""Stands for a particle of one part, whatever its cells."""


def with_jumps(
    space: fem.FunctionSpace, parts: Parts, jumping: npt.NDArray[np.intp] | None = None
) -> fem.FunctionSpace:
    """The space whose fields may jump between parts.

    The first part at a degree of freedom keeps it; those of the others come after all that a process owns.

    Args:
        space: A Lagrange space without blocks, or a mixed one.
        parts: Part of each cell of this process, ghosts among them, from 0; `ONE_PART` where there is one.
        jumping: Which degrees of freedom of a cell belong to fields that may jump; all by default.

    Returns:
        The space itself where there are no parts that meet.
    """
    count = int(space.mesh.comm.allreduce(int(parts.max(initial=0)), op=MPI.MAX)) + 1
    if count == 1:
        return space
    dofmap = space.dofmap
    cells = np.array(dofmap.list)
    chosen = np.arange(cells.shape[1]) if jumping is None else jumping
    old = dofmap.index_map
    owned, ghosts = old.size_local, old.num_ghosts

    seen_here = np.zeros((count, owned + ghosts), dtype=bool)
    others = np.setdiff1d(np.arange(cells.shape[1]), chosen)
    seen_here[0, cells[:, others].reshape(-1)] = True
    for part in range(count):
        seen_here[part, cells[parts == part][:, chosen].reshape(-1)] = True
    seen = np.array([_total(old, here) > 0 for here in seen_here])
    first = np.argmax(seen, axis=0)

    doubled = seen & (np.arange(count)[:, None] != first)
    new_owned = [np.flatnonzero(doubled[part, :owned]) for part in range(count)]
    # Of ghosts, only what a cell of this process refers to.
    new_ghosts = [owned + np.flatnonzero((doubled & seen_here)[part, owned:]) for part in range(count)]
    size = owned + sum(map(len, new_owned))
    start = int(space.mesh.comm.scan(size)) - size

    numbers = np.tile(np.arange(owned + ghosts), (count, 1))
    numbers[:, owned:] += size - owned
    everywhere = np.zeros((count, owned + ghosts))
    everywhere[:, :owned] = start + np.arange(owned)
    next_owned, next_ghost = owned, size + ghosts
    for part in range(count):
        mine, theirs = new_owned[part], new_ghosts[part]
        numbers[part, mine] = next_owned + np.arange(len(mine))
        everywhere[part, mine] = start + numbers[part, mine]
        numbers[part, theirs] = next_ghost + np.arange(len(theirs))
        next_owned, next_ghost = next_owned + len(mine), next_ghost + len(theirs)
    everywhere = np.array([_spread(old, one) for one in everywhere])

    cells[:, chosen] = numbers[parts[:, None], cells[:, chosen]]
    cells[:, others] = numbers[0, cells[:, others]]
    ghost_numbers = [everywhere[first[owned:], np.arange(owned, owned + ghosts)]]
    ghost_numbers += [everywhere[part, theirs] for part, theirs in enumerate(new_ghosts)]
    owners = np.concatenate([old.owners, *(old.owners[theirs - owned] for theirs in new_ghosts)])
    index_map = cpp.common.IndexMap(
        space.mesh.comm, size, np.concatenate(ghost_numbers).astype(np.int64), owners.astype(np.int32), 0
    )
    graph = cpp.graph.AdjacencyList_int32(np.ascontiguousarray(cells, dtype=np.int32))
    made = cpp.fem.DofMap(dofmap.dof_layout, index_map, 1, graph, 1)
    mesh, element = space.mesh, space._cpp_object.element
    return fem.FunctionSpace(
        mesh, space.ufl_element(), cpp.fem.FunctionSpace_float64(mesh._cpp_object, element, made)
    )


def positions_in(space: fem.FunctionSpace, index: int) -> npt.NDArray[np.intp]:
    """Which degrees of freedom of a cell of a mixed space belong to one of its fields."""
    whole, part = space.dofmap.list, space.sub(index).dofmap.list
    return np.flatnonzero(np.isin(whole[0], part[0])) if len(whole) else np.arange(0)


def own_space(
    space: fem.FunctionSpace, index: int, parts: Parts, jumping: bool
) -> tuple[fem.FunctionSpace, npt.NDArray[np.int32]]:
    """A space for one field of a mixed one, and where what this process owns of it stands in the mixed one.

    Args:
        space: The mixed space.
        index: Number of the field.
        parts: As of `with_jumps`.
        jumping: Whether the field may jump.
    """
    own, mapping = space.sub(index).collapse()
    count = own.dofmap.index_map.size_local * own.dofmap.index_map_bs
    jumps = with_jumps(own, parts) if jumping else own
    if jumps is own:
        return own, np.ravel(mapping)[:count].astype(np.int32)
    return jumps, _rows_within(space, index, jumps)


def by_part(space: fem.FunctionSpace, parts: Parts, values: Sequence[float]) -> Array:
    """Degrees of freedom of this process, one value in each part; a mean where parts share one.

    Args:
        space: A space of scalars.
        parts: As of `with_jumps`.
        values: Of each part.
    """
    if not parts.size:
        return np.full(space.dofmap.index_map.size_local, values[0])
    of_cell = np.asarray(values, dtype=float)[parts]
    return _from_cells(space, np.broadcast_to(of_cell[:, None], space.dofmap.list.shape))


def _rows_within(space: fem.FunctionSpace, index: int, own: fem.FunctionSpace) -> npt.NDArray[np.int32]:
    """Where the degrees of freedom that a process owns of a field's own space stand in the mixed space."""
    within, cells = space.dofmap.index_map, space.sub(index).dofmap.list
    numbers = within.local_to_global(cells.reshape(-1)).reshape(cells.shape)
    return np.asarray(_from_cells(own, numbers) - within.local_range[0], dtype=np.int32)


def _from_cells(space: fem.FunctionSpace, values: npt.NDArray[Any]) -> Array:
    """Degrees of freedom that this process owns, from what cells say of their own; a mean if they differ.

    A process may own one that only cells of other processes refer to.
    """
    index_map = space.dofmap.index_map
    known = np.zeros((2, index_map.size_local + index_map.num_ghosts))
    known[0, space.dofmap.list] = values
    known[1, space.dofmap.list] = 1.0
    total, times = (_total(index_map, one)[: index_map.size_local] for one in known)
    mean: Array = total / times
    return mean


def _total(index_map: Any, marks: npt.NDArray[Any]) -> Array:
    """Values added up over the processes, for all that one knows."""
    vector = la.vector(index_map)
    vector.array[:] = marks
    vector.scatter_reverse(la.InsertMode.add)
    vector.scatter_forward()
    return np.array(vector.array)


def _spread(index_map: Any, values: Array) -> Array:
    """Values of owners for all that a process knows."""
    vector = la.vector(index_map)
    vector.array[:] = values
    vector.scatter_forward()
    return np.array(vector.array)
