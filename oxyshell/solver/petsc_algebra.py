"""Assembly by DOLFINx and direct solves by PETSc, on any number of processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from dolfinx import cpp, fem
from petsc4py import PETSc

from oxyshell.solver import compiling
from oxyshell.solver.assembly import Matrix, Scalar, Vector, owned
from oxyshell.solver.boundary import Boundary
from oxyshell.solver.driving import Drive
from oxyshell.solver.equations import Equations, Forms
from oxyshell.solver.fields import Block, Rows
from oxyshell.solver.integrators.stages import PlainStages, Staged, StageLoop
from oxyshell.solver.integrators.tableau import Tableau
from oxyshell.solver.linear.direct import DirectSolver
from oxyshell.solver.state import Array


class PetscAlgebra:
    """See `algebra.Algebra`."""

    def __init__(self, equations: Equations, total: int, matrix: BlockMatrix | None = None) -> None:
        """Compile the forms and make matrices and vectors.

        Args:
            equations: Their forms.
            total: Unknowns over all processes.
            matrix: What assembles shift M − ∂f/∂y; by default, the forms of the equations.
        """
        self._equations = equations
        blocks = equations.blocks
        self._is_shared = equations.comm.size > 1
        self._puts = [
            (block.function.x.array, block.index, span)
            for block, span in zip(blocks, equations.spans, strict=True)
        ]
        rates = [
            Vector(rate, block.function.function_space)
            for rate, block in zip(equations.rates, blocks, strict=True)
        ]
        self._rates = list(zip(rates, *self._places(range(len(blocks))), strict=True))
        self._matrix: Matrix | BlockMatrix
        self._mass: Matrix | BlockMatrix
        if matrix is not None:
            self._matrix, self._mass = matrix, BlockMatrix(equations.mass, blocks, held=False)
        elif equations.is_one_field:
            self._matrix = Matrix(equations.matrix[0][0], [*blocks[0].held])
            self._mass = Matrix(equations.masses[0])
        else:
            self._matrix = BlockMatrix(equations.matrix, blocks, held=True)
            self._mass = BlockMatrix(equations.mass, blocks, held=False)
        self._outflow = Scalar(equations.outflow, equations.comm)
        slopes = {
            i: Vector(form, blocks[i].function.function_space) for i, form in equations.outflow_slopes.items()
        }
        self._slopes = list(zip(slopes.values(), *self._places(list(slopes)), strict=True))
        self._mass()
        self._solver = DirectSolver(self._matrix.template, equations.size, total)

    def _places(self, numbers: Sequence[int]) -> tuple[list[Rows | slice], list[slice]]:
        """Which values of a function are solved for, and where they stand in y."""
        equations = self._equations
        return [equations.blocks[i].index for i in numbers], [equations.spans[i] for i in numbers]

    def refresh_rate(self) -> None:
        for part, _, _ in (*self._rates, *self._slopes):
            part.refresh()
        self._outflow.refresh()

    def reassemble_mass(self) -> None:
        self._mass()

    def put(self, unknowns: Array) -> None:
        for values, index, span in self._puts:
            values[index] = unknowns[span]
        if self._is_shared:
            for block in self._equations.blocks:
                block.function.x.scatter_forward()

    def rate(self, unknowns: Array) -> Array:
        self.put(unknowns)
        result = np.empty(self._equations.size)
        for vector, index, span in self._rates:
            vector()
            result[span] = vector.values[index]
        result[self._equations.held] = 0.0
        return result

    def prepare(self, unknowns: Array, shift: float, boundary: Boundary) -> None:
        self.put(unknowns)
        self._equations.shift.value = shift
        matrix = self._matrix()
        boundary.constrain_matrix(matrix)
        self._solver.factorise(matrix)
        for slope, _, _ in self._slopes:
            slope()

    def solve(self, right_hand_side: Array) -> Array:
        return self._solver.solve(right_hand_side)

    def amounts(self, unknowns: Array) -> Array:
        return self._solver.multiplied(self._mass.matrix, unknowns)

    def outflow(self, unknowns: Array) -> float:
        self.put(unknowns)
        return self._outflow()

    def present_outflow(self) -> float:
        return self._outflow()

    def outflow_change(self, increment: Array) -> float:
        own = 0.0
        for slope, index, span in self._slopes:
            own += float(slope.values[index] @ increment[span])
        return own

    def driven_by(self, drive: Drive) -> Callable[[float], None]:
        return drive.set

    def stage_loop(self, system: Staged, tableau: Tableau) -> StageLoop:
        return PlainStages(system, tableau)


type _Part = tuple[PETSc.Mat, Any]
"""A block of a matrix, by local numbers, and what DOLFINx puts there."""


class BlockMatrix:
    """A bilinear form over several spaces, restricted to the active unknowns.

    Attributes:
        matrix: What was assembled last.
    """

    def __init__(self, forms: Forms, blocks: Sequence[Block], held: bool) -> None:
        self._forms = compiling.forms(forms)
        conditions = [condition for block in blocks for condition in block.held] if held else []
        self._conditions = [condition._cpp_object for condition in conditions]
        bare = [[None if form is None else form._cpp_object for form in row] for row in self._forms]
        self._whole = cpp.fem.petsc.create_matrix_block(bare, None)
        self._blocks = blocks
        self._added, self._inserted = self._local_parts(self._forms)
        self._is_whole = all(block.is_whole for block in blocks)
        first, _ = self._whole.getOwnershipRange()
        comm = blocks[0].function.function_space.mesh.comm
        self._rows = PETSc.IS().createGeneral(_active_rows(blocks) + first, comm=comm)
        self.matrix: PETSc.Mat | None = None

    def _local_parts(self, forms: Sequence[Sequence[fem.Form | None]]) -> tuple[list[_Part], list[_Part]]:
        """Parts of the matrix with the form that is added there, and those on the diagonal with their space.

        As `dolfinx.fem.petsc.assemble_matrix` finds them anew at every call, which takes it longer than to
        assemble a small matrix. A part takes either additions or insertions.
        """
        maps = [block.function.function_space.dofmap for block in self._blocks]
        rows = cpp.la.petsc.create_index_sets([(one.index_map, one.index_map_bs) for one in maps])
        added, inserted = [], []
        for i, of_row in enumerate(forms):
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
        self._add(self._added)
        if self._inserted:
            self._whole.assemble(PETSc.Mat.AssemblyType.FLUSH)
        for part, space in self._inserted:
            cpp.fem.petsc.insert_diagonal(part, space, self._conditions, 1.0)
        self._whole.assemble()
        self.matrix = self._active(self._whole, self.matrix)
        return self.matrix

    def _add(self, parts: Sequence[_Part]) -> None:
        """Make the matrix the sum of some parts, to be assembled."""
        self._whole.zeroEntries()
        for part, form in parts:
            constants, coefficients = cpp.fem.pack_constants(form), cpp.fem.pack_coefficients(form)
            cpp.fem.petsc.assemble_matrix(part, form, constants, coefficients, self._conditions, True)

    def _active(self, whole: PETSc.Mat, present: PETSc.Mat | None) -> PETSc.Mat:
        """The active part of a matrix, in the present one if there is any."""
        return whole if self._is_whole else whole.createSubMatrix(self._rows, self._rows, present)


def _active_rows(blocks: Sequence[Block]) -> Rows:
    """Places of the active unknowns among all that this process owns, one block after the other."""
    starts = np.concatenate([[0], np.cumsum([owned(block.function).size for block in blocks])[:-1]])
    parts = [start + block.active for start, block in zip(starts, blocks, strict=True)]
    return np.concatenate(parts).astype(np.int32)
