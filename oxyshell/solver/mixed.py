"""Several fields in one mixed space as M dy/dt = f(y): what `rosenbrock.ImplicitSystem` asks for."""

from __future__ import annotations

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.solver import places
from oxyshell.solver.assembly import Matrix, Scalar, Vector, owned
from oxyshell.solver.boundary import Boundary, FluxBoundary
from oxyshell.solver.linear import DirectSolver, size_of
from oxyshell.solver.state import Array


class MixedFields:
    """Assembly and direct solves of a mixed system.

    Attributes:
        state: The fields as one function of the mixed space.
        space: The mixed space.
        boundary: The surface condition in force.
    """

    def __init__(self, particle: ParticleMesh, elements: list[basix.ufl._ElementBase]) -> None:
        """Make the space; `equations` has to follow.

        Args:
            particle: The mesh.
            elements: One per field.
        """
        self.comm: MPI.Comm = particle.mesh.comm
        self.space = fem.functionspace(particle.mesh, basix.ufl.mixed_element(elements))
        self.state = fem.Function(self.space)
        self._shift = fem.Constant(particle.mesh, 1.0)
        self._unknowns = owned(self.state)
        self.size: int = self._unknowns.size
        self.boundary: Boundary = FluxBoundary()

    def equations(
        self, rate: ufl.Form, mass: ufl.Form, outflow: ufl.Form, held: list[fem.DirichletBC]
    ) -> None:
        """Compile what is assembled at every step.

        Args:
            rate: f, linear in the test functions.
            mass: M, bilinear.
            outflow: What leaves per time, an integral.
            held: Degrees of freedom that are zero.
        """
        trial = ufl.TrialFunction(self.space)
        self._rate = Vector(rate, self.space)
        self._mass = Matrix(mass)
        self._matrix = Matrix(self._shift * mass - ufl.derivative(rate, self.state, trial), held)
        self._outflow = Scalar(outflow, self.comm)
        self._slope = Vector(ufl.derivative(outflow, self.state), self.space)
        dofs = np.concatenate([condition.dof_indices()[0] for condition in held])
        self._held = np.unique(dofs[dofs < self.size])
        self._mass()
        self._solver = DirectSolver(self._matrix.matrix, self.size, size_of(self.space))

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        for part in (self._rate, self._outflow, self._slope):
            part.refresh()
        self._mass()

    def reassemble_mass(self) -> None:
        """Follow coefficients of M that have changed."""
        self._mass()

    def put(self, unknowns: Array) -> None:
        """Make these the values of `state`."""
        self._unknowns[:] = unknowns
        if self.comm.size > 1:
            self.state.x.scatter_forward()

    def rate(self, unknowns: Array) -> Array:
        """f(y), with zero rows where the displacement is held."""
        self.put(unknowns)
        self._rate()
        result: Array = self._rate.values[: self.size].copy()
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
        self._slope()

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

    def outflow(self, unknowns: Array) -> float:
        """What leaves per time at y."""
        self.put(unknowns)
        return self._outflow()

    def outflow_change(self, increment: Array) -> float:
        """The derivative of the outflow at the prepared y, applied to an increment."""
        own = float(self._slope.values[: self.size] @ increment)
        return float(self.comm.allreduce(own)) if self.comm.size > 1 else own

    def content(self, increment: Array) -> float:
        """Amount that a change of y adds, over all processes: Σ M Δy, since test functions add to 1."""
        own = float(self.content_matrix_times(increment).sum())
        return float(self.comm.allreduce(own)) if self.comm.size > 1 else own

    def leaving(self, by_flux: float, increment: Array) -> float:
        """As `Boundary.leaving`."""
        return self.boundary.leaving(by_flux, increment)

    @property
    def places(self) -> Array:
        """Where the unknowns stand, as `places.of_space` says it."""
        return places.of_mixed(self.space)

    def part(self, field: int) -> tuple[fem.FunctionSpace, np.ndarray]:
        """A field's own space, and where its degrees of freedom that this process owns stand in y."""
        space, mapping = self.space.sub(field).collapse()
        return space, np.ravel(mapping)[: space.dofmap.index_map.size_local]
