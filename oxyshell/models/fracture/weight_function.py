"""Bueckner's weight function: stress intensity of a straight flaw at a surface from the stress without it.

K(a) = ∫₀ᵃ σ(x) h(a, x) dx, h = 2/√(2π(a − x)) [1 + m₁ (a − x)/a + m₂ ((a − x)/a)²], x the depth below the
surface, a that of the flaw; for a half-plane (Bueckner, Z. Angew. Math. Mech. 50 (1970) 529). Uniform tension
has 1.1298 σ √(πa), 0.7 % above the exact 1.1215.
"""

from __future__ import annotations

import math

import numpy as np

from oxyshell.models.base.expression import Array

FIRST, SECOND = 0.6147, 0.2502
"""m₁ and m₂."""
MEANT = 0.25
"""Depth over the radius up to which the half-plane stands for a curved body."""
ROUND_OFF = 1e-9
"""Share of the toughness up to which a stress intensity is none: that of a body without stress, computed."""


def uniform_factor() -> float:
    """K/(σ √(πa)) under uniform tension, in closed form: 2√2/π (1 + m₁/3 + m₂/5)."""
    return 2 * math.sqrt(2) / math.pi * (1 + FIRST / 3 + SECOND / 5)


def weights(flaws: Array, ends: Array, nodes: Array) -> Array:
    """Weights of the stresses at points of cells in K of flaws: K = weights @ stresses.

    In each cell the stress is the polynomial through its points; between cells it may jump. With s = √(a − x)
    the integrand is a polynomial in s, which Gauss points integrate exactly, singular end included.

    Args:
        flaws: Depths a, shape (flaws,); 0 is no flaw, K = 0.
        ends: Depths of each cell where its own coordinate is 0 and where it is 1, shape (cells, 2).
        nodes: The points' own coordinates, from 0 to 1, shape (points per cell,).

    Returns:
        Shape (flaws, cells · points per cell), in units of √length.
    """
    # σ has the degree n − 1 in x, with the bracket 2n + 2 in s.
    places, shares = np.polynomial.legendre.leggauss(len(nodes) + 2)
    places, shares = 0.5 * (places + 1), 0.5 * shares
    # Powers of a coordinate from −1 to 1, which are told apart best.
    to_points = np.linalg.inv(np.vander(2 * nodes - 1, increasing=True))
    near, far = ends.min(axis=1), ends.max(axis=1)
    length = ends[:, 1] - ends[:, 0]
    rows = np.zeros((len(flaws), len(ends), len(nodes)))
    for row, a in zip(rows, flaws, strict=True):
        inside = near < a
        first, last = np.sqrt(np.maximum(a - far[inside], 0.0)), np.sqrt(a - near[inside])
        s = first[:, None] + (last - first)[:, None] * places
        share = s * s / a
        kernel = 4 / math.sqrt(2 * math.pi) * (1 + FIRST * share + SECOND * share * share)
        within = 2 * (a - s * s - ends[inside, :1]) / length[inside, None] - 1
        basis = np.vander(within.reshape(-1), len(nodes), increasing=True) @ to_points
        factors = (last - first)[:, None] * shares * kernel
        row[inside] = np.einsum("cg,cgn->cn", factors, basis.reshape(*within.shape, len(nodes)))
    return rows.reshape(len(flaws), -1)
