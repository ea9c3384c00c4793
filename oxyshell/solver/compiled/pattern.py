"""Places in the matrix of a line: a narrow band, and dense rows and columns at its border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oxyshell.solver.compiled.forms import Ints
from oxyshell.solver.state import Array

# An unknown in more cells than this is one number for all: it stands at the border.
_LOCAL = 4


@dataclass(frozen=True, eq=False)
class Pattern:
    """Where entries of a matrix stand in the memory of loop.c.

    Attributes:
        place: From y to the order of the matrix, shape (size,).
        banded: Unknowns in the band.
        below: Its half width below the diagonal.
        above: That above it.
    """

    place: Ints
    banded: int
    below: int
    above: int

    @property
    def border(self) -> int:
        """Unknowns at the border."""
        return len(self.place) - self.banded

    @property
    def width(self) -> int:
        """Entries of a row of the band, with room for what row exchanges fill in."""
        return 2 * self.below + self.above + 1

    @property
    def entries(self) -> int:
        """Entries of band, border and corner."""
        return self.banded * (self.width + 2 * self.border) + self.border**2

    def targets(self, rows: Ints, columns: Ints) -> Ints:
        """Where entries of tensors are added.

        Args:
            rows: Of y, −1 for none, shape (entities, rows).
            columns: Likewise, shape (entities, columns).

        Returns:
            Shape (entities, rows · columns), −1 for nowhere.
        """
        present = (rows[:, :, None] >= 0) & (columns[:, None, :] >= 0)
        row, column = np.broadcast_arrays(self.place[rows][:, :, None], self.place[columns][:, None, :])
        n, m = self.banded, self.border
        right = n * self.width
        below, corner = right + n * m, right + 2 * n * m
        inside = row * self.width + column - row + self.below
        where = np.where(
            row < n,
            np.where(column < n, inside, right + row * m + column - n),
            np.where(column < n, below + (row - n) * n + column, corner + (row - n) * m + column - n),
        )
        return (
            np.where(present, where, -1).astype(np.int32).reshape(len(rows), rows.shape[1] * columns.shape[1])
        )


def pattern_of(
    cells_of: Sequence[tuple[Ints, Array]], pairs: Sequence[tuple[Ints, Ints]], size: int
) -> Pattern:
    """The pattern of a matrix.

    Args:
        cells_of: Of each block the rows of y in each cell, −1 for none, shape (cells, dofs), and the cells'
            order along the line, shape (cells,).
        pairs: Rows and columns of y that tensors couple, as `Pattern.targets` takes them.
        size: Unknowns.
    """
    met, middle = np.zeros(size), np.zeros(size)
    for rows, order in cells_of:
        present = rows >= 0
        met += np.bincount(rows[present], minlength=size)
        middle += np.bincount(
            rows[present], weights=np.broadcast_to(order[:, None], rows.shape)[present], minlength=size
        )
    dense = met > _LOCAL
    along = np.where(dense, np.inf, middle / np.maximum(met, 1))
    place = np.empty(size, dtype=np.int32)
    place[np.argsort(along, kind="stable")] = np.arange(size, dtype=np.int32)
    banded = int(size - dense.sum())
    apart = [_apart(place, banded, rows, columns) for rows, columns in pairs]
    below = max((int(one.max(initial=0)) for one in apart), default=0)
    above = max((int((-one).max(initial=0)) for one in apart), default=0)
    return Pattern(place, banded, below, above)


def _apart(place: Ints, banded: int, rows: Ints, columns: Ints) -> Ints:
    """Distances of rows below columns in the band."""
    row, column = np.broadcast_arrays(rows[:, :, None], columns[:, None, :])
    present = (row >= 0) & (column >= 0)
    row, column = place[row[present]], place[column[present]]
    inside = (row < banded) & (column < banded)
    return np.asarray(row[inside] - column[inside], dtype=np.int32)


@dataclass(frozen=True, eq=False)
class SparseRows:
    """A sparse matrix by rows, without values.

    Attributes:
        starts: Where each row begins, shape (size + 1,).
        columns: Column of each entry.
    """

    starts: Ints
    columns: Ints

    def targets(self, rows: Ints, columns: Ints) -> Ints:
        """As `Pattern.targets`."""
        size = len(self.starts) - 1
        row, column = np.broadcast_arrays(rows[:, :, None], columns[:, None, :])
        present = (row >= 0) & (column >= 0)
        keys = np.repeat(np.arange(size, dtype=np.int64), np.diff(self.starts)) * size + self.columns
        where = np.searchsorted(keys, row.astype(np.int64) * size + column)
        return (
            np.where(present, where, -1).astype(np.int32).reshape(len(rows), rows.shape[1] * columns.shape[1])
        )


def sparse_rows(pairs: Sequence[tuple[Ints, Ints]], size: int) -> SparseRows:
    """The pattern of what tensors couple; see `pattern_of`."""
    keys = []
    for rows, columns in pairs:
        row, column = np.broadcast_arrays(rows[:, :, None], columns[:, None, :])
        present = (row >= 0) & (column >= 0)
        keys.append(row[present].astype(np.int64) * size + column[present])
    found = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *keys]))
    counts = np.bincount(found // size, minlength=size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return SparseRows(starts, (found % size).astype(np.int32))
