"""The algebra of a system one of whose unknowns, r, is solved for cell by cell; see `separation`.

With A = shift M − ∂f/∂y, A u = b is u_r = A_rr⁻¹ b_r in each cell, and A_cc u_c = b_c + (∂f_c/∂r) u_r with
the matrix of the other unknowns, c. Densities are evaluated once for all that they feed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oxyshell.errors import SolverError
from oxyshell.solver.algebra import Algebra
from oxyshell.solver.boundary import Boundary
from oxyshell.solver.cellwise.matrix import SteadyMatrix
from oxyshell.solver.cellwise.points import Points, Values, Weighting
from oxyshell.solver.cellwise.separation import Density, Separated, separated
from oxyshell.solver.driving import Drive
from oxyshell.solver.equations import Equations
from oxyshell.solver.fields import Rows
from oxyshell.solver.integrators.stages import PlainStages, Staged, StageLoop
from oxyshell.solver.integrators.tableau import Tableau
from oxyshell.solver.petsc_algebra import PetscAlgebra
from oxyshell.solver.state import Array


def beyond_a_line(equations: Equations, total: int) -> Algebra:
    """An algebra for meshes of any dimension and any number of processes.

    Args:
        equations: Of the system.
        total: Unknowns over all processes.
    """
    mesh = equations.blocks[0].function.function_space.mesh
    # On a line, calls take longer than what is saved.
    apart = separated(equations) if mesh.topology.dim > 1 else None
    return PetscAlgebra(equations, total) if apart is None else CellwiseAlgebra(equations, apart)


@dataclass(frozen=True, eq=False)
class _Fed:
    """A block that a density feeds.

    Attributes:
        density: Its number.
        weighting: The block's functions.
        values: Which values of them are solved for.
        rows: Where these stand in y.
    """

    density: int
    weighting: Weighting
    values: Rows | slice
    rows: Rows


class CellwiseAlgebra:
    """See `algebra.Algebra`."""

    def __init__(self, equations: Equations, apart: Separated) -> None:
        """Compile the forms, and tabulate what is integrated over the cells.

        Args:
            equations: The whole system.
            apart: The same with one unknown apart.
        """
        others = apart.others
        self._matrix = SteadyMatrix(others, apart.steady)
        self._others = PetscAlgebra(others, int(equations.comm.allreduce(others.size)), self._matrix)
        self._size, self._own = equations.size, equations.spans[apart.number]
        self._rows = np.delete(np.arange(self._size, dtype=np.int32), self._own)
        self._number = np.full(self._size, -1, dtype=np.int32)
        self._number[self._rows] = np.arange(self._rows.size, dtype=np.int32)
        self._function = equations.blocks[apart.number].function
        space = self._function.function_space
        self._is_shared = equations.comm.size > 1
        points = Points(space.mesh, apart.degree)
        self._cells = Weighting(space, points)
        shapes = self._cells.shapes
        self._products = (shapes[:, :, None] * shapes[:, None, :]).reshape(len(shapes), -1)
        self._square = (-1, shapes.shape[1], shapes.shape[1])
        # The own unknown by cells, shape (cells, functions).
        self._order = space.dofmap.list[: len(points.cells)]
        densities = _different([apart.source, *apart.fed.values()])
        self._values = [Values(one.value, points) for one in densities]
        self._slopes = [Values(one.slope, points) for one in densities]
        self._fed = [
            _Fed(
                _place(density, densities),
                Weighting(others.blocks[i].function.function_space, points),
                others.blocks[i].index,
                self._rows[others.spans[i]],
            )
            for i, density in apart.fed.items()
        ]
        self._amount = Values(apart.amount, points)
        self._amounts = self._amount()
        self._present_slopes = [np.zeros_like(points.weights) for _ in densities]
        self._inverse = np.zeros(0)
        self._fixed: Rows = np.empty(0, dtype=np.int32)
        self.reassemble_mass()

    def refresh_rate(self) -> None:
        self._others.refresh_rate()

    def reassemble_mass(self) -> None:
        self._others.reassemble_mass()
        self._matrix.refresh()
        self._amounts = self._amount()
        self._mass = (self._amounts @ self._products).reshape(self._square)

    def put(self, unknowns: Array) -> None:
        self._others.put(unknowns[self._rows])
        self._put_own(unknowns)

    def _put_own(self, unknowns: Array) -> None:
        own = unknowns[self._own]
        self._function.x.array[: own.size] = own
        if self._is_shared:
            self._function.x.scatter_forward()

    def rate(self, unknowns: Array) -> Array:
        others = unknowns[self._rows]
        self._put_own(unknowns)
        result = np.empty(self._size)
        result[self._rows] = self._others.rate(others) + self._matrix.constant_rate(others)
        values = [one() for one in self._values]
        result[self._own] = self._cells.integrals(values[0])
        for fed in self._fed:
            result[fed.rows] += fed.weighting.integrals(values[fed.density])[fed.values]
        return result

    def prepare(self, unknowns: Array, shift: float, boundary: Boundary) -> None:
        self._put_own(unknowns)
        self._others.prepare(unknowns[self._rows], shift, boundary.renumbered(self._number))
        self._fixed = boundary.rows
        self._present_slopes = [one() for one in self._slopes]
        blocks = (shift * self._amounts - self._present_slopes[0]) @ self._products
        try:
            self._inverse = np.linalg.inv(blocks.reshape(self._square))
        except np.linalg.LinAlgError as error:
            raise SolverError("the matrix of a cell is singular") from error

    def solve(self, right_hand_side: Array) -> Array:
        result = np.array(right_hand_side)
        own = np.einsum("cij,cj->ci", self._inverse, right_hand_side[self._own][self._order])
        change = own @ self._cells.shapes.T
        for fed in self._fed:
            slope = self._present_slopes[fed.density]
            result[fed.rows] += fed.weighting.integrals(slope * change)[fed.values]
        result[self._fixed] = right_hand_side[self._fixed]
        result[self._rows] = self._others.solve(result[self._rows])
        result[self._own][self._order] = own
        return result

    def amounts(self, unknowns: Array) -> Array:
        result = np.empty(self._size)
        result[self._rows] = self._others.amounts(unknowns[self._rows])
        own = np.einsum("cij,cj->ci", self._mass, unknowns[self._own][self._order])
        result[self._own][self._order] = own
        return result

    def outflow(self, unknowns: Array) -> float:
        return self._others.outflow(unknowns[self._rows])

    def present_outflow(self) -> float:
        return self._others.present_outflow()

    def outflow_change(self, increment: Array) -> float:
        return self._others.outflow_change(increment[self._rows])

    def driven_by(self, drive: Drive) -> Callable[[float], None]:
        return drive.set

    def stage_loop(self, system: Staged, tableau: Tableau) -> StageLoop:
        return PlainStages(system, tableau)


def _different(densities: list[Density]) -> list[Density]:
    """Those that differ; the first one stays the first."""
    found: list[Density] = []
    for one in densities:
        if all(one.value != other.value for other in found):
            found.append(one)
    return found


def _place(density: Density, among: list[Density]) -> int:
    return next(i for i, one in enumerate(among) if one.value == density.value)
