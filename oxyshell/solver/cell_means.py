"""Means of an unknown over the cells that this process owns."""

from __future__ import annotations

import numpy as np
from dolfinx import fem

from oxyshell.models.base.process import Lives, Unknown
from oxyshell.solver.group_system import GroupSystem
from oxyshell.solver.state import Array


class CellMeans:
    """Means over the cells of an unknown that lives there."""

    def __init__(self, space: fem.FunctionSpace, ones: Array) -> None:
        """Set up.

        Args:
            space: Of the unknown.
            ones: M times one, its amounts where it is one everywhere.
        """
        topology = space.mesh.topology
        self._dofs = space.dofmap.list[: topology.index_map(topology.dim).size_local]
        shares = ones[self._dofs]
        # M couples within cells only, and is symmetric.
        self._shares = shares / shares.sum(axis=1)[:, None]

    def __call__(self, values: Array) -> Array:
        """The means of values of the unknown; shape (cells,)."""
        means: Array = np.einsum("ci,ci->c", values[self._dofs], self._shares)
        return means


def means_of[Model](system: GroupSystem[Model], unknowns: tuple[Unknown, ...]) -> dict[str, CellMeans]:
    """Those of the unknowns that live in cells and are solved for, by name."""
    ones = system.amounts(np.ones(system.size))
    return {
        one.name: CellMeans(system.fields.spaces[one.name], system.part(ones, one.name))
        for one in unknowns
        if one.lives is Lives.CELLS and system.part(ones, one.name).size
    }
