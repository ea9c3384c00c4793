"""Where unknowns stand, so that a state can go from one number of processes to another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from dolfinx import fem

from oxyshell.errors import OutputError
from oxyshell.solver.jumps import Parts, by_part
from oxyshell.solver.state import Array

type Order = npt.NDArray[np.intp]
# Unknowns of cells that meet are told apart by moving them towards their cells' middles, by this share.
_INWARD = 0.1
# Two computations of one place differ by round-off, different places by far more, in units of R.
_ALIKE = 1e-9


def of_space(space: fem.FunctionSpace, field: int = 0, parts: Parts | None = None) -> Array:
    """Where the degrees of freedom of a Lagrange space stand.

    Args:
        space: Continuous or not, scalar or blocked.
        field: Number of the field, to tell fields of one system apart.
        parts: Part of each cell, of a space whose fields may jump between them: told apart as components are.

    Returns:
        One row for each that this process owns, (position in units of R, field, component), shape (owned, 5).
    """
    block = space.dofmap.index_map_bs
    count = space.dofmap.index_map.size_local
    coordinates = space.tabulate_dof_coordinates()[:count].copy()
    if space.element.basix_element.discontinuous:
        mesh = space.mesh
        cells = space.dofmap.list[: mesh.topology.index_map(mesh.topology.dim).size_local]
        inside = coordinates[cells]
        coordinates[cells] += _INWARD * (inside.mean(axis=1, keepdims=True) - inside)
    components = np.tile(np.arange(block), count)
    if parts is not None and parts.size:
        components = np.rint(by_part(space, parts, range(parts.max() + 1)))
    return np.column_stack([coordinates.repeat(block, axis=0), np.full(components.size, field), components])


def of_number(field: int) -> Array:
    """Position of a number that every process has, one row as in `of_space`."""
    return np.array([[0.0, 0.0, 0.0, field, 1.0]])


def order(stored: Array, own: Array) -> Order:
    """Which of the stored rows each of this process's is.

    Raises:
        OutputError: If one is not among them.
    """
    if np.array_equal(stored, own):
        return np.arange(len(own))
    # scipy takes most of a second to import.
    from scipy.spatial import cKDTree

    away, found = cKDTree(stored).query(own)
    if not np.all(away <= _ALIKE):
        raise OutputError(
            f"{np.count_nonzero(away > _ALIKE)} of {len(own)} unknowns stand where a checkpoint has none: it "
            "is of another mesh. Start the run again without --resume."
        )
    return np.asarray(found, dtype=np.intp)
