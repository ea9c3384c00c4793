"""Surface conditions of a system M dy/dt = f(y): a flux that stands in f, or unknowns held at a value.

A held unknown's equation is replaced by 0 = g − y, which makes it an algebraic unknown of index one. The flux
through a held surface is no longer given by a law; what leaves follows from the content of the particle,
whose change and the equations of all other unknowns determine it exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from petsc4py import PETSc

from oxyshell.solver.assembly import largest
from oxyshell.solver.state import Array

type Rows = npt.NDArray[np.int32]


class Boundary(Protocol):
    """A surface condition, as the equations of a system see it."""

    @property
    def rows(self) -> Rows:
        """Rows of y that have values in place of their equations."""

    @property
    def value(self) -> Array | float:
        """These values, or the one of all."""

    def renumbered(self, numbers: Rows) -> Boundary:
        """The same for a system in which the rows of y have other numbers."""

    def constrain_rate(self, rate: Array, unknowns: Array) -> None:
        """Replace rows of f(y), in place."""

    def constrain_residual(self, residual: Array, unknowns: Array) -> None:
        """Replace rows of a residual M dy/dt − f(y), in place."""

    def constrain_matrix(self, matrix: PETSc.Mat) -> None:
        """Replace rows of shift M − ∂f/∂y, in place."""

    def constrain_mass(self, product: Array) -> None:
        """Replace rows of M y, in place."""

    def leaving(self, by_flux: float, increment: Array) -> float:
        """Amount that leaves in a stage of a step.

        Args:
            by_flux: The amount that the flux in f gives.
            increment: Change of y in the stage, this process's part.
        """


class FluxBoundary:
    """The surface has a flux law, which stands in f: nothing is replaced."""

    rows: Rows = np.empty(0, dtype=np.int32)
    value: Array | float = 0.0

    def renumbered(self, numbers: Rows) -> Boundary:
        return self

    def constrain_rate(self, rate: Array, unknowns: Array) -> None:
        pass

    def constrain_residual(self, residual: Array, unknowns: Array) -> None:
        pass

    def constrain_matrix(self, matrix: PETSc.Mat) -> None:
        pass

    def constrain_mass(self, product: Array) -> None:
        pass

    def leaving(self, by_flux: float, increment: Array) -> float:
        return by_flux


@dataclass(frozen=True, eq=False)
class HeldBoundary:
    """Unknowns on the surface are held at values.

    Attributes:
        rows: Where they stand in this process's part of y.
        value: g, their values, or the one of all.
        content: The amount that a change of y adds to the particle, over all processes.
    """

    rows: Rows
    value: Array | float
    content: Callable[[Array], float] = field(default=lambda _increment: math.nan)

    def renumbered(self, numbers: Rows) -> Boundary:
        return replace(self, rows=numbers[self.rows])

    def constrain_rate(self, rate: Array, unknowns: Array) -> None:
        rate[self.rows] = self.value - unknowns[self.rows]

    def constrain_residual(self, residual: Array, unknowns: Array) -> None:
        residual[self.rows] = unknowns[self.rows] - self.value

    def constrain_matrix(self, matrix: PETSc.Mat) -> None:
        zero_rows(matrix, self.rows)

    def constrain_mass(self, product: Array) -> None:
        product[self.rows] = 0.0

    def leaving(self, by_flux: float, increment: Array) -> float:
        return -self.content(increment)


# Shift, per time unit, at which shift M outweighs ∂f/∂y in what happens at once.
AT_ONCE = 1e10
# Of a held unknown, in units in which it is of the order of one.
_ROUND_OFF = 1e-12


class Linearised(Protocol):
    """As `rosenbrock.ImplicitSystem` has it."""

    comm: MPI.Comm
    boundary: Boundary

    def prepare(self, unknowns: Array, shift: float) -> None:
        """Assemble and factorise shift M − ∂f/∂y at y."""

    def solve(self, right_hand_side: Array) -> Array:
        """Apply the inverse of what `prepare` factorised."""


def jump(system: Linearised, unknowns: Array) -> Array:
    """Change of y in the moment in which held unknowns come to their value.

    All other equations hold through that moment: what their test functions count does not change, so that
    a held value that is taken up at once costs no accuracy later.
    """
    change = np.zeros_like(unknowns)
    system.boundary.constrain_rate(change, unknowns)
    if largest(change, system.comm) <= _ROUND_OFF:
        return np.zeros_like(unknowns)
    system.prepare(unknowns, AT_ONCE)
    return system.solve(change)


def zero_rows(matrix: PETSc.Mat, rows: Rows) -> None:
    """Make rows of this process those of the identity; their pattern stays for the next assembly."""
    matrix.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
    first, _ = matrix.getOwnershipRange()
    matrix.zeroRows(rows + np.int32(first), 1.0)
