"""Lines of nodes along the radius.

Where elements are thin across a layer and wide along it, the unknowns of a line are coupled far more strongly
to each other than to their neighbours, and are best smoothed together. A smoother that cuts lines where
processes meet hardly sees the errors there: each line is solved whole, by one process.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from mpi4py import MPI
from petsc4py import PETSc

# Directions closer than this are one line.
_SAME = 1e-6
# Nodes whose rows are copied at a time.
_TOGETHER = 10_000


def radial_lines(space: fem.FunctionSpace, components: int = 3) -> npt.NDArray[np.int64]:
    """The line that each of this process's nodes lies on: nodes seen from the centre in one direction.

    Args:
        space: A scalar or vector Lagrange space on a mesh that is centred at the origin.
        components: Number of the coordinates, from the first on, that the radius is made of; nodes of one
            line have the others in common.

    Returns:
        Numbers of lines, the same on all processes, shape (nodes,). On a mesh without lines every node has
        one of its own.
    """
    count, comm = space.dofmap.index_map.size_local, space.mesh.comm
    points = space.tabulate_dof_coordinates()[:count]
    radius = np.linalg.norm(points[:, :components], axis=1, keepdims=True)
    scale = np.where(np.arange(3) < components, np.maximum(radius, _SAME), 1.0)
    directions = np.rint(points / scale / _SAME).astype(np.int64)
    first, lines = _same_rows(directions)
    everywhere = comm.allgather(directions[first])
    _, numbers = _same_rows(np.concatenate(everywhere))
    before = sum(len(one) for one in everywhere[: comm.rank])
    return numbers[before : before + len(first)][lines].astype(np.int64)


def _same_rows(table: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The first of each kind of row, and the kind of every row, as `np.unique` finds them.

    Column by column, which takes half the time.
    """
    kinds = np.zeros(len(table), dtype=np.int64)
    first = kinds[:0]
    for column in table.T:
        _, values = np.unique(column, return_inverse=True)
        _, first, kinds = np.unique(kinds * len(table) + values, return_index=True, return_inverse=True)
    return first, kinds


class LinePart:
    """The part of a matrix that couples unknowns of one line: block diagonal, factorised without fill.

    Attributes:
        nodes: Global numbers of the nodes of this process's lines, in the order of the rows.
        matrix: The part, of one process.
    """

    def __init__(
        self,
        matrix: PETSc.Mat,
        nodes: npt.NDArray[np.int64],
        lines: npt.NDArray[np.int64],
        block: int,
        symmetric: bool,
    ) -> None:
        """Find the entries and copy them.

        Args:
            matrix: Assembled matrix, of any AIJ kind, shared by any number of processes.
            nodes: Global numbers of the nodes of this process's lines, ascending.
            lines: Line of each.
            block: Unknowns per node.
            symmetric: Whether the matrix is symmetric positive definite.
        """
        groups = _whole_lines(lines, matrix.comm.tompi4py())
        self._pieces = [_Piece(nodes[group], lines[group], block) for group in groups]
        self.nodes = nodes[np.concatenate(groups)]
        parts = [piece.entries(matrix, len(groups) == 1) for piece in self._pieces]
        before = np.cumsum([0, *(columns.size for _, columns, _ in parts)])
        ends = [starts[1:] + first for (starts, _, _), first in zip(parts, before, strict=False)]
        self._starts = np.concatenate([[0], *ends]).astype(PETSc.IntType)
        first_rows = np.cumsum([0, *(len(starts) - 1 for starts, _, _ in parts)])
        shifted = [columns + row for (_, columns, _), row in zip(parts, first_rows, strict=False)]
        self._columns = np.concatenate(shifted).astype(PETSc.IntType)
        size = len(self._starts) - 1
        self.matrix: PETSc.Mat = PETSc.Mat().createAIJ((size, size), bsize=block, comm=PETSc.COMM_SELF)
        self.matrix.setPreallocationCSR((self._starts, self._columns))
        self.matrix.setOption(PETSc.Mat.Option.SPD, symmetric)
        self._put([values for _, _, values in parts])

    def refresh(self, matrix: PETSc.Mat) -> None:
        """Copy the entries again after the matrix has changed."""
        self._put([piece.entries(matrix, len(self._pieces) == 1)[2] for piece in self._pieces])

    def _put(self, values: list[np.ndarray]) -> None:
        self.matrix.setValuesCSR(self._starts, self._columns, np.concatenate(values))
        self.matrix.assemble()


class _Piece:
    """Some lines, of whose rows a copy is made to find what couples within a line.

    A copy of all rows would be as large as the matrix.
    """

    def __init__(self, nodes: npt.NDArray[np.int64], lines: npt.NDArray[np.int64], block: int) -> None:
        self._rows = PETSc.IS().createBlock(block, nodes.astype(PETSc.IntType), comm=PETSc.COMM_SELF)
        self._lines = lines.astype(np.int32).repeat(block)
        self._copies: list[PETSc.Mat] | None = None

    def entries(self, matrix: PETSc.Mat, is_all: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Starts of rows, columns and values of what couples within a line.

        Args:
            matrix: The matrix, as it now is.
            is_all: Whether these are all lines of this process.
        """
        starts, columns, values = self._copied(matrix, is_all).getValuesCSR()
        kept = self._lines.repeat(np.diff(starts)) == self._lines[columns]
        before = np.concatenate([[0], np.cumsum(kept)])
        return before[starts], columns[kept], values[kept]

    def _copied(self, matrix: PETSc.Mat, is_all: bool) -> PETSc.Mat:
        if is_all and matrix.comm.size == 1:
            return matrix
        copies = matrix.createSubMatrices(self._rows, submats=self._copies)
        # PETSc 3.25 cannot refill those of a BAIJ matrix.
        self._copies = None if matrix.getType().endswith("baij") else copies
        return copies[0]


class LineSolves:
    """A preconditioner for PETSc: exact solves along lines, each on the process that owns most of it."""

    def __init__(self, matrix: PETSc.Mat, lines: npt.NDArray[np.int64], block: int, symmetric: bool) -> None:
        """Bring the lines together and copy their part of the matrix.

        Args:
            matrix: Assembled matrix, of any AIJ kind.
            lines: Line of each node of this process, numbered over all.
            block: Unknowns per node.
            symmetric: Whether the matrix is symmetric positive definite.
        """
        self._matrix = matrix
        first = matrix.getOwnershipRange()[0] // block
        nodes, whole = _brought_together(lines, first, matrix.comm.tompi4py())
        self._part = LinePart(matrix, nodes, whole, block, symmetric)
        rows = PETSc.IS().createBlock(block, self._part.nodes.astype(PETSc.IntType), comm=PETSc.COMM_SELF)
        self._right, self._solution = self._part.matrix.createVecs()
        self._exchange = PETSc.Scatter().create(matrix.createVecRight(), rows, self._right, None)
        self._factors = PETSc.PC().create(PETSc.COMM_SELF)
        self._factors.setOperators(self._part.matrix)
        self._factors.setType(PETSc.PC.Type.CHOLESKY if symmetric else PETSc.PC.Type.LU)
        self._factors.setFactorOrdering(PETSc.Mat.OrderingType.RCM)

    def attach(self, preconditioner: PETSc.PC) -> None:
        """Be what a solver of the matrix is preconditioned by."""
        preconditioner.setType(PETSc.PC.Type.PYTHON)
        preconditioner.setPythonContext(self)

    def refresh(self) -> None:
        """Follow the matrix after it has changed."""
        self._part.refresh(self._matrix)

    def apply(self, _preconditioner: PETSc.PC, right: PETSc.Vec, solution: PETSc.Vec) -> None:
        """Solve; PETSc calls this."""
        self._exchange.scatter(right, self._right, mode=PETSc.ScatterMode.FORWARD)
        self._factors.apply(self._right, self._solution)
        self._exchange.scatter(self._solution, solution, mode=PETSc.ScatterMode.REVERSE)


def _brought_together(
    lines: npt.NDArray[np.int64], first: int, comm: MPI.Comm
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Global numbers of the nodes on this process's lines, ascending, and the line of each."""
    nodes = first + np.arange(len(lines))
    if comm.size == 1:
        return nodes, lines
    count = comm.allreduce(int(lines.max(initial=-1)), MPI.MAX) + 1
    # Who owns most of a line keeps it; of several, the first.
    most = np.bincount(lines, minlength=count) * comm.size - comm.rank
    comm.Allreduce(MPI.IN_PLACE, most, op=MPI.MAX)
    keeper = (-most[lines]) % comm.size
    parcels = [np.stack([nodes[keeper == rank], lines[keeper == rank]]) for rank in range(comm.size)]
    received = np.concatenate(comm.alltoall(parcels), axis=1)
    whole, of_line = received[:, np.argsort(received[0])]
    return whole, of_line


def _whole_lines(lines: npt.NDArray[np.int64], comm: MPI.Comm) -> list[npt.NDArray[np.intp]]:
    """Places of the nodes in groups of whole lines, ascending in each; as many groups on all processes."""
    count = max(comm.allgather(len(lines))) // _TOGETHER + 1
    order = np.argsort(lines, kind="stable")
    _, starts, of_line = np.unique(lines[order], return_index=True, return_inverse=True)
    group = starts[of_line] // _TOGETHER
    return [np.sort(order[group == number]) for number in range(count)]
