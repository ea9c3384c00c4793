"""Coefficients of Rosenbrock methods."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from oxyshell.solver.state import Array

_GAMMA = 0.3125
# RODASPR2: order 4, stiffly accurate, for differential-algebraic systems of index 1.
# J. Rang, J. Comput. Appl. Math. 286 (2015) 128, in the paper's form: increments k, coupling α and γ.
_ALPHA = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [9.375e-1, 0, 0, 0, 0, 0],
        [-4.7145892646261345e-2, 5.4531286650471122e-1, 0, 0, 0, 0],
        [4.6915543899742240e-1, 4.4490537602383673e-1, -2.2498239334061121e-1, 0, 0, 0],
        [1.0950372887345903, 6.3223023457294381e-1, -8.9232966090485821e-1, 1.6506213759732410e-1, 0, 0],
        [
            -1.7746585073632790e-1,
            -5.8241418952602364e-1,
            6.8180612588238165e-1,
            7.6557391437996980e-1,
            3.125e-1,
            0,
        ],
    ]
)
_COUPLING = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [-9.3750000000000000e-1, 0, 0, 0, 0, 0],
        [-9.7580572085994507e-2, -5.8666328499964138e-1, 0, 0, 0, 0],
        [-4.9407065013256957e-1, -5.6819726428975503e-1, 5.0318949274167679e-1, 0, 0, 0],
        [-1.2725031394709183, -1.2146444240989676, 1.5741357867872399, 6.0051177678264578e-1, 0, 0],
        [
            6.9690744901421153e-1,
            6.2237005730756434e-1,
            -1.1553701989197045,
            1.8350029013386296e-1,
            -6.5990759753593431e-1,
            0,
        ],
    ]
)
_WEIGHTS = np.array(
    [
        5.1944159827788361e-1,
        3.9955867781540699e-2,
        -4.7356407303732290e-1,
        9.4907420451383284e-1,
        -3.4740759753593431e-1,
        3.125e-1,
    ]
)


@dataclass(frozen=True)
class Tableau:
    """A Rosenbrock method in the form that needs no product with ∂f/∂y.

    Attributes:
        gamma: γ.
        times: α_i, where in the step the stages are evaluated, shape (s,).
        slopes: γ_i, weights of ∂f/∂t, shape (s,).
        stages: a_ij, shape (s, s), strictly lower triangular.
        history: c_ij, shape (s, s), strictly lower triangular.
        weights: m_j, shape (s,).
        error_weights: Weights of y_new minus the embedded solution, shape (s,).
        order: Order of the embedded method.
    """

    gamma: float
    times: Array
    slopes: Array
    stages: Array
    history: Array
    weights: Array
    error_weights: Array
    order: int


@cache
def rodaspr2() -> Tableau:
    """RODASPR2 (Rang 2015), transformed from increments k to U = Γ k."""
    full = _COUPLING + _GAMMA * np.eye(6)
    inverse = np.linalg.inv(full)
    weights = _WEIGHTS @ inverse
    embedded = _ALPHA[-1] @ inverse  # the last stage's argument is the embedded solution
    return Tableau(
        gamma=_GAMMA,
        times=_ALPHA.sum(axis=1),
        slopes=full.sum(axis=1),
        stages=_ALPHA @ inverse,
        history=np.eye(6) / _GAMMA - inverse,
        weights=weights,
        error_weights=weights - embedded,
        order=3,
    )
