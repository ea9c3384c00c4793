"""Largest eigenvalues of stress deviators."""

from __future__ import annotations

import numpy as np

from oxyshell.solver.state import Array


def largest_principal(deviator: Array, norm: Array) -> Array:
    """The largest eigenvalue of trace-free symmetric tensors (Smith, Commun. ACM 4 (1961) 168).

    The discriminant is a sum of seven squares, the minors of s beside s² (Parlett, Electron. Trans. Numer.
    Anal. 14 (2002) 117, with what tr s = 0 and s s² = s² s leave of them), so that also a double eigenvalue,
    which equal biaxial stress has, is right to round-off.

    Args:
        deviator: (11, 22, 33, 12, 13, 23), shape (6, points).
        norm: s:s, shape (points,).
    """
    if not deviator[3:].any():  # along a radius nothing shears
        diagonal: Array = np.maximum(np.maximum(deviator[0], deviator[1]), deviator[2])
        return diagonal
    a, b, c, d, e, f = deviator
    mean, dd, ee, ff = norm / 3, d * d, e * e, f * f
    de, df, ef = d * e, d * f, e * f
    determinant = a * (b * c - ff) - c * dd - b * ee + 2 * d * ef
    # The diagonal of s², without its trace.
    first, second, third = a * a + dd + ee - mean, b * b + dd + ff - mean, c * c + ee + ff - mean
    once = (
        (a * second - b * first) ** 2
        + (d * (c * c + third) - c * ef) ** 2
        + (e * (b * b + second) - b * df) ** 2
        + (f * (a * a + first) - a * de) ** 2
    )
    off = (
        (ef * (b - a) + d * (ee - ff)) ** 2
        + (df * (c - a) + e * (dd - ff)) ** 2
        + (de * (c - b) + f * (dd - ee)) ** 2
    )
    discriminant = 9 * once + 15 * off
    angle = np.arctan2(np.sqrt(discriminant / 27), determinant) / 3
    result: Array = 2 * np.sqrt(norm / 6) * np.cos(angle)
    return result
