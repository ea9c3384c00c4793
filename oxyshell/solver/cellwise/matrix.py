"""shift M − ∂f/∂y, of which what is constant between two changes of the model is assembled once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import ufl
from petsc4py import PETSc

from oxyshell.solver import compiling
from oxyshell.solver.equations import Equations
from oxyshell.solver.petsc_algebra import BlockMatrix
from oxyshell.solver.state import Array

_SAME = PETSc.Mat.Structure.SAME_NONZERO_PATTERN


class SteadyMatrix(BlockMatrix):
    """The matrix of equations to whose ∂f/∂y something constant is added, K, which f itself is without."""

    def __init__(self, equations: Equations, steady: Mapping[int, ufl.Form]) -> None:
        """Compile the forms and assemble what is constant.

        Args:
            equations: f, M and the shift.
            steady: K, on the diagonal, by number of the block.
        """
        matrix, numbers = equations.matrix, range(len(equations.blocks))
        pattern = [
            [form - steady[i] if i == j and i in steady else form for j, form in enumerate(of_row)]
            for i, of_row in enumerate(matrix)
        ]
        super().__init__(pattern, equations.blocks, held=False)
        super().__call__()  # once whole: from now on it has every entry
        constant = [[steady.get(i) if i == j else None for j in numbers] for i in numbers]
        self._moving, self._fixed, self._masses = (
            self._local_parts(compiling.forms(forms))[0]
            for forms in (equations.slopes, constant, equations.mass)
        )
        self._shift = equations.shift
        self._constant, self._mass = self._whole.duplicate(), self._whole.duplicate()
        self._slope: PETSc.Mat | None = None
        self._values, self._product_values = np.zeros(equations.size), np.zeros(equations.size)
        self._vector, self._product = (
            PETSc.Vec().createWithArray(values, comm=equations.comm)
            for values in (self._values, self._product_values)
        )
        self.refresh()

    def refresh(self) -> None:
        """Follow new values of the constants."""
        for parts, kept in ((self._fixed, self._constant), (self._masses, self._mass)):
            self._add(parts)
            self._whole.assemble()
            self._whole.copy(kept, _SAME)
        self._slope = self._active(self._constant, self._slope)

    def __call__(self) -> PETSc.Mat:
        self._add(self._moving)
        self._whole.assemble()
        self._whole.axpy(float(self._shift.value), self._mass, _SAME)
        self._whole.axpy(-1.0, self._constant, _SAME)
        self.matrix = self._active(self._whole, self.matrix)
        return self.matrix

    def constant_rate(self, unknowns: Array) -> Array:
        """K y; overwritten by the next call."""
        self._values[:] = unknowns
        assert self._slope is not None
        self._slope.mult(self._vector, self._product)
        return self._product_values
