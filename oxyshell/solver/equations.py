"""The forms of M dy/dt = f(y) with an outflow, block by block, before anything assembles them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI

from oxyshell.solver.derivatives import expanded
from oxyshell.solver.fields import Block, Rows
from oxyshell.solver.state import Array

type Forms = Sequence[Sequence[ufl.Form | None]]
"""Bilinear forms of a matrix, by blocks of rows and columns; None where nothing couples."""


@dataclass(frozen=True, eq=False)
class Equations:
    """M dy/dt = f(y), with what leaves.

    Attributes:
        blocks: Unknowns that are solved for, block by block.
        spans: Where each block's unknowns stand in y.
        size: Unknowns of this process.
        rates: f of each block, linear in a test function of its space.
        masses: M of each block, bilinear on its space.
        outflow: What leaves per time, an integral.
        shift: Factor of M in the matrix, a constant of its forms.
        counts: e, such that eᵀ M y is the content that the balance is about.
        driven: Functions and constants of the forms, beside the unknowns, that change between two
            evaluations of f.
    """

    blocks: Sequence[Block]
    spans: Sequence[slice]
    size: int
    rates: Sequence[ufl.Form]
    masses: Sequence[ufl.Form]
    outflow: ufl.Form
    shift: fem.Constant
    counts: Array
    driven: Sequence[fem.Function | fem.Constant] = ()

    @property
    def comm(self) -> MPI.Comm:
        """The processes that share the unknowns."""
        comm: MPI.Comm = self.blocks[0].function.function_space.mesh.comm
        return comm

    @property
    def is_one_field(self) -> bool:
        """Whether there is one block, all of whose degrees of freedom are solved for."""
        return len(self.blocks) == 1 and self.blocks[0].is_whole

    @cached_property
    def matrix(self) -> Forms:
        """Shift M − ∂f/∂y."""
        functions = [block.function for block in self.blocks]
        if self.is_one_field:
            trial = ufl.TrialFunction(functions[0].function_space)
            return [[self.shift * self.masses[0] - ufl.derivative(self.rates[0], functions[0], trial)]]
        return [
            [
                _present((self.shift * mass if i == j else 0) - _slope(rate, function))
                for j, function in enumerate(functions)
            ]
            for i, (rate, mass) in enumerate(zip(self.rates, self.masses, strict=True))
        ]

    @property
    def slopes(self) -> Forms:
        """−∂f/∂y."""
        functions = [block.function for block in self.blocks]
        return [[_present(-_slope(rate, function)) for function in functions] for rate in self.rates]

    @property
    def mass(self) -> Forms:
        """M."""
        return [
            [mass if i == j else None for j in range(len(self.masses))] for i, mass in enumerate(self.masses)
        ]

    @cached_property
    def outflow_slopes(self) -> dict[int, ufl.Form]:
        """The outflow's derivative with respect to the blocks that it depends on, by their number."""
        functions = [block.function for block in self.blocks]
        return {
            i: ufl.derivative(self.outflow, function, ufl.TestFunction(function.function_space))
            for i, function in enumerate(functions)
            if function in self.outflow.coefficients()
        }

    @cached_property
    def held(self) -> Rows:
        """Rows of y that Dirichlet conditions hold at zero."""
        return np.concatenate([self._held_rows(i) for i in range(len(self.blocks))])

    def _held_rows(self, i: int) -> Rows:
        block = self.blocks[i]
        dofs = [condition.dof_indices()[0] for condition in block.held]
        held = np.unique(np.concatenate(dofs)) if dofs else block.active[:0]
        return np.flatnonzero(np.isin(block.active, held)).astype(np.int32) + np.int32(self.spans[i].start)


def _slope(rate: ufl.Form, function: fem.Function) -> ufl.Form:
    return expanded(ufl.derivative(rate, function, ufl.TrialFunction(function.function_space)))


def _present(form: ufl.Form) -> ufl.Form | None:
    return None if form.empty() else form
