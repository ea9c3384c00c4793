"""Assembly, solves and stages of a small system on a line in one process, in C; see `solver.algebra.Algebra`.

A system of a line is a few hundred unknowns: between the kernels of its forms, DOLFINx, PETSc and Python take
ten times as long as the arithmetic.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.errors import SolverError
from oxyshell.solver import compiling
from oxyshell.solver.algebra import Algebra
from oxyshell.solver.boundary import Boundary, FluxBoundary
from oxyshell.solver.cellwise.algebra import beyond_a_line
from oxyshell.solver.compiled import structures
from oxyshell.solver.compiled.forms import CompiledForm, Ints, cell_dofs, compiled_form
from oxyshell.solver.compiled.library import library_for
from oxyshell.solver.compiled.memory import address_of
from oxyshell.solver.compiled.pattern import Pattern, SparseRows, pattern_of, sparse_rows
from oxyshell.solver.driving import Drive
from oxyshell.solver.equations import Equations, Forms
from oxyshell.solver.integrators.stages import GLANCE, Staged, StageLoop
from oxyshell.solver.integrators.tableau import Tableau
from oxyshell.solver.state import Array


def algebra_of(equations: Equations, total: int, compiled: bool) -> Algebra:
    """The compiled loop where it serves, PETSc elsewhere.

    Args:
        equations: Of the system.
        total: Unknowns over all processes.
        compiled: Whether the compiled loop may be used.
    """
    found = library_for(equations.blocks[0].function.function_space.mesh) if compiled else None
    return beyond_a_line(equations, total) if found is None else CompiledAlgebra(equations, found)


class CompiledAlgebra:
    """See `solver.algebra.Algebra`. New values of constants and functions are seen without a call."""

    def __init__(self, equations: Equations, loop: ctypes.CDLL) -> None:
        """Compile the forms and lay out memory.

        Args:
            equations: Their forms.
            loop: The library.
        """
        self._loop, self._equations = loop, equations
        self._kept: list[Any] = []
        self._boundary: Boundary = FluxBoundary()
        self._drive: Drive | None = None
        self._rows = [self._row_of(i) for i in range(len(equations.blocks))]
        matrix, mass = _Blocks(equations.matrix, self._rows), _Blocks(equations.mass, self._rows)
        order = _order_along(equations)
        pattern = pattern_of([(rows, order) for rows in self._rows], matrix.pairs(), equations.size)
        sparse = sparse_rows(mass.pairs(), equations.size)
        self._outflow = self._form(equations.outflow, _into_one)
        self.structure = self._laid_out(pattern, sparse, matrix, mass)
        self._address = ctypes.addressof(self.structure)
        self.reassemble_mass()

    def _row_of(self, i: int) -> Ints:
        """Rows of y in each cell, of one block, −1 for what is not solved for."""
        equations = self._equations
        block, span = equations.blocks[i], equations.spans[i]
        function = block.function
        of_dof = np.full(function.x.array.size, -1, dtype=np.int32)
        of_dof[block.active] = np.arange(span.start, span.stop, dtype=np.int32)
        return np.asarray(of_dof[cell_dofs(function.function_space._cpp_object)], dtype=np.int32)

    def _laid_out(
        self, pattern: Pattern, sparse: SparseRows, matrix: _Blocks, mass: _Blocks
    ) -> structures.System:
        equations, size, border = self._equations, self._equations.size, pattern.border
        blocks = [
            structures.Block(
                self._pointer(block.function.x.array),
                self._pointer(np.ascontiguousarray(block.active, dtype=np.int32)),
                span.start,
                block.active.size,
            )
            for block, span in zip(equations.blocks, equations.spans, strict=True)
        ]
        rates = [self._into_rows(rate, i) for i, rate in enumerate(equations.rates)]
        slopes = [self._into_rows(slope, i) for i, slope in equations.outflow_slopes.items()]
        matrices = [compiled_form(*one) for one in matrix.into(pattern)]
        masses = [compiled_form(*one) for one in mass.into(sparse)]
        held = np.ascontiguousarray(equations.held, dtype=np.int32)
        system = structures.System()
        for name, value in {
            "size": size,
            "banded": pattern.banded,
            "below": pattern.below,
            "above": pattern.above,
            "blocks": len(blocks),
            "rates": len(rates),
            "matrices": len(matrices),
            "masses": len(masses),
            "slopes": len(slopes),
            "held": len(held),
            "block": self._array(structures.Block, blocks),
            "rate": self._forms(rates),
            "matrix": self._forms(matrices),
            "mass": self._forms(masses),
            "slope": self._forms(slopes),
            "outflow": self._forms([self._outflow]),
            "place": self._pointer(pattern.place),
            "held_rows": self._pointer(held),
            "shift": self._pointer(equations.shift.value),
            "entries": self._pointer(np.zeros(pattern.entries)),
            "pivots": self._pointer(np.zeros(size, dtype=np.int32)),
            "reach": self._pointer(np.zeros(size, dtype=np.int32)),
            "lower": self._pointer(np.zeros(pattern.banded * pattern.below + 1)),
            "inverse": self._pointer(np.zeros(size)),
            "scale": self._pointer(np.zeros(size)),
            "corner": self._pointer(np.zeros(border**2 + 1)),
            "corner_pivots": self._pointer(np.zeros(border + 1, dtype=np.int32)),
            "mass_rows": self._pointer(sparse.starts),
            "mass_columns": self._pointer(sparse.columns),
            "mass_values": self._pointer(np.zeros(len(sparse.columns))),
            "mass_entries": len(sparse.columns),
            "outflow_slope": self._pointer(np.zeros(size)),
            "right": self._pointer(np.zeros(size)),
            "work": self._pointer(np.zeros(size)),
        }.items():
            setattr(system, name, value)
        return system

    def _pointer(self, values: Any) -> int:
        self._kept.append(values)
        return int(values.ctypes.data)

    def _array(self, kind: type[ctypes.Structure], items: list[Any]) -> Any:
        array = (kind * max(len(items), 1))(*items)
        self._kept.append(array)
        return array

    def _forms(self, forms: list[CompiledForm]) -> Any:
        self._kept += forms
        return self._array(structures.Form, [form.structure for form in forms])

    def _form(self, form: ufl.Form, targets: Any) -> CompiledForm:
        return compiled_form(compiling.form(form), targets)

    def _into_rows(self, form: ufl.Form, block: int) -> CompiledForm:
        rows = self._rows[block]
        return self._form(form, lambda cells: _of_entities(cells, rows))

    # What `Algebra` promises.

    def refresh_rate(self) -> None:
        pass

    def reassemble_mass(self) -> None:
        self._loop.assemble_mass(self._address)

    def put(self, unknowns: Array) -> None:
        self._loop.put(self._address, address_of(unknowns))

    def rate(self, unknowns: Array) -> Array:
        result = np.empty(self._equations.size)
        self._loop.rate(self._address, address_of(unknowns), address_of(result))
        return result

    def prepare(self, unknowns: Array, shift: float, boundary: Boundary) -> None:
        if boundary is not self._boundary:
            self._fix(boundary)
        if self._loop.prepare(self._address, address_of(unknowns), shift):
            raise SolverError("the matrix of a step cannot be factorised")

    def _fix(self, boundary: Boundary) -> None:
        """Let rows have a value in place of their equations from now on."""
        self._boundary = boundary
        rows = np.ascontiguousarray(boundary.rows, dtype=np.int32)
        values = np.ascontiguousarray(np.broadcast_to(boundary.value, rows.shape), dtype=float)
        self._fixed = (rows, values, np.ascontiguousarray(self._equations.counts, dtype=float))
        system = self.structure
        system.fixed = len(rows)
        system.fixed_rows, system.fixed_values = rows.ctypes.data, values.ctypes.data
        system.counts = self._fixed[2].ctypes.data if len(rows) else None

    def solve(self, right_hand_side: Array) -> Array:
        result = np.empty(self._equations.size)
        self._loop.solve(self._address, address_of(right_hand_side), address_of(result))
        return result

    def amounts(self, unknowns: Array) -> Array:
        result = np.empty(self._equations.size)
        self._loop.multiply(self._address, address_of(unknowns), address_of(result))
        return result

    def outflow(self, unknowns: Array) -> float:
        return float(self._loop.outflow(self._address, address_of(unknowns)))

    def present_outflow(self) -> float:
        return float(self._loop.integrate(self._outflow.address))

    def outflow_change(self, increment: Array) -> float:
        return float(self._loop.outflow_change(self._address, address_of(increment)))

    def driven_by(self, drive: Drive) -> Callable[[float], None]:
        self._drive = drive
        driven = [
            structures.Driven(*map(self._pointer, (one.target, one.start, one.change)), one.target.size)
            for one in drive.values
        ]
        self.structure.drives, self.structure.driven = len(driven), self._array(structures.Driven, driven)
        drive_to, address = self._loop.drive, self._address

        def set_ahead(ahead: float) -> None:
            drive_to(address, ahead)

        return set_ahead

    def stage_loop(self, system: Staged, tableau: Tableau) -> StageLoop:
        return _CompiledStages(self._loop, self._address, system, tableau, self._drive)


class _CompiledStages:
    """Stages in C: all at once where what changes in time is driven, or nothing changes, else one by one."""

    def __init__(
        self, loop: ctypes.CDLL, address: int, system: Staged, tableau: Tableau, drive: Drive | None
    ) -> None:
        self._loop, self._system, self._tableau, self._address = loop, system, tableau, address
        self._drive = drive
        self._kept = [np.ascontiguousarray(one) for one in (tableau.stages, tableau.history, tableau.slopes)]
        self._coefficients = [one.ctypes.data for one in self._kept]
        # All times of a step at which f is evaluated, as shares of it.
        self._shares = np.unique([*tableau.times, GLANCE * tableau.gamma])

    def rests(self, unknowns: Array, time: float, step: float) -> bool:
        if self._drive is None or unknowns.any():
            return False
        times = time + self._shares * (step * self._system.time_unit)
        self._system.set_time(float(times[-1]))
        ahead = times - self._drive.begins
        return bool(self._loop.rests(self._address, address_of(unknowns), address_of(ahead), ahead.size))

    def __call__(
        self, unknowns: Array, time: float, step: float, slope: Array | float, outward: float
    ) -> tuple[Array, Array]:
        system, tableau = self._system, self._tableau
        count, shift = len(tableau.weights), 1.0 / (tableau.gamma * step)
        stages, leaving = np.empty((count, unknowns.size)), np.zeros(count)
        changes = None if isinstance(slope, float) else np.ascontiguousarray(slope)
        begun = (self._address, address_of(unknowns), step, shift)
        after = (*self._coefficients, None if changes is None else address_of(changes), outward)
        written = (address_of(stages), address_of(leaving))
        if changes is None:
            self._loop.stages(*begun, 0, count, count, *after, None, *written)
            return stages, leaving
        times = time + tableau.times * (step * system.time_unit)
        if self._drive is not None:
            # Where the last stage leaves it.
            system.set_time(float(times[-1]))
            ahead = times - self._drive.begins
            self._loop.stages(*begun, 0, count, count, *after, address_of(ahead), *written)
            return stages, leaving
        for i, present in enumerate(times.tolist()):
            system.set_time(present)
            self._loop.stages(*begun, i, i + 1, count, *after, None, *written)
        return stages, leaving


class _Blocks:
    """Bilinear forms of a matrix with the rows and columns of y that they couple."""

    def __init__(self, forms: Forms, rows: list[Ints]) -> None:
        self._forms = [
            (compiling.form(form), rows[i], rows[j])
            for i, of_row in enumerate(forms)
            for j, form in enumerate(of_row)
            if form is not None
        ]

    def pairs(self) -> list[tuple[Ints, Ints]]:
        """Rows and columns of all entities, as `Pattern.targets` takes them."""
        found: list[tuple[Ints, Ints]] = []
        for form, rows, columns in self._forms:

            def note(cells: Ints, rows: Ints = rows, columns: Ints = columns) -> Ints:
                found.append(_coupled(cells, rows, columns))
                return np.zeros((len(cells), 1), dtype=np.int32)

            compiled_form(form, note)
        return found

    def into(self, pattern: Pattern | SparseRows) -> list[tuple[fem.Form, Any]]:
        """The forms, and where in a pattern their tensors are added."""

        def targets(rows: Ints, columns: Ints) -> Any:
            return lambda cells: pattern.targets(*_coupled(cells, rows, columns))

        return [(form, targets(rows, columns)) for form, rows, columns in self._forms]


def _coupled(cells: Ints, rows: Ints, columns: Ints) -> tuple[Ints, Ints]:
    return _of_entities(cells, rows), _of_entities(cells, columns)


def _of_entities(cells: Ints, rows: Ints) -> Ints:
    """Rows of y of the cells of each entity, one after the other, shape (entities, sides · dofs)."""
    return rows[cells].reshape(len(cells), cells.shape[1] * rows.shape[1])


def _into_one(cells: Ints) -> Ints:
    """Of an integral: all entities add to one number."""
    return np.zeros((len(cells), 1), dtype=np.int32)


def _order_along(equations: Equations) -> Array:
    """Middle of each cell on the line."""
    geometry = equations.blocks[0].function.function_space.mesh.geometry
    middles: Array = geometry.x[geometry.dofmaps[0]][:, :, 0].mean(axis=1)
    return middles
