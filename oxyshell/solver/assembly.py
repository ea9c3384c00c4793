"""Forms that are assembled many times, with what does not change between calls kept."""

from __future__ import annotations

import numpy as np
import ufl
from dolfinx import cpp, fem, la
from dolfinx.la import petsc as la_petsc
from mpi4py import MPI
from petsc4py import PETSc

from oxyshell.solver import compiling
from oxyshell.solver.compiled.values import integral
from oxyshell.solver.derivatives import expanded
from oxyshell.solver.state import Array


class Scalar:
    """An integral over the particle."""

    def __init__(self, form: ufl.Form, comm: MPI.Comm) -> None:
        """Compile the form."""
        self._form = compiling.form(form)
        self._comm = comm
        self._integrate = integral(self._form) or self._by_dolfinx
        self.refresh()

    def refresh(self) -> None:
        """Take over new values of the form's constants."""
        self._constants = fem.pack_constants(self._form)

    def __call__(self) -> float:
        """The integral with the present coefficients."""
        return self._integrate()

    def _by_dolfinx(self) -> float:
        form = self._form._cpp_object
        own = cpp.fem.assemble_scalar(form, self._constants, cpp.fem.pack_coefficients(form))
        return float(self._comm.allreduce(own)) if self._comm.size > 1 else float(own)


class Vector:
    """A linear form as a PETSc vector.

    Small problems call it thousands of times a second, so it goes to DOLFINx's compiled functions directly.

    Attributes:
        vector: The vector; it lies in the memory of `values`.
        values: Its entries, first those that this process owns.
    """

    def __init__(self, form: ufl.Form, space: fem.FunctionSpace) -> None:
        """Compile the form and make its vector."""
        self._form = compiling.form(form)
        self._memory = la.vector(space.dofmap.index_map, space.dofmap.index_map_bs)
        self.values: Array = self._memory.array
        self.vector: PETSc.Vec = la_petsc.create_vector_wrap(self._memory)
        self._shared = self.vector.comm.size > 1
        self.refresh()

    def refresh(self) -> None:
        """Take over new values of the form's constants."""
        self._constants = fem.pack_constants(self._form)

    def __call__(self) -> PETSc.Vec:
        """The vector with the present coefficients; the same object at every call."""
        form = self._form._cpp_object
        self.values[:] = 0.0
        cpp.fem.assemble_vector(self.values, form, self._constants, cpp.fem.pack_coefficients(form))
        if self._shared:
            self._memory.scatter_reverse(la.InsertMode.add)
        # PETSc did not see the change and would go on using norms that it has kept.
        self.vector.stateIncrease()
        return self.vector


class Matrix:
    """A bilinear form as a PETSc matrix."""

    def __init__(
        self, form: ufl.Form, bcs: list[fem.DirichletBC] | None = None, kind: str | None = None
    ) -> None:
        """Compile the form and make its matrix, still empty."""
        self._form = compiling.form(form)
        self._bcs = [condition._cpp_object for condition in bcs or []]
        rows, columns = self._form._cpp_object.function_spaces
        self._is_square = rows is columns
        # Not by dolfinx.fem.petsc, which takes as long to load as a run's forms.
        self.matrix: PETSc.Mat = cpp.fem.petsc.create_matrix(self._form._cpp_object, kind)
        self._filled = False

    @property
    def template(self) -> PETSc.Mat:
        """A matrix with the pattern of those to come."""
        return self.matrix

    def __call__(self) -> PETSc.Mat:
        """The matrix with the present constants and coefficients; the same object at every call."""
        if self._filled:
            self.matrix.zeroEntries()
        form = self._form._cpp_object
        constants, coefficients = cpp.fem.pack_constants(form), cpp.fem.pack_coefficients(form)
        cpp.fem.petsc.assemble_matrix(self.matrix, form, constants, coefficients, self._bcs)
        if self._is_square:
            self.matrix.assemble(PETSc.Mat.AssemblyType.FLUSH)
            cpp.fem.petsc.insert_diagonal(self.matrix, form.function_spaces[0], self._bcs, 1.0)
        self.matrix.assemble()
        self._filled = True
        return self.matrix


class AffineVector:
    """A vector that is affine in some functions, as matrices times their values: assembled once."""

    def __init__(self, form: ufl.Form, functions: list[fem.Function], space: fem.FunctionSpace) -> None:
        """Assemble the matrices ∂form/∂function and the vector at zero.

        Args:
            form: Linear form, affine in every function and without products of them.
            functions: What it depends on.
            space: Its test space.
        """
        self._functions = functions
        self._parts = [
            Matrix(ufl.derivative(form, function, ufl.TrialFunction(function.function_space)))
            for function in functions
        ]
        self._form = Vector(form, space)
        self.vector: PETSc.Vec = la_petsc.create_vector([(space.dofmap.index_map, space.dofmap.index_map_bs)])
        self._comm = space.mesh.comm
        self._constants = form.constants()
        self._others = [one for one in form.coefficients() if one not in functions]
        self._assembled_with: list[Array] = []
        self.refresh()

    def refresh(self) -> None:
        """Take over new values of the form's constants and of the functions that it is not affine in."""
        values = [np.array(constant.value) for constant in self._constants]
        values += [other.x.array.copy() for other in self._others]
        known = self._assembled_with
        is_known = len(known) > 0 and all(map(np.array_equal, values, known))
        if self._comm.allreduce(is_known, MPI.LAND):
            return
        self._assembled_with = values
        self._assemble()

    def _assemble(self) -> None:
        present = [function.x.array.copy() for function in self._functions]
        for function in self._functions:
            function.x.array[:] = 0.0
        self._form.refresh()
        self._form()
        for function, values in zip(self._functions, present, strict=True):
            function.x.array[:] = values
        self._matrices = [part() for part in self._parts]

    def __call__(self) -> PETSc.Vec:
        """The vector with the functions' present values; the same object at every call."""
        self._form.vector.copy(self.vector)
        for function, matrix in zip(self._functions, self._matrices, strict=True):
            matrix.multAdd(function.x.petsc_vec, self.vector, self.vector)
        return self.vector


def affine(form: ufl.Form, functions: list[fem.Function], space: fem.FunctionSpace) -> AffineVector | Vector:
    """The cheapest way to assemble a linear form again and again.

    Args:
        form: Linear form.
        functions: The functions that change between calls.
        space: Its test space.

    Returns:
        Precomputed matrices if the form is affine in the functions, the form itself if not.
    """
    for function in functions:
        slope = expanded(ufl.derivative(form, function))
        if any(other in slope.coefficients() for other in functions):
            return Vector(form, space)
    return AffineVector(form, functions, space)


def owned(function: fem.Function) -> Array:
    """The degrees of freedom of a function that this process owns, as a view."""
    space = function.function_space
    size = space.dofmap.index_map.size_local * space.dofmap.index_map_bs
    view: Array = function.x.array[:size]
    return view


def largest(values: Array, comm: MPI.Comm) -> float:
    """Largest |value| over all processes; not finite, on all of them, if any value is not."""
    own = float(np.maximum.reduce(np.abs(values), axis=None, initial=0.0))
    if comm.size == 1:
        return own
    # A maximum over processes may lose a NaN, but not an infinity.
    return float(comm.allreduce(np.inf if np.isnan(own) else own, MPI.MAX))


def half_range(values: Array, comm: MPI.Comm) -> float:
    """(max − min)/2 of values over all processes: how far they are from a uniform one."""
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    if comm.size > 1:
        low, high = comm.allreduce(low, MPI.MIN), comm.allreduce(high, MPI.MAX)
    return (high - low) / 2
