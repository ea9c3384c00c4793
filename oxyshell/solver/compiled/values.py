"""Integrals and expressions on a line in one process, in C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from dolfinx import fem

from oxyshell.solver.compiled.forms import Ints, compiled_expression, compiled_form
from oxyshell.solver.compiled.library import library_for
from oxyshell.solver.compiled.memory import address_of
from oxyshell.solver.state import Array


def integral(form: fem.Form) -> Callable[[], float] | None:
    """Integrates a form with the present coefficients and constants; none where C does not serve.

    Args:
        form: Without arguments.
    """
    library = library_for(form.mesh)
    if library is None:
        return None
    own = compiled_form(form, lambda cells: np.zeros((len(cells), 1), dtype=np.int32))
    integrate, address = library.integrate, own.address

    def value(_kept: Any = own) -> float:
        found: float = integrate(address)
        return found

    return value


def evaluator(expression: fem.Expression, mesh: Any, cells: Ints) -> Callable[[], Array]:
    """Evaluates an expression with the present coefficients and constants, shape (cells · points, entries).

    Args:
        expression: A vector.
        mesh: The mesh.
        cells: Cells of this process.
    """
    shape = (len(cells) * len(expression.X()), expression.value_size)
    library = library_for(mesh)
    if library is None:
        return lambda: np.asarray(expression.eval(mesh, cells)).reshape(shape)
    own = compiled_expression(expression, mesh, cells)
    evaluate, address = library.evaluate, own.address

    def values(_kept: Any = own) -> Array:
        found = np.zeros(shape)
        evaluate(address, address_of(found))
        return found

    return values
