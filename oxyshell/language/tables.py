"""Long tables as few straight lines: what a form can hold."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from oxyshell.models.base.expression import Array
from oxyshell.models.base.properties import Table

KEPT = 100
"""Tables of so many values are used as they are."""
MOST_LINES = 250
ACCURACY = 1e-6
"""Largest distance of the lines from the values, as a share of each, unless they would be too many."""

# Values below this share of the largest one are measured by it: those near zero would need all the lines.
_SMALL = 1e-2


@dataclass(frozen=True)
class SimplifiedTable:
    """A table as it is used.

    Attributes:
        table: Increasing occupancies, the given ones or some of them; the first and the last are kept.
        error: Largest distance of a given value from it, as a share of this value, or of a hundredth of the
            largest |value| where that is more.
    """

    table: Table
    error: float


def simplified(occupancy: tuple[float, ...], values: tuple[float, ...]) -> SimplifiedTable:
    """Leave out the values of a table that lie on a straight line between others.

    A long table is divided where it is farthest from the line between the ends of a part (Ramer 1972; Douglas
    & Peucker 1973), the worst part first, until every value is within `ACCURACY` or there are `MOST_LINES`.

    Args:
        occupancy: Increasing or decreasing, at least two.
        values: One for each.
    """
    import numpy as np

    if occupancy[1] < occupancy[0]:
        occupancy, values = occupancy[::-1], values[::-1]
    if len(values) <= KEPT:
        return SimplifiedTable(Table(occupancy, values), 0.0)
    x, y = np.array(occupancy), np.array(values)
    scale = np.maximum(np.abs(y), _SMALL * np.abs(y).max())
    scale[scale == 0.0] = 1.0
    lines = [_line(x, y, scale, 0, len(x) - 1)]
    while -lines[0][0] > ACCURACY and len(lines) < MOST_LINES:
        _, first, worst, last = heapq.heappop(lines)
        heapq.heappush(lines, _line(x, y, scale, first, worst))
        heapq.heappush(lines, _line(x, y, scale, worst, last))
    chosen = [*sorted(first for _, first, _, _ in lines), len(x) - 1]
    table = Table(tuple(x[chosen].tolist()), tuple(y[chosen].tolist()))
    return SimplifiedTable(table, -lines[0][0])


def _line(x: Array, y: Array, scale: Array, first: int, last: int) -> tuple[float, int, int, int]:
    """Minus the largest distance between a straight line and the values that it skips; first, worst, last."""
    import numpy as np

    inside = slice(first, last)
    slope = (y[last] - y[first]) / (x[last] - x[first])
    distance = np.abs(y[inside] - y[first] - slope * (x[inside] - x[first])) / scale[inside]
    worst = int(np.argmax(distance))
    return -float(distance[worst]), first, first + worst, last
