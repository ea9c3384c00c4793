"""Assembly and direct solves of M dy/dt = f(y, t), whose unknowns stand in blocks, one after the other.

Each block has a function space of its own, of which all or some degrees of freedom are active: y are the
active ones of one block after the other, and the matrices hold only what couples.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import ufl
from dolfinx import cpp, fem
from dolfinx.fem import petsc as fem_petsc
from mpi4py import MPI
from petsc4py import PETSc

from oxyshell.solver import compiling
from oxyshell.solver.assembly import Matrix, Scalar, Vector, owned
from oxyshell.solver.boundary import Boundary, FluxBoundary
from oxyshell.solver.derivatives import expanded
from oxyshell.solver.fields import Block, Rows
from oxyshell.solver.linear.direct import DirectSolver
from oxyshell.solver.state import Array


class BlockSystem:
    """The algebra of some blocks.

    Attributes:
        blocks: Function spaces and active degrees of freedom.
        size: Unknowns of this process.
        spans: Where each block's unknowns stand in y.
        boundary: The surface condition in force.
        comm: The processes that share the mesh.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Set up; `equations` has to follow."""
        self.blocks = blocks
        self.comm: MPI.Comm = blocks[0].function.function_space.mesh.comm
        ends = np.concatenate([[0], np.cumsum([block.active.size for block in blocks])])
        self.spans = [slice(start, end) for start, end in pairwise(ends.tolist())]
        self.size = int(ends[-1])
        self.boundary: Boundary = FluxBoundary()
        # A block without a single unknown on any process has no equation.
        self._solved = [i for i, block in enumerate(blocks) if self.comm.allreduce(block.active.size) > 0]
        self._picked = [block.index for block in blocks]
        values = [block.function.x.array for block in blocks]
        self._puts = list(zip(values, self._picked, self.spans, strict=True))
        self._is_shared = self.comm.size > 1
        self._shift = fem.Constant(blocks[0].function.function_space.mesh, 1.0)

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""
        return int(self.comm.allreduce(self.size))

    def equations(self, rates: Sequence[ufl.Form], masses: Sequence[ufl.Form], outflow: ufl.Form) -> None:
        """Compile what is assembled at every step.

        Args:
            rates: f of each block, linear in a test function of its space.
            masses: M of each block, bilinear on its space.
            outflow: What leaves per time, an integral.
        """
        blocks = [self.blocks[i] for i in self._solved]
        functions = [block.function for block in blocks]
        rates, masses = [rates[i] for i in self._solved], [masses[i] for i in self._solved]
        self._rates = [
            Vector(rate, function.function_space) for rate, function in zip(rates, functions, strict=True)
        ]
        self._evaluated = [
            (rate, self._picked[i], self.spans[i]) for i, rate in zip(self._solved, self._rates, strict=True)
        ]
        if len(blocks) == 1 and blocks[0].is_whole:
            trial = ufl.TrialFunction(functions[0].function_space)
            slope = ufl.derivative(rates[0], functions[0], trial)
            self._matrix: Matrix | _BlockMatrix = Matrix(self._shift * masses[0] - slope, [*blocks[0].held])
            self._mass: Matrix | _BlockMatrix = Matrix(masses[0])
        else:
            jacobian = [
                [
                    _present((self._shift * mass if i == j else 0) - _slope(rate, function))
                    for j, function in enumerate(functions)
                ]
                for i, (rate, mass) in enumerate(zip(rates, masses, strict=True))
            ]
            diagonal = [
                [mass if i == j else None for j in range(len(masses))] for i, mass in enumerate(masses)
            ]
            self._matrix = _BlockMatrix(jacobian, blocks, held=True)
            self._mass = _BlockMatrix(diagonal, blocks, held=False)
        self._outflow = Scalar(outflow, self.comm)
        driving = [i for i in self._solved if self.blocks[i].function in outflow.coefficients()]
        self._slopes = {i: self._derivative(outflow, self.blocks[i].function) for i in driving}
        self._sloping = [(slope.values, self._picked[i], self.spans[i]) for i, slope in self._slopes.items()]
        self._held = np.concatenate([self._held_rows(i) for i in self._solved])
        self._mass()
        self._solver = DirectSolver(self._matrix.template, self.size, self.degrees_of_freedom)

    @staticmethod
    def _derivative(outflow: ufl.Form, function: fem.Function) -> Vector:
        space = function.function_space
        return Vector(ufl.derivative(outflow, function, ufl.TestFunction(space)), space)

    def _held_rows(self, i: int) -> Rows:
        """Rows of y that Dirichlet conditions hold at zero."""
        block = self.blocks[i]
        dofs = [condition.dof_indices()[0] for condition in block.held]
        held = np.unique(np.concatenate(dofs)) if dofs else block.active[:0]
        return np.flatnonzero(np.isin(block.active, held)).astype(np.int32) + np.int32(self.spans[i].start)

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        self.refresh_rate()
        self._mass()

    def refresh_rate(self) -> None:
        """Take over new values of the constants that change between two evaluations of f."""
        for part in (*self._rates, *self._slopes.values()):
            part.refresh()
        self._outflow.refresh()

    def reassemble_mass(self) -> None:
        """Follow coefficients of M that have changed."""
        self._mass()

    def put(self, unknowns: Array) -> None:
        """Make these the values of the fields."""
        for values, index, span in self._puts:
            values[index] = unknowns[span]
        if self._is_shared:
            for block in self.blocks:
                block.function.x.scatter_forward()

    def rate(self, unknowns: Array) -> Array:
        """f(y), with zero rows where unknowns are held at zero."""
        self.put(unknowns)
        result = np.empty(self.size)
        for vector, index, span in self._evaluated:
            vector()
            result[span] = vector.values[index]
        result[self._held] = 0.0
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
        product = self.amounts(unknowns)
        self.boundary.constrain_mass(product)
        return product

    def amounts(self, unknowns: Array) -> Array:
        """M y without the surface condition: the amounts in which the fields are counted."""
        return self._solver.multiplied(self._mass.matrix, unknowns)

    def leaving(self, by_flux: float, increment: Array) -> float:
        """As `Boundary.leaving`."""
        return self.boundary.leaving(by_flux, increment)

    def outflow(self, unknowns: Array) -> float:
        """Outflow per time at y."""
        self.put(unknowns)
        return self._outflow()

    def outflow_change(self, increment: Array) -> float:
        """The derivative of the outflow at the prepared y, applied to an increment."""
        own = 0.0
        for values, index, span in self._sloping:
            own += float(values[index] @ increment[span])
        return self.total(own)

    def total(self, own: float) -> float:
        """Sum over all processes."""
        return float(self.comm.allreduce(own)) if self._is_shared else own


type _Part = tuple[PETSc.Mat, Any]
"""A block of a matrix, by local numbers, and what DOLFINx puts there."""


class _BlockMatrix:
    """A bilinear form over several spaces, restricted to the active unknowns."""

    def __init__(
        self, forms: Sequence[Sequence[ufl.Form | None]], blocks: Sequence[Block], held: bool
    ) -> None:
        self._forms = compiling.forms(forms)
        conditions = [condition for block in blocks for condition in block.held] if held else []
        self._conditions = [condition._cpp_object for condition in conditions]
        self._whole = fem_petsc.create_matrix(self._forms)
        self._added, self._inserted = self._local_parts(blocks)
        self._is_whole = all(block.is_whole for block in blocks)
        first, _ = self._whole.getOwnershipRange()
        comm = blocks[0].function.function_space.mesh.comm
        self._rows = PETSc.IS().createGeneral(_active_rows(blocks) + first, comm=comm)
        self.matrix: PETSc.Mat | None = None

    def _local_parts(self, blocks: Sequence[Block]) -> tuple[list[_Part], list[_Part]]:
        """Parts of the matrix with the form that is added there, and those on the diagonal with their space.

        As `fem_petsc.assemble_matrix` finds them anew at every call, which takes it longer than to assemble a
        small matrix. A part takes either additions or insertions.
        """
        maps = [block.function.function_space.dofmap for block in blocks]
        rows = cpp.la.petsc.create_index_sets([(one.index_map, one.index_map_bs) for one in maps])
        added, inserted = [], []
        for i, of_row in enumerate(self._forms):
            for j, form in enumerate(of_row):
                if form is not None:
                    added.append((self._whole.getLocalSubMatrix(rows[i], rows[j]), form._cpp_object))
                    if i == j and self._conditions:
                        space = form.function_spaces[0]
                        inserted.append((self._whole.getLocalSubMatrix(rows[i], rows[i]), space))
        return added, inserted

    @property
    def template(self) -> PETSc.Mat:
        """A matrix with the pattern of those to come."""
        return self()

    def __call__(self) -> PETSc.Mat:
        """The matrix with the present constants and coefficients; the same object at every call."""
        self._whole.zeroEntries()
        for part, form in self._added:
            constants, coefficients = cpp.fem.pack_constants(form), cpp.fem.pack_coefficients(form)
            cpp.fem.petsc.assemble_matrix(part, form, constants, coefficients, self._conditions, True)
        if self._inserted:
            self._whole.assemble(PETSc.Mat.AssemblyType.FLUSH)
        for part, space in self._inserted:
            cpp.fem.petsc.insert_diagonal(part, space, self._conditions, 1.0)
        self._whole.assemble()
        if self._is_whole:
            self.matrix = self._whole
        else:
            self.matrix = self._whole.createSubMatrix(self._rows, self._rows, self.matrix)
        return self.matrix


def _active_rows(blocks: Sequence[Block]) -> Rows:
    """Places of the active unknowns among all that this process owns, one block after the other."""
    starts = np.concatenate([[0], np.cumsum([owned(block.function).size for block in blocks])[:-1]])
    parts = [start + block.active for start, block in zip(starts, blocks, strict=True)]
    return np.concatenate(parts).astype(np.int32)


def _slope(rate: ufl.Form, function: fem.Function) -> ufl.Form:
    return expanded(ufl.derivative(rate, function, ufl.TrialFunction(function.function_space)))


def _present(form: ufl.Form) -> ufl.Form | None:
    return None if form.empty() else form
