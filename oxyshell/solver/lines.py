"""Lines of nodes along the radius.

Where elements are thin across a layer and wide along it, the unknowns of a line are coupled far more strongly
to each other than to their neighbours, and are best smoothed together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from petsc4py import PETSc

# Directions closer than this are one line.
_SAME = 1e-6


def radial_lines(space: fem.FunctionSpace) -> npt.NDArray[np.int64]:
    """The line that each of this process's nodes lies on: nodes seen from the centre in one direction.

    Args:
        space: A scalar or vector Lagrange space on a mesh that is centred at the origin.

    Returns:
        Numbers of lines, shape (nodes,). On a mesh without lines every node has one of its own.
    """
    count = space.dofmap.index_map.size_local
    points = space.tabulate_dof_coordinates()[:count]
    radius = np.linalg.norm(points, axis=1, keepdims=True)
    directions = np.rint(points / np.maximum(radius, _SAME) / _SAME).astype(np.int64)
    _, lines = np.unique(directions, axis=0, return_inverse=True)
    return lines.reshape(-1).astype(np.int64)


class LinePart:
    """The part of a matrix that couples unknowns of one line: block diagonal, factorised without fill.

    A line that several processes share is cut between them.
    """

    def __init__(self, matrix: PETSc.Mat, lines: npt.NDArray[np.int64], block: int, symmetric: bool) -> None:
        """Find the entries and copy them.

        Args:
            matrix: Assembled matrix, of any AIJ kind.
            lines: Line of each node of this process.
            block: Unknowns per node.
            symmetric: Whether the matrix is symmetric positive definite.
        """
        starts, columns, _ = self._local(matrix)
        of_row = np.repeat(np.repeat(lines, block), np.diff(starts))
        self._kept = of_row == np.repeat(lines, block)[columns]
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))[self._kept]
        counts = np.bincount(rows, minlength=len(starts) - 1)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(PETSc.IntType)
        self._columns = columns[self._kept].astype(PETSc.IntType)
        size = len(starts) - 1
        # The pattern is in this process's own numbers, PETSc wants those of all.
        first, _ = matrix.getOwnershipRange()
        self._columns += first
        sizes = (size, PETSc.DECIDE)
        self.matrix: PETSc.Mat = PETSc.Mat().createAIJ((sizes, sizes), bsize=block, comm=matrix.comm)
        self.matrix.setPreallocationCSR((self._starts, self._columns))
        self.matrix.setOption(PETSc.Mat.Option.SPD, symmetric)
        self.refresh(matrix)

    def refresh(self, matrix: PETSc.Mat) -> None:
        """Copy the entries again after the matrix has changed."""
        _, _, values = self._local(matrix)
        self.matrix.setValuesCSR(self._starts, self._columns, values[self._kept])
        self.matrix.assemble()

    @staticmethod
    def _local(matrix: PETSc.Mat) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        own = matrix.getDiagonalBlock()
        scalar = (
            own
            if own.getType().endswith("aij") and not own.getType().endswith("baij")
            else own.convert("aij")
        )
        starts, columns, values = scalar.getValuesCSR()
        return np.asarray(starts), np.asarray(columns), np.asarray(values)
