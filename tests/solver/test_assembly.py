from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.solver.assembly import AffineVector, Matrix, Scalar, Vector, affine, largest, owned


@pytest.fixture
def space(line: ParticleMesh) -> fem.FunctionSpace:
    return fem.functionspace(line.mesh, ("Lagrange", 1))


@pytest.fixture
def functions(space: fem.FunctionSpace) -> list[fem.Function]:
    found = [fem.Function(space) for _ in range(2)]
    for seed, function in enumerate(found):
        function.x.array[:] = np.random.default_rng(seed).normal(size=function.x.array.size)
    return found


@pytest.fixture
def factor(line: ParticleMesh) -> fem.Constant:
    return fem.Constant(line.mesh, 2.0)


def affine_form(space: fem.FunctionSpace, functions: list[fem.Function], factor: fem.Constant) -> ufl.Form:
    first, second = functions
    test = ufl.TestFunction(space)
    return (factor * first * test + second.dx(0) * test.dx(0) - factor**2 * test) * ufl.dx


def test_an_affine_form_is_assembled_from_matrices(
    space: fem.FunctionSpace, functions: list[fem.Function], factor: fem.Constant
) -> None:
    form = affine_form(space, functions, factor)
    quick, direct = affine(form, functions, space), Vector(form, space)
    assert isinstance(quick, AffineVector)
    before = [function.x.array.copy() for function in functions]
    # Some ten products of numbers of size one.
    assert quick().array_r == pytest.approx(direct().array_r, abs=1e-13)
    functions[0].x.array[:] *= -3.0
    functions[1].x.array[2] = 7.0
    assert quick().array_r == pytest.approx(direct().array_r, abs=1e-13)
    # Taking over new constants leaves the functions' values alone.
    factor.value = 5.0
    functions[0].x.array[:], functions[1].x.array[:] = before
    quick.refresh()
    direct.refresh()
    assert [list(function.x.array) for function in functions] == [list(values) for values in before]
    assert quick().array_r == pytest.approx(direct().array_r, abs=1e-13)


def test_an_affine_form_is_assembled_again_only_when_something_has_changed(
    space: fem.FunctionSpace,
    functions: list[fem.Function],
    factor: fem.Constant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assembled: list[Matrix] = []
    whole = Matrix.__call__

    def counted(matrix: Matrix) -> Any:
        assembled.append(matrix)
        return whole(matrix)

    monkeypatch.setattr(Matrix, "__call__", counted)
    given = fem.Function(space)
    given.x.array[:] = 3.0
    form = affine_form(space, functions, factor) + given * functions[0] * ufl.TestFunction(space) * ufl.dx
    quick, direct = affine(form, functions, space), Vector(form, space)
    assert len(assembled) == 2
    functions[0].x.array[:] *= 2.0
    quick.refresh()
    assert len(assembled) == 2
    # What is not among the functions that change, constants aside, is taken over too.
    for changed, value in ((given.x.array, 4.0), (given.x.array, 5.0)):
        changed[:] = value
        quick.refresh()
        assert quick().array_r == pytest.approx(direct().array_r, abs=1e-13)
    factor.value = 7.0
    quick.refresh()
    direct.refresh()
    assert quick().array_r == pytest.approx(direct().array_r, abs=1e-13)
    assert len(assembled) == 8


def test_a_form_keeps_its_constants_until_it_is_refreshed(
    space: fem.FunctionSpace, functions: list[fem.Function], factor: fem.Constant
) -> None:
    vector = Vector(factor * functions[0] * ufl.TestFunction(space) * ufl.dx, space)
    before = vector().array_r.copy()
    factor.value = 6.0
    assert vector().array_r == pytest.approx(before, rel=1e-15)
    vector.refresh()
    assert vector().array_r == pytest.approx(3 * before, rel=1e-13)


@pytest.mark.parametrize("kind", ["square", "product", "kink"])
def test_a_form_that_is_not_affine_is_assembled_each_time(
    kind: str, space: fem.FunctionSpace, functions: list[fem.Function], factor: fem.Constant
) -> None:
    first, second = functions
    term = {"square": first**2, "product": first * second, "kink": ufl.max_value(first, 0.0)}[kind]
    form = factor * term * ufl.TestFunction(space) * ufl.dx(metadata={"quadrature_degree": 3})
    vector = affine(form, functions, space)
    assert isinstance(vector, Vector)
    whole = vector().array_r.sum()
    # With the test function 1 the vector's sum is the integral.
    integral = factor * term * ufl.dx(metadata={"quadrature_degree": 3})
    assert whole == pytest.approx(Scalar(integral, MPI.COMM_SELF)(), rel=1e-12, abs=1e-14)


def test_a_matrix_is_assembled_anew_at_every_call(space: fem.FunctionSpace, factor: fem.Constant) -> None:
    matrix = Matrix(factor * ufl.TrialFunction(space) * ufl.TestFunction(space) * ufl.dx)
    first = matrix().norm()
    assert matrix().norm() == pytest.approx(first, rel=1e-15)
    factor.value = 6.0
    assert matrix().norm() == pytest.approx(3 * first, rel=1e-13)


def test_largest_and_owned(functions: list[fem.Function]) -> None:
    assert largest(np.array([1.0, -4.0, 3.0]), MPI.COMM_SELF) == 4.0
    assert largest(np.array([]), MPI.COMM_SELF) == 0.0
    view = owned(functions[0])
    view[0] = 42.0
    assert functions[0].x.array[0] == 42.0
