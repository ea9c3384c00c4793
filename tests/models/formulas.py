"""Formulas of the occupancy with kinks, edges, peaks and infinite slopes, and their exact primitives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import erf

type Primitive = Callable[[Any], Any]


def _peak(centre: float, width: float) -> Primitive:
    return lambda x: width * np.sqrt(np.pi) / 2 * (erf((x - centre) / width) + erf(centre / width))


def _edge(centre: float, width: float) -> Primitive:
    def softplus(x: Any) -> Any:
        return np.logaddexp(x / width, -x / width) * width

    return lambda x: softplus(x - centre) - softplus(-centre)


_BROAD, _NARROW, _HAIR = _peak(0.2, 0.04), _peak(0.3, 1e-3), _peak(0.21234567, 1e-6)

# ∫ from 0 to x of each formula.
EXACT: dict[str, Primitive] = {
    "0": lambda x: 0.0 * x,
    "1 - 0.9*theta": lambda x: x - 0.45 * x**2,
    "-2e-7 + 6e-6*exp(-((theta-0.2)/0.04)**2)": lambda x: -2e-7 * x + 6e-6 * _BROAD(x),
    "exp(-((theta-0.3)/0.001)**2)": _NARROW,
    "1e-3 + exp(-((theta-0.21234567)/1e-6)**2)": lambda x: 1e-3 * x + _HAIR(x),
    "exp(-1e6*(theta**2 - 0.6*theta + 0.09))": _NARROW,
    "1e-4/((theta-0.4)**2 + 1e-8)": lambda x: np.arctan((x - 0.4) / 1e-4) + np.arctan(0.4 / 1e-4),
    "6e-6*max(0.3-theta, 0)": lambda x: 3e-6 * (0.09 - np.maximum(0.3 - x, 0.0) ** 2),
    "min(theta, 0.25)": lambda x: np.where(x < 0.25, x**2 / 2, 0.25 * x - 0.25**2 / 2),
    "abs(theta - 0.7123)": lambda x: (0.7123**2 + np.sign(x - 0.7123) * (x - 0.7123) ** 2) / 2,
    "tanh((theta-0.5)/1e-4)": _edge(0.5, 1e-4),
    "1/(1 + exp(2000*(theta-0.5)))": lambda x: (
        x - (np.logaddexp(0.0, 2000 * (x - 0.5)) - np.logaddexp(0.0, -1000.0)) / 2000
    ),
    "sqrt(theta)": lambda x: 2 / 3 * x**1.5,
    "theta**0.1": lambda x: x**1.1 / 1.1,
    "sqrt(1 - theta)": lambda x: 2 / 3 * (1 - (1 - x) ** 1.5),
    "abs(theta-0.5)**0.5": lambda x: 2 / 3 * (0.5**1.5 + np.sign(x - 0.5) * np.abs(x - 0.5) ** 1.5),
    "log(theta + 0.001)": lambda x: (x + 1e-3) * np.log(x + 1e-3) - x - 1e-3 * np.log(1e-3),
    "sin(200*theta)": lambda x: (1 - np.cos(200 * x)) / 200,
    "sin(700*theta)": lambda x: (1 - np.cos(700 * x)) / 700,
}


def occupancies() -> np.ndarray:
    """Everywhere, and close to where something happens."""
    near = np.geomspace(1e-9, 1e-1, 33)
    places = [0.2, 0.21234567, 0.25, 0.3, 0.4, 0.5, 0.7123]
    around = [place + sign * near for place in places for sign in (-1.0, 1.0)]
    # Places that nobody chose: the golden ratio's multiples.
    spread = np.arange(500) * 0.6180339887498949 % 1.0
    return np.unique(np.concatenate([[0.0, 1.0], spread, near, 1 - near, *around]))
