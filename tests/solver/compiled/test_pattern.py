"""Places of entries in the memory of the compiled loop: every pair of unknowns has one of its own."""

from __future__ import annotations

import numpy as np

from oxyshell.solver.compiled.pattern import pattern_of, sparse_rows

CELLS = 8
# Unknown i is shared by cells i − 1 and i; the last one, 9, is in all of them. In y they stand backwards.
ROWS = np.array([[CELLS - i, CELLS - i - 1, CELLS + 1] for i in range(CELLS)], dtype=np.int32)
SIZE = CELLS + 2


def test_a_line_is_a_band_and_a_number_its_border() -> None:
    pattern = pattern_of([(ROWS, np.arange(CELLS, dtype=float))], [(ROWS, ROWS)], SIZE)
    assert (pattern.banded, pattern.border) == (CELLS + 1, 1)
    assert (pattern.below, pattern.above) == (1, 1)
    assert sorted(pattern.place) == list(range(SIZE))
    assert pattern.place[CELLS + 1] == SIZE - 1
    # Along the line.
    assert list(pattern.place[: CELLS + 1]) == list(range(CELLS, -1, -1))


def test_entries_have_places_of_their_own() -> None:
    pattern = pattern_of([(ROWS, np.arange(CELLS, dtype=float))], [(ROWS, ROWS)], SIZE)
    where: dict[tuple[int, int], set[int]] = {}
    for cell, targets in zip(ROWS, pattern.targets(ROWS, ROWS), strict=True):
        pairs = ((int(row), int(column)) for row in cell for column in cell)
        for pair, target in zip(pairs, targets.tolist(), strict=True):
            where.setdefault(pair, set()).add(target)
    assert all(len(targets) == 1 for targets in where.values())
    places = [next(iter(targets)) for targets in where.values()]
    assert len(set(places)) == len(places)
    assert min(places) >= 0
    assert max(places) < pattern.entries


def test_what_is_not_solved_for_has_no_place() -> None:
    rows = ROWS.copy()
    rows[rows == CELLS] = -1
    pattern = pattern_of([(rows, np.arange(CELLS, dtype=float))], [(rows, rows)], SIZE)
    sparse = sparse_rows([(rows, rows)], SIZE)
    for targets in (pattern.targets(rows, rows), sparse.targets(rows, rows)):
        assert (targets[0].reshape(3, 3)[0] == -1).all()
        assert (targets[0].reshape(3, 3)[1:, 1:] >= 0).all()


def test_rows_of_a_sparse_matrix() -> None:
    rows = np.array([[0, 2], [2, 1]], dtype=np.int32)
    sparse = sparse_rows([(rows, rows)], 3)
    assert list(sparse.starts) == [0, 2, 4, 7]
    assert list(sparse.columns) == [0, 2, 1, 2, 0, 1, 2]
    assert sparse.targets(rows, rows).tolist() == [[0, 1, 4, 6], [6, 5, 3, 2]]
