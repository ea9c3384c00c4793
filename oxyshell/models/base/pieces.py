"""Pieces of [0, 1] on which a formula is smooth: found once, they make its integral right at any scale.

A formula can have kinks, edges and peaks of any width. Their places are where something in the formula passes
through zero (`theta - 0.2` in a peak, the two sides of a `max`) or has an extremum, so the search begins
there, with pieces that shrink towards each such place, and halves them until the integral is known.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oxyshell.errors import InputError
from oxyshell.models.base.expression import Array
from oxyshell.models.base.formula import Formula

if TYPE_CHECKING:
    import numpy.typing as npt

GAUSS = (
    (0.033765242898423975, 0.08566224618958525),
    (0.16939530676686776, 0.1803807865240693),
    (0.3806904069584015, 0.23395696728634552),
    (0.6193095930415985, 0.23395696728634552),
    (0.8306046932331322, 0.1803807865240693),
    (0.966234757101576, 0.08566224618958525),
)
"""Gauss-Legendre points and weights on [0, 1]: exact for formulas up to degree 11."""

ACCURACY = 1e-10
"""Error of an integral that is asked for, as a share of the range that integrals from 0 have."""
MOST_PIECES = 256

_GRID = 2001
_UNIFORM = 64
_MOST_PLACES = 1000
# Pieces shrink towards a place by this factor, this often: to 2e-13.
_SHRINKING, _SHRINKS = 0.25, 21
_NARROWEST = 1e-13
_APART = 1e-15
# Error that the search leaves: far less than ACCURACY for the sum of all its pieces, far more than round-off.
_RESOLVED = 1e-12
_ROUND_OFF = 1e-14
# Gauss' rule is compared with the search at the ends and middles of its pieces; between them it errs by more.
_MARGIN = 0.1
# Part of a function's size below which its ups and downs are round-off.
_NOISE = 1e-12
_ZOOM = 32
_LOOK = 64


@dataclass(frozen=True)
class Pieces:
    """A formula's integral.

    Attributes:
        breaks: Where the next piece begins, increasing, inside (0, 1).
        primitives: ∫ of the formula from 0 to each of `breaks`.
    """

    breaks: tuple[float, ...]
    primitives: tuple[float, ...]


def samples(formula: Formula) -> Array:
    """Occupancies from 0 to 1 at which a formula has to be looked at in order to know its range.

    Returns:
        Increasing, from 0 to 1: a uniform grid, the places of kinks, poles and extrema, and points that draw
        near to each of them from both sides.

    Raises:
        InputError: If the formula has too many such places.
    """
    import numpy as np

    return _with_places(np.linspace(0.0, 1.0, _GRID), formula)


@functools.lru_cache(maxsize=64)
def pieces(formula: Formula) -> Pieces:
    """Divide [0, 1] so that Gauss' rule is right from the beginning of a piece to any point in it.

    Returns:
        At most `MOST_PIECES` pieces. The integral from 0 to any θ is then right to `ACCURACY` of the range
        of all such integrals. A peak whose own integral is below that has no pieces; where a Gauss point
        meets it, the error is a quarter of its height.

    Raises:
        InputError: If the formula has no finite integral, or would need more pieces.
    """
    import numpy as np

    grid = _with_places(np.linspace(0.0, 1.0, _UNIFORM + 1), formula)
    # Both sides of one place, and points of two places, can lie so close that nothing is between them.
    apart = (np.diff(grid, prepend=-1.0) > _APART) & (grid < 1.0 - _APART)
    grid = np.append(grid[apart], 1.0)
    with np.errstate(all="ignore"):  # of infinite values, which are refused
        ends, primitive, scale = _resolved(formula.values, grid)
    breaks = _merged(formula.values, ends, primitive, _MARGIN * ACCURACY * scale)
    return Pieces(tuple(ends[breaks].tolist()), tuple(primitive[breaks].tolist()))


def _with_places(grid: Array, formula: Formula) -> Array:
    import numpy as np

    return np.unique(np.concatenate([grid, _graded(formula)]))


@functools.lru_cache(maxsize=64)
def _graded(formula: Formula) -> Array:
    """Where a formula may change, and points that draw near to each of these places from both sides."""
    import numpy as np

    grid = np.linspace(0.0, 1.0, _GRID)
    with np.errstate(all="ignore"):
        found = [_places(part, grid) for part in formula.parts()]
    places = np.unique(np.concatenate([grid[:1], *found]))
    if places.size > _MOST_PLACES:
        raise InputError(
            f"a formula that changes too often (at {places.size} places for theta from 0 to 1; at most "
            f"{_MOST_PLACES} are allowed)"
        )
    near = _SHRINKING ** np.arange(1, _SHRINKS + 1)
    graded = (places[:, None] + np.concatenate([-near, [0.0], near])).ravel()
    result: Array = np.unique(graded[(graded >= 0.0) & (graded <= 1.0)])
    result.flags.writeable = False
    return result


def _places(function: Callable[[Array], Array], grid: Array) -> Array:
    """Zeros and extrema of a function of [0, 1]."""
    import numpy as np

    values = function(grid)
    finite = np.isfinite(values)
    # Beside a pole or the end of a root's range there is no value: the edge itself is a place.
    edge = np.flatnonzero(finite[1:] != finite[:-1])
    size = np.abs(values[finite]).max(initial=0.0)
    signs = np.where(np.abs(values) > _NOISE * size, np.sign(values), 0.0)
    both = finite[1:] & finite[:-1]
    zero = np.flatnonzero(both & (signs[1:] != signs[:-1]))
    rises = np.diff(values)
    rises = np.where(both & (np.abs(rises) > _NOISE * size), np.sign(rises), 0.0)
    turn = np.flatnonzero((rises[1:] != rises[:-1]) & (rises[1:] * rises[:-1] <= 0))
    sign = np.where(rises[turn] > rises[turn + 1], 1.0, -1.0)
    return np.concatenate(
        [
            _change(lambda x: np.sign(function(x)), grid[zero], grid[zero + 1]),
            _change(lambda x: np.isfinite(function(x)), grid[edge], grid[edge + 1]),
            _extremum(function, grid[turn], grid[turn + 2], sign),
        ]
    )


def _change(state: Callable[[Array], npt.NDArray[Any]], left: Array, right: Array) -> Array:
    """Where a state changes, in each interval; both sides of the change."""
    import numpy as np

    if not left.size:
        return left
    share, rows = np.linspace(0.0, 1.0, _ZOOM + 1), np.arange(left.size)
    for _ in range(11):
        x = left[:, None] + (right - left)[:, None] * share
        states = state(x)
        first = np.argmax(states[:, 1:] != states[:, :1], axis=1)
        left, right = x[rows, first], x[rows, first + 1]
    return np.concatenate([left, right])


def _extremum(function: Callable[[Array], Array], left: Array, right: Array, sign: Array) -> Array:
    """Where a function times `sign` is largest, in each interval."""
    import numpy as np

    if not left.size:
        return left
    share, rows = np.linspace(0.0, 1.0, _ZOOM + 1), np.arange(left.size)
    for _ in range(7):
        x = left[:, None] + (right - left)[:, None] * share
        best = np.argmax(sign[:, None] * function(x), axis=1)
        left, right = x[rows, np.maximum(best - 1, 0)], x[rows, np.minimum(best + 1, _ZOOM)]
    middle: Array = (left + right) / 2
    return middle


def _resolved(function: Callable[[Array], Array], grid: Array) -> tuple[Array, Array, float]:
    """Ends of pieces on which the integral is known, the primitive there, and the range that it has."""
    import numpy as np

    left, right = grid[:-1], grid[1:]
    done: list[tuple[Array, Array]] = []
    scale = 0.0
    while left.size:
        middle = (left + right) / 2
        whole = _gauss(function, left, right)
        first, second = _gauss(function, left, middle), _gauss(function, middle, right)
        halves = first + second
        if not np.isfinite(halves).all():
            raise InputError(f"a formula without a number near theta = {left[~np.isfinite(halves)][0]:.6g}")
        known = [*done, (left, first), (middle, second)]
        starts, parts = (np.concatenate(arrays) for arrays in zip(*known, strict=True))
        order = np.argsort(starts)
        primitive = np.concatenate([[0.0], np.cumsum(parts[order])])
        scale = float(np.ptp(primitive))
        round_off = _ROUND_OFF * float(np.abs(parts).sum())
        error = np.abs(whole - halves)
        good = error <= max(_RESOLVED * scale, round_off)
        narrow = ~good & (right - left <= _NARROWEST)
        if (narrow & (error > max(ACCURACY * scale, round_off))).any():
            place = left[narrow][np.argmax(error[narrow])]
            raise InputError(f"a formula without a finite integral near theta = {place:.6g}")
        good |= narrow
        done += [(left[good], first[good]), (middle[good], second[good])]
        left, middle, right = left[~good], middle[~good], right[~good]
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        if left.size > 64 * MOST_PIECES:
            raise InputError(_too_many(left[0]))
    return np.append(starts[order], 1.0), primitive, scale


def _gauss(function: Callable[[Array], Array], left: Array, right: Array) -> Array:
    import numpy as np

    points, weights = np.array(GAUSS).T
    width = right - left
    result: Array = width * (function(left[..., None] + width[..., None] * points) @ weights)
    return result


def _merged(function: Callable[[Array], Array], ends: Array, primitive: Array, tolerance: float) -> list[int]:
    """Indices of the `ends` at which a new piece begins: as few as Gauss' rule allows."""
    import numpy as np

    breaks: list[int] = []
    start, last = 0, len(ends) - 1
    while start < last:
        if len(breaks) == MOST_PIECES:
            raise InputError(_too_many(ends[start]))
        breaks.append(start)
        looked = _LOOK
        while True:
            later = slice(start + 1, start + 1 + looked)
            rule = _gauss(function, np.full_like(ends[later], ends[start]), ends[later])
            error = np.abs(rule - (primitive[later] - primitive[start]))
            wrong = np.flatnonzero(~(error <= tolerance))
            if wrong.size or start + looked >= last:
                break
            looked *= 2
        # A piece of the search is right as it is, whatever round-off says.
        start += max(int(wrong[0]), 1) if wrong.size else last - start
    return breaks[1:]


def _too_many(place: float) -> str:
    return (
        f"a formula that changes too often near theta = {place:.6g} (more than {MOST_PIECES} smooth pieces "
        "for theta from 0 to 1)"
    )
