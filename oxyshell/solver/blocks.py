"""Several fields, each in a space of its own and some of them only in places, as M dy/dt = f(y).

What `mixed.MixedFields` is for fields that fill the mesh together. Here the unknowns y are the active degrees
of freedom of one field after the other, and the matrices hold only what couples.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.fem import petsc as fem_petsc
from mpi4py import MPI
from petsc4py import PETSc

from oxyshell.solver import compiling, places
from oxyshell.solver.assembly import Scalar, Vector
from oxyshell.solver.boundary import Boundary, FluxBoundary
from oxyshell.solver.derivatives import expanded
from oxyshell.solver.linear import DirectSolver
from oxyshell.solver.state import Array

type Active = npt.NDArray[np.int32]


class BlockFields:
    """Assembly and direct solves.

    Attributes:
        functions: The fields.
        size: Unknowns of this process.
        spans: Where each field's unknowns stand in y.
        boundary: The surface condition in force.
    """

    def __init__(self, functions: Sequence[fem.Function], active: Sequence[Active]) -> None:
        """Set up; `equations` has to follow.

        Args:
            functions: The fields; what is not active of them stays as it is.
            active: Of each, the degrees of freedom that this process owns and that are solved for.
        """
        self.functions = functions
        self.comm: MPI.Comm = functions[0].function_space.mesh.comm
        self._active = active
        ends = np.concatenate([[0], np.cumsum([len(one) for one in active])])
        self.spans = [slice(start, end) for start, end in pairwise(ends.tolist())]
        self.size = int(ends[-1])
        self.boundary: Boundary = FluxBoundary()
        # A field without a single unknown on any process has no equation.
        self._solved = [i for i, one in enumerate(active) if self.comm.allreduce(len(one)) > 0]
        self._shift = fem.Constant(functions[0].function_space.mesh, 1.0)

    @property
    def places(self) -> Array:
        """Where the unknowns stand, as `places.of_space` says it."""
        whole = [places.of_space(one.function_space, field) for field, one in enumerate(self.functions)]
        return np.concatenate([rows[active] for rows, active in zip(whole, self._active, strict=True)])

    def equations(self, rates: Sequence[ufl.Form], masses: Sequence[ufl.Form], outflow: ufl.Form) -> None:
        """Compile what is assembled at every step.

        Args:
            rates: f of each field, linear in a test function of its space.
            masses: M of each field, bilinear on its space.
            outflow: What leaves per time, an integral.
        """
        solved = self._solved
        functions = [self.functions[i] for i in solved]
        spaces = [function.function_space for function in functions]
        rates, masses = [rates[i] for i in solved], [masses[i] for i in solved]
        jacobian = [
            [
                _present((self._shift * mass if i == j else 0) - _slope(rate, function))
                for j, function in enumerate(functions)
            ]
            for i, (rate, mass) in enumerate(zip(rates, masses, strict=True))
        ]
        diagonal = [[mass if i == j else None for j in range(len(masses))] for i, mass in enumerate(masses)]
        self._rates = [Vector(rate, space) for rate, space in zip(rates, spaces, strict=True)]
        self._matrix = _BlockMatrix(jacobian, self._rows(spaces), self.comm)
        self._mass = _BlockMatrix(diagonal, self._rows(spaces), self.comm)
        self._outflow = Scalar(outflow, self.comm)
        driving = [i for i in solved if self.functions[i] in outflow.coefficients()]
        self._slopes = {i: self._derivative(outflow, self.functions[i]) for i in driving}
        total = int(self.comm.allreduce(self.size))
        self._solver = DirectSolver(self._matrix(), self.size, total)
        self._mass()

    @staticmethod
    def _derivative(outflow: ufl.Form, function: fem.Function) -> Vector:
        space = function.function_space
        return Vector(ufl.derivative(outflow, function, ufl.TestFunction(space)), space)

    def _rows(self, spaces: Sequence[fem.FunctionSpace]) -> Active:
        """Places of the active unknowns among all that this process owns, one field after the other."""
        owned = [space.dofmap.index_map.size_local for space in spaces]
        starts = np.concatenate([[0], np.cumsum(owned)[:-1]])
        parts = [start + self._active[i] for start, i in zip(starts, self._solved, strict=True)]
        return np.concatenate(parts).astype(np.int32)

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        for part in (*self._rates, *self._slopes.values()):
            part.refresh()
        self._outflow.refresh()
        self._mass()

    def refresh_rate(self) -> None:
        """Take over new values of the constants that change between two evaluations of f."""
        for part in self._rates:
            part.refresh()

    def put(self, unknowns: Array) -> None:
        """Make these the values of the fields."""
        for function, active, span in zip(self.functions, self._active, self.spans, strict=True):
            function.x.array[active] = unknowns[span]
            if self.comm.size > 1:
                function.x.scatter_forward()

    def rate(self, unknowns: Array) -> Array:
        """f(y)."""
        self.put(unknowns)
        result = np.empty(self.size)
        for i, vector in zip(self._solved, self._rates, strict=True):
            vector()
            result[self.spans[i]] = vector.values[self._active[i]]
        self.boundary.constrain_rate(result, unknowns)
        return result

    def prepare(self, unknowns: Array, shift: float) -> None:
        """Assemble and factorise shift M − ∂f/∂y at y.

        Raises:
            SolverError: If the matrix cannot be factorised.
        """
        self.put(unknowns)
        self._shift.value = shift
        matrix = self._matrix()
        self.boundary.constrain_matrix(matrix)
        self._solver.factorise(matrix)
        for slope in self._slopes.values():
            slope()

    def solve(self, right_hand_side: Array) -> Array:
        """Solve with the prepared matrix.

        Raises:
            SolverError: If the factorisation failed. (A NaN passes; the error estimate rejects its step.)
        """
        return self._solver.solve(right_hand_side)

    def mass(self, unknowns: Array) -> Array:
        """M y."""
        product = self.content_matrix_times(unknowns)
        self.boundary.constrain_mass(product)
        return product

    def content_matrix_times(self, unknowns: Array) -> Array:
        """M y, without the surface condition: the amounts in which the fields are counted."""
        return self._solver.multiplied(self._mass.matrix, unknowns)

    def leaving(self, by_flux: float, increment: Array) -> float:
        """As `Boundary.leaving`."""
        return self.boundary.leaving(by_flux, increment)

    def outflow(self, unknowns: Array) -> float:
        """What leaves per time at y."""
        self.put(unknowns)
        return self._outflow()

    def outflow_change(self, increment: Array) -> float:
        """The derivative of the outflow at the prepared y, applied to an increment."""
        own = sum(
            float(slope.values[self._active[i]] @ increment[self.spans[i]])
            for i, slope in self._slopes.items()
        )
        return float(self.comm.allreduce(own)) if self.comm.size > 1 else own


class _BlockMatrix:
    """A bilinear form over several spaces, restricted to the active unknowns."""

    def __init__(self, forms: Sequence[Sequence[ufl.Form | None]], rows: Active, comm: MPI.Comm) -> None:
        self._forms = compiling.forms(forms)
        self._whole = fem_petsc.create_matrix(self._forms)
        first, _ = self._whole.getOwnershipRange()
        self._rows = PETSc.IS().createGeneral(rows + first, comm=comm)
        self.matrix: PETSc.Mat | None = None

    def __call__(self) -> PETSc.Mat:
        """The matrix with the present constants and coefficients; the same object at every call."""
        self._whole.zeroEntries()
        fem_petsc.assemble_matrix(self._whole, self._forms)
        self._whole.assemble()
        self.matrix = self._whole.createSubMatrix(self._rows, self._rows, self.matrix)
        return self.matrix


def _slope(rate: ufl.Form, function: fem.Function) -> ufl.Form:
    return expanded(ufl.derivative(rate, function, ufl.TrialFunction(function.function_space)))


def _present(form: ufl.Form) -> ufl.Form | None:
    return None if form.empty() else form
