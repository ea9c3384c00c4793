"""Histories of runs with an electrode, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

type Columns = dict[str, NDArray[np.float64]]


def steps_of(history: Mapping[str, NDArray[np.float64]]) -> list[Columns]:
    """The history of each step, which begins with a row at the time at which the last one ended."""
    time = history["time_s"]
    starts = [start for start in np.flatnonzero(np.diff(time) == 0) + 1 if start > 1]
    edges = [0, *starts, time.size]
    return [{name: values[first:last] for name, values in history.items()} for first, last in pairwise(edges)]


def rows_at(step: Columns, times: NDArray[np.float64]) -> NDArray[np.intp]:
    """Indices of the rows of a step at outputs after its start, which the march has landed on.

    Args:
        step: From `steps_of`.
        times: Since the start of the run, s, ascending.
    """
    found = np.minimum(np.searchsorted(step["time_s"], times * (1 - 1e-12)), step["time_s"].size - 1)
    assert step["time_s"][found] == pytest.approx(times, rel=1e-12)
    return found
