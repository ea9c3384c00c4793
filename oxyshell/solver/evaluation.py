"""Values of the solved fields at points: cell by cell, exactly as the finite elements have them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

import basix
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import la
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.solver import compiling
from oxyshell.solver.compiled.values import evaluator
from oxyshell.solver.state import Array, State

# Points per cell along an edge, minus one: of a radial line, and of a two- or three-dimensional cell.
_LINE_DIVISIONS = 4
_CELL_DIVISIONS = 2
PROFILE_DIVISIONS = 16
"""Of a radial line whose points are joined by straight lines: with the shipped meshes and scenarios those are
off by less than 1e-3 of the largest value."""


type Evaluate = Callable[[], Array]
"""Compiled expressions: their present values in all cells."""


class Solved(Protocol):
    """A solved system.

    Attributes:
        particle: The mesh.
        domain: Its geometry.
        expressions: Fields of the state that was loaded last.
    """

    particle: ParticleMesh
    domain: Domain
    expressions: Any

    @property
    def symbols(self) -> Any:
        """The model whose numbers are symbols."""

    @property
    def units(self) -> Units:
        """The units of the fields."""

    def by_part(self, of_part: Callable[[Any, Domain], Any]) -> Any:
        """An expression that is another one in each part of the particle, made of its model and geometry."""

    def load(self, state: State) -> None:
        """Put a state's values into `expressions`."""


class Evaluation:
    """Evaluates fields on a lattice of points in every cell of this process, or at its vertices.

    Attributes:
        solved: The system that holds the fields.
        coordinates: Positions in units of R, shape (points, 3).
        depth: Depths in units of R, shape (points,).
        radius: Distances from the centre in units of R, shape (points,).
        points_per_cell: How many points one cell has; points are ordered cell by cell (not at vertices).
        surface: Indices of the points of this process that are nearest to the surface of all.
        centre: The same for the centre.
    """

    def __init__(
        self, solved: Solved, at_vertices: bool = False, line_divisions: int = _LINE_DIVISIONS
    ) -> None:
        """Compile the expressions.

        Args:
            solved: The system that holds the fields.
            line_divisions: Into how many parts the points divide a cell of a radial line.
            at_vertices: Whether to give each vertex one value, the mean over the cells of one region that
                meet there, instead of every cell its own values. Stresses that are linear in a cell peak at
                its vertices, and their mean is closer to the truth than what a single cell says.
        """
        self.solved = solved
        particle, domain = solved.particle, solved.domain
        mesh, coordinates = particle.mesh, particle.coordinates
        line = mesh.topology.dim == 1
        chosen = 1 if at_vertices else (line_divisions if line else _CELL_DIVISIONS)
        lattice = basix.create_lattice(mesh.basix_cell(), chosen, basix.LatticeType.equispaced, True)
        self.points_per_cell = len(lattice)
        self.lattice = lattice
        self._cells = np.arange(mesh.topology.index_map(mesh.topology.dim).size_local, dtype=np.int32)
        self._merge = _vertex_means(particle, self._cells) if at_vertices else _as_they_are
        place = self.compiled([domain.position.depth, coordinates.radius(domain.x), *domain.x])
        fixed = self.values(place)
        # Quadratic cells follow a sphere to a few parts in a million; a depth just below zero is the surface.
        self.depth: Array = np.maximum(fixed[:, 0], 0.0)
        self.radius: Array = fixed[:, 1]
        self.coordinates: Array = np.zeros((len(fixed), 3))
        self.coordinates[:, : fixed.shape[1] - 2] = fixed[:, 2:]
        self._comm = mesh.comm
        self.surface = self._nearest(self.depth)
        self.centre = self._nearest(self.radius)

    @cached_property
    def parts(self) -> npt.NDArray[np.intp]:
        """Number of the part that each point belongs to, shape (points,)."""
        of_cells = self.solved.domain.measure.part_of_cells
        if not of_cells.size:
            return np.zeros(len(self.depth), dtype=np.intp)
        values = of_cells[self._cells].repeat(self.points_per_cell).astype(float)
        return np.asarray(self._merge(values[:, None])[:, 0].round(), dtype=np.intp)

    def at_surface(self, values: Array) -> float:
        """Mean of values over the points nearest to the surface, over all processes."""
        return self.mean(values[self.surface])

    def at_centre(self, values: Array) -> float:
        """Mean of values over the points nearest to the centre, over all processes."""
        return self.mean(values[self.centre])

    def _nearest(self, key: Array) -> npt.NDArray[np.intp]:
        nearest = self._comm.allreduce(float(key.min(initial=np.inf)), MPI.MIN)
        return np.flatnonzero(key <= nearest + 1e-9)

    def mean(self, values: Array) -> float:
        """Mean of some values, over all processes."""
        if values.size == 1 and self._comm.size == 1:  # on a line
            return float(values.item())
        total, count = float(np.add.reduce(values)), values.size
        if self._comm.size > 1:
            total, count = self._comm.allreduce(total), self._comm.allreduce(count)
        return total / count

    def compiled(self, entries: list[ufl.core.expr.Expr]) -> Evaluate:
        """Compile scalar expressions for `values`."""
        expression = compiling.expression(ufl.as_vector(entries), self.lattice)
        return evaluator(expression, self.solved.particle.mesh, self._cells)

    def values(self, evaluate: Evaluate) -> Array:
        """The present values of compiled expressions, shape (points, expressions)."""
        return self._merge(evaluate())


def _as_they_are(values: Array) -> Array:
    return values


def _vertex_means(particle: ParticleMesh, cells: npt.NDArray[np.int32]) -> Callable[[Array], Array]:
    """Takes values at cells' vertices, cell by cell, to one value per owned vertex and region."""
    topology = particle.mesh.topology
    dimension = topology.dim
    topology.create_connectivity(dimension, 0)
    corners = topology.connectivity(dimension, 0).array.reshape(-1, dimension + 1)[: len(cells)].reshape(-1)
    tags = np.array(sorted(particle.regions.values()))
    places = corners * len(tags) + np.searchsorted(tags, cell_regions(particle).repeat(dimension + 1))
    vertices = topology.index_map(0)
    everything = (vertices.size_local + vertices.num_ghosts) * len(tags)

    sums: dict[int, la.Vector] = {}

    def total(values: Array) -> Array:
        width = values.shape[1]
        if width not in sums:
            sums[width] = la.vector(vertices, bs=len(tags) * width)
        columns = [np.bincount(places, weights=column, minlength=everything) for column in values.T]
        sums[width].array[:] = np.column_stack(columns).reshape(-1)
        # Cells of other processes meet at the vertices that they share with this one.
        sums[width].scatter_reverse(la.InsertMode.add)
        own: Array = sums[width].array.reshape(everything, width)[: vertices.size_local * len(tags)]
        return own

    counts = total(np.ones((len(places), 1)))
    met = counts[:, 0] > 0
    counts = counts[met]

    def mean(values: Array) -> Array:
        return total(values)[met] / counts

    return mean


def cell_regions(particle: ParticleMesh) -> npt.NDArray[np.int32]:
    """The region tag of each cell of this process, shape (cells,)."""
    tags = particle.cell_tags
    count = particle.mesh.topology.index_map(particle.mesh.topology.dim).size_local
    values = np.zeros(count, dtype=np.int32)
    mine = tags.indices < count
    values[tags.indices[mine]] = tags.values[mine]
    return values


# Which of the lattice's points are VTK's nodes, in VTK's order.
_VTK = {
    basix.CellType.triangle: ("triangle6", (0, 2, 5, 1, 4, 3)),
    basix.CellType.tetrahedron: ("tetra10", (0, 2, 5, 9, 1, 4, 3, 6, 7, 8)),
}


def vtk_cells(
    particle: ParticleMesh, evaluation: Evaluation, points: int
) -> dict[str, npt.NDArray[np.int64]]:
    """Connectivity for VTK of that many points, cell by cell as in an evaluation.

    Quadratic cells, or short lines on a radial line.
    """
    per_cell = evaluation.points_per_cell
    first = np.arange(0, points, per_cell, dtype=np.int64)
    cell = particle.mesh.basix_cell()
    if cell == basix.CellType.interval:
        starts = (first[:, None] + np.arange(per_cell - 1)).reshape(-1)
        return {"line": np.column_stack([starts, starts + 1])}
    name, order = _VTK[cell]
    return {name: first[:, None] + np.array(order, dtype=np.int64)}
