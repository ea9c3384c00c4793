"""Polynomials through what is known of the past."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oxyshell.solver.state import Array


def extrapolate(past: Sequence[tuple[float, Array]], time: float) -> Array:
    """The polynomial through all given (time, values), at another time (Lagrange's form)."""
    total = np.zeros_like(past[0][1])
    for i, (own, values) in enumerate(past):
        weight = 1.0
        for j, (other, _) in enumerate(past):
            if j != i:
                weight *= (time - other) / (own - other)
        total += weight * values
    return total
