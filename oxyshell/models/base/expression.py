"""Types of what is computed with: numbers, and symbolic expressions in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from ufl import Form as UflForm
    from ufl.core.expr import Expr

type Expression = Expr
"""A symbolic expression: a function of the fields that are solved for, a constant, a test function."""

type Form = UflForm
"""An integral over the particle or its surface, linear in its test function if it has one."""

type Scalar = float | Expression
"""A number, or an expression in its place: a model computes with either."""

type Array = npt.NDArray[np.float64]
"""An array of numbers."""

type Value = float | Array | Expression
"""A number, an array of numbers, or an expression: a property of occupancy is computed for each."""
