"""A system M dy/dt = f(y, t), whose unknowns stand in blocks, one after the other.

Each block has a function space of its own, of which all or some degrees of freedom are active: y are the
active ones of one block after the other, and the matrices hold only what couples.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI

from oxyshell.solver.algebra import Algebra
from oxyshell.solver.boundary import Boundary, FluxBoundary
from oxyshell.solver.compiled.algebra import algebra_of
from oxyshell.solver.equations import Equations
from oxyshell.solver.fields import Block
from oxyshell.solver.integrators.stages import Staged, StageLoop
from oxyshell.solver.integrators.tableau import Tableau
from oxyshell.solver.state import Array


class BlockSystem:
    """The algebra of some blocks.

    Attributes:
        blocks: Function spaces and active degrees of freedom.
        size: Unknowns of this process.
        spans: Where each block's unknowns stand in y.
        boundary: The surface condition in force.
        comm: The processes that share the mesh.
        held: Rows of y that are zero.
    """

    def __init__(self, blocks: Sequence[Block], compiled: bool = True) -> None:
        """Set up; `equations` has to follow.

        Args:
            blocks: Of the unknowns.
            compiled: Whether a small system is assembled and solved by the compiled loop.
        """
        self.blocks = blocks
        self.comm: MPI.Comm = blocks[0].function.function_space.mesh.comm
        ends = np.concatenate([[0], np.cumsum([block.active.size for block in blocks])])
        self.spans = [slice(start, end) for start, end in pairwise(ends.tolist())]
        self.size = int(ends[-1])
        self.boundary: Boundary = FluxBoundary()
        # A block without a single unknown on any process has no equation.
        self._solved = [i for i, block in enumerate(blocks) if self.comm.allreduce(block.active.size) > 0]
        self._is_shared = self.comm.size > 1
        self._shift = fem.Constant(blocks[0].function.function_space.mesh, 1.0)
        self._compiled = compiled

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""
        return int(self.comm.allreduce(self.size))

    @property
    def counts(self) -> Array:
        """e, such that eᵀ M y is the content of the system."""
        return np.ones(self.size)

    def equations(
        self,
        rates: Sequence[ufl.Form],
        masses: Sequence[ufl.Form],
        outflow: ufl.Form,
        driven: Sequence[fem.Function | fem.Constant] = (),
    ) -> None:
        """Compile what is assembled at every step.

        Args:
            rates: f of each block, linear in a test function of its space.
            masses: M of each block, bilinear on its space.
            outflow: What leaves per time, an integral.
            driven: See `Equations`.
        """
        solved = self._solved
        equations = Equations(
            blocks=[self.blocks[i] for i in solved],
            spans=[self.spans[i] for i in solved],
            size=self.size,
            rates=[rates[i] for i in solved],
            masses=[masses[i] for i in solved],
            outflow=outflow,
            shift=self._shift,
            counts=self.counts,
            driven=driven,
        )
        self.held = equations.held
        self._algebra: Algebra = algebra_of(equations, self.degrees_of_freedom, self._compiled)

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        self.refresh_rate()
        self.reassemble_mass()

    def refresh_rate(self) -> None:
        """Take over new values of the constants that change between two evaluations of f."""
        self._algebra.refresh_rate()

    def reassemble_mass(self) -> None:
        """Follow coefficients of M that have changed."""
        self._algebra.reassemble_mass()

    def put(self, unknowns: Array) -> None:
        """Make these the values of the fields."""
        self._algebra.put(unknowns)

    def rate(self, unknowns: Array) -> Array:
        """f(y), with zero rows where unknowns are held at zero."""
        result = self._algebra.rate(unknowns)
        self.boundary.constrain_rate(result, unknowns)
        return result

    def prepare(self, unknowns: Array, shift: float) -> None:
        """Assemble and factorise shift M − ∂f/∂y at y.

        Raises:
            SolverError: If the matrix cannot be factorised.
        """
        self._algebra.prepare(unknowns, shift, self.boundary)

    def solve(self, right_hand_side: Array) -> Array:
        """Solve with the prepared matrix.

        Raises:
            SolverError: If the factorisation failed. (A NaN passes; the error estimate rejects its step.)
        """
        return self._algebra.solve(right_hand_side)

    def mass(self, unknowns: Array) -> Array:
        """M y."""
        product = self.amounts(unknowns)
        self.boundary.constrain_mass(product)
        return product

    def amounts(self, unknowns: Array) -> Array:
        """M y without the surface condition: the amounts in which the fields are counted."""
        return self._algebra.amounts(unknowns)

    def leaving(self, by_flux: float, increment: Array) -> float:
        """As `Boundary.leaving`."""
        return self.boundary.leaving(by_flux, increment)

    def outflow(self, unknowns: Array) -> float:
        """Outflow per time at y."""
        return self._algebra.outflow(unknowns)

    def outflow_change(self, increment: Array) -> float:
        """The derivative of the outflow at the prepared y, applied to an increment."""
        return self.total(self._algebra.outflow_change(increment))

    def stage_loop(self, system: Staged, tableau: Tableau) -> StageLoop:
        """A loop over the stages of a Rosenbrock step; `system` is this one."""
        return self._algebra.stage_loop(system, tableau)

    def total(self, own: float) -> float:
        """Sum over all processes."""
        return float(self.comm.allreduce(own)) if self._is_shared else own
