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
    own, lines = np.unique(directions, axis=0, return_inverse=True)
    everywhere = comm.allgather(own)
    _, numbers = np.unique(np.concatenate(everywhere), axis=0, return_inverse=True)
    before = sum(len(one) for one in everywhere[: comm.rank])
    return numbers.reshape(-1)[before : before + len(own)][lines.reshape(-1)].astype(np.int64)


class LinePart:
    """The part of a matrix that couples unknowns of one line: block diagonal, factorised without fill."""

    def __init__(self, matrix: PETSc.Mat, lines: npt.NDArray[np.int64], block: int, symmetric: bool) -> None:
        """Find the entries and copy them.

        Args:
            matrix: Assembled matrix of one process, of any AIJ kind.
            lines: Line of each node.
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
        self.matrix: PETSc.Mat = PETSc.Mat().createAIJ((size, size), bsize=block, comm=PETSc.COMM_SELF)
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
            else own.convert("aij", PETSc.Mat())
        )
        starts, columns, values = scalar.getValuesCSR()
        return np.asarray(starts), np.asarray(columns), np.asarray(values)


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
        self._rows = PETSc.IS().createBlock(block, nodes.astype(PETSc.IntType), comm=PETSc.COMM_SELF)
        self._copies: list[PETSc.Mat] | None = None
        self._part = LinePart(self._of_lines(), whole, block, symmetric)
        self._right, self._solution = self._part.matrix.createVecs()
        self._exchange = PETSc.Scatter().create(matrix.createVecRight(), self._rows, self._right, None)
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
        self._part.refresh(self._of_lines())

    def apply(self, _preconditioner: PETSc.PC, right: PETSc.Vec, solution: PETSc.Vec) -> None:
        """Solve; PETSc calls this."""
        self._exchange.scatter(right, self._right, mode=PETSc.ScatterMode.FORWARD)
        self._factors.apply(self._right, self._solution)
        self._exchange.scatter(self._solution, solution, mode=PETSc.ScatterMode.REVERSE)

    def _of_lines(self) -> PETSc.Mat:
        """The matrix of this process's lines, as it now is."""
        if self._matrix.comm.size == 1:
            return self._matrix
        # PETSc 3.25 cannot refill those of a BAIJ matrix.
        old = None if self._matrix.getType().endswith("baij") else self._copies
        self._copies = self._matrix.createSubMatrices(self._rows, submats=old)
        return self._copies[0]


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
