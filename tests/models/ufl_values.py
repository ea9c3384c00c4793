"""Values of UFL expressions of numbers, by UFL's own evaluation: no mesh, nothing compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import ufl


def number(expression: Any) -> float:
    return float(ufl.as_ufl(expression)(()))


def tensor(expression: Any) -> np.ndarray:
    return np.array([[number(expression[i, j]) for j in range(3)] for i in range(3)])
