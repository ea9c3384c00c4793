"""Densities at quadrature points, and their integrals with the functions of a space."""

from __future__ import annotations

import basix
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la

from oxyshell.solver import compiling
from oxyshell.solver.state import Array


class Points:
    """Quadrature points of the cells that this process owns.

    Attributes:
        mesh: The mesh.
        reference: The points in the reference cell, shape (points, dimension).
        weights: What each counts in an integral over the mesh, shape (cells, points).
        cells: Numbers of the cells.
    """

    def __init__(self, mesh: fem.Mesh, degree: int) -> None:
        """Take the rule that forms of a degree have."""
        self.mesh = mesh
        self.reference, weights = basix.make_quadrature(basix.CellType[mesh.basix_cell().name], degree)
        count = mesh.topology.index_map(mesh.topology.dim).size_local
        self.cells: npt.NDArray[np.int32] = np.arange(count, dtype=np.int32)
        self.weights = np.ones((count, len(weights)))
        self.weights = weights * Values(abs(ufl.JacobianDeterminant(mesh)), self)()


class Values:
    """An expression at all points."""

    def __init__(self, expression: ufl.core.expr.Expr, points: Points) -> None:
        """Compile the expression."""
        self._points = points
        self._expression = compiling.expression(expression, points.reference)

    def __call__(self) -> Array:
        """Its present values times the weights of the points, shape (cells, points)."""
        values: Array = self._expression.eval(self._points.mesh, self._points.cells)
        values *= self._points.weights
        return values


class Weighting:
    """The functions of a scalar space at all points."""

    def __init__(self, space: fem.FunctionSpace, points: Points) -> None:
        """Tabulate the functions.

        Attributes:
            shapes: Values of each function of a cell, shape (points, functions).
        """
        element = space.ufl_element().basix_element
        self.shapes: Array = np.ascontiguousarray(element.tabulate(0, points.reference)[0, :, :, 0])
        self._dofs = space.dofmap.list[: len(points.cells)].ravel()
        self._memory = la.vector(space.dofmap.index_map)
        self._is_shared = space.mesh.comm.size > 1

    def integrals(self, values: Array) -> Array:
        """∫ e v dV with each function v of the space.

        Args:
            values: e at the points times their weights, shape (cells, points).

        Returns:
            One value for each degree of freedom that this process owns.
        """
        array = self._memory.array
        array[:] = np.bincount(self._dofs, weights=(values @ self.shapes).ravel(), minlength=array.size)
        if self._is_shared:
            self._memory.scatter_reverse(la.InsertMode.add)
        owned: Array = array[: self._memory.index_map.size_local]
        return owned
