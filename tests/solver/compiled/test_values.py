"""Integrals and expressions in C against DOLFINx's, on a line of two regions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI

from oxyshell.solver import compiling
from oxyshell.solver.compiled.values import evaluator, integral

CELLS = 6
LINE = mesh.create_unit_interval(MPI.COMM_SELF, CELLS)
HALVES = mesh.meshtags(
    LINE, 1, np.arange(CELLS, dtype=np.int32), np.repeat([1, 2], CELLS // 2).astype(np.int32)
)
CONTINUOUS = fem.Function(fem.functionspace(LINE, ("P", 3)))
CELLWISE = fem.Function(fem.functionspace(LINE, ("DG", 1)))
FACTOR = fem.Constant(LINE, 1.5)
DX = ufl.dx(LINE, subdomain_data=HALVES)
INTEGRALS: dict[str, Callable[[], ufl.Form]] = {
    "cells": lambda: FACTOR * CONTINUOUS**2 * CELLWISE * ufl.dx(LINE),
    "regions": lambda: CONTINUOUS * DX(1) - FACTOR * CELLWISE**3 * DX(2),
    "surface": lambda: FACTOR * CELLWISE * CONTINUOUS * ufl.ds(LINE),
    "between cells": lambda: ufl.jump(CELLWISE) * FACTOR * ufl.avg(CONTINUOUS) * ufl.dS(LINE),
    "all of them": lambda: (
        CONTINUOUS * DX(2) + CELLWISE("+") * CELLWISE("-") ** 2 * ufl.dS(LINE) + CELLWISE * ufl.ds(LINE)
    ),
}
# Sums of a few dozen terms of order one, in another order.
ROUND_OFF = 1e-14


def give_values(seed: int) -> None:
    random = np.random.default_rng(seed)
    for function in (CONTINUOUS, CELLWISE):
        function.x.array[:] = random.uniform(0.5, 1.5, function.x.array.size)
    FACTOR.value = random.uniform(0.5, 1.5)


@pytest.mark.parametrize("name", INTEGRALS)
def test_integrals(name: str) -> None:
    form = compiling.form(INTEGRALS[name]())
    compiled = integral(form)
    assert compiled is not None
    found = []
    for seed in (1, 2):
        # New values of functions and constants are seen without a call.
        give_values(seed)
        found.append(compiled())
        assert found[-1] == pytest.approx(fem.assemble_scalar(form), rel=ROUND_OFF, abs=ROUND_OFF)
    assert found[0] != found[1]


def test_expressions() -> None:
    x = ufl.SpatialCoordinate(LINE)[0]
    entries = ufl.as_vector([CONTINUOUS.dx(0) * FACTOR, CELLWISE + x, CONTINUOUS * CELLWISE])
    points = np.array([[0.0], [0.25], [1.0]])
    # Some cells, not in their order.
    cells = np.array([4, 0, 5], dtype=np.int32)
    expression = compiling.expression(entries, points)
    evaluate = evaluator(expression, LINE, cells)
    for seed in (1, 2):
        give_values(seed)
        theirs = np.asarray(expression.eval(LINE, cells)).reshape(9, 3)
        assert evaluate() == pytest.approx(theirs, rel=ROUND_OFF, abs=ROUND_OFF)


def test_bodies_are_left_to_dolfinx() -> None:
    square = mesh.create_unit_square(MPI.COMM_SELF, 1, 1)
    assert integral(compiling.form(fem.Constant(square, 1.0) * ufl.dx(square))) is None
