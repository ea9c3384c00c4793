"""Values from the cells of all processes in one place, whatever the number of processes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from dolfinx.mesh import Mesh


class CellGathering:
    """Brings what processes know about their cells to the first one, cells in the order they were made in."""

    def __init__(self, mesh: Mesh[np.float64]) -> None:
        """Find the order; every process has to call this, as everything here."""
        self._comm = mesh.comm
        self._own = mesh.topology.index_map(mesh.topology.dim).size_local
        places = self._comm.gather(mesh.topology.original_cell_index[: self._own])
        self._order = np.argsort(np.concatenate(places)) if places is not None else np.empty(0, dtype=np.intp)

    def gather[T: np.generic](self, values: npt.NDArray[T]) -> npt.NDArray[T]:
        """Put together.

        Args:
            values: Of this process, cell by cell, shape (cells × rows per cell, ...).

        Returns:
            Of all on the first process; no rows, with the same further axes, on the others.
        """
        per_cell = self._rows_per_cell(len(values))
        further = values.shape[1:]
        own = values.reshape(self._own, per_cell, *further)
        parts = [own] if self._comm.size == 1 else self._comm.gather(own)
        if parts is None:
            return values[:0]
        everything = parts[0] if len(parts) == 1 else np.concatenate(parts)
        whole: npt.NDArray[T] = everything[self._order].reshape(-1, *further)
        return whole

    def _rows_per_cell(self, rows: int) -> int:
        own = rows // self._own if self._own else 0
        return int(max(self._comm.allgather(own))) if self._comm.size > 1 else own
