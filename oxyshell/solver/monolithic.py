"""All fields at once: occupancy θ, stress work W and displacement u in one implicit system."""

from __future__ import annotations

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models import weak_forms
from oxyshell.models.particle import ParticleModel
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Matrix, Scalar, Vector, largest, owned
from oxyshell.solver.constants import InNaturalUnits, ModelConstants
from oxyshell.solver.linear import size_of
from oxyshell.solver.state import Array, Observation, State

# PETSc's own LU does not pivot: fast below about this many unknowns, inaccurate far above.
_SMALL = 1500


class MonolithicSystem(InNaturalUnits):
    """The coupled equations of one particle as M dy/dt = f(y); see `rosenbrock.ImplicitSystem`.

    The stress work W is a field of its own, the L2 projection of β:σ/RT, because its gradient drives ions
    while σ is discontinuous between elements.
    """

    def __init__(self, particle: ParticleMesh, model: ParticleModel, degree: int) -> None:
        """Build spaces and forms.

        Args:
            particle: The mesh.
            model: The physics, SI.
            degree: Polynomial degree of the occupancy; the displacement has one more.
        """
        self.particle = particle
        self._constants = ModelConstants(particle.mesh, model)
        scalar = spaces.scalar_element(particle, degree)
        elements = [scalar, scalar, spaces.displacement_element(particle, degree + 1)]
        if particle.coordinates.free_extension:
            elements.append(scalar)
        self._space = fem.functionspace(particle.mesh, basix.ufl.mixed_element(elements))
        self._state = fem.Function(self._space)
        self.domain = spaces.domain(particle, 2 * degree + 3)
        displacement, _ = self._space.sub(2).collapse()
        self._held = spaces.held_displacements(particle, displacement, self._space.sub(2))
        self._forms()
        self._unknowns = owned(self._state)
        self._size = self._unknowns.size
        space, mapping = self._space.sub(0).collapse()
        self._occupancy = np.asarray(mapping)[: space.dofmap.index_map.size_local]
        dofs = np.concatenate([condition.dof_indices()[0] for condition in self._held])
        self._held_dofs = np.unique(dofs[dofs < self._size])
        self._algebra()

    def _forms(self) -> None:
        model, domain = self._constants.model, self.domain
        unknowns = ufl.split(self._state)
        tests = ufl.TestFunctions(self._space)
        theta, work, displacement = unknowns[:3]
        extension = unknowns[3] if len(unknowns) > 3 else 0.0
        sigma = weak_forms.stress(model, domain, theta, displacement, extension)
        rate = (
            weak_forms.ion_rate(model, domain, theta, work, tests[0])
            + weak_forms.work_definition(model, domain, sigma, theta, work, tests[1])
            + weak_forms.equilibrium(model, domain, sigma, displacement, tests[2])
        )
        if len(unknowns) > 3:
            rate += weak_forms.free_extension(model, domain, sigma, theta, extension, tests[3])
        trial = ufl.TrialFunction(self._space)
        mass = weak_forms.ion_content(model, domain, ufl.split(trial)[0], tests[0])
        self._shift = fem.Constant(self.particle.mesh, 1.0)
        one = fem.Constant(self.particle.mesh, 1.0)
        outflow = weak_forms.ion_outflow(model, domain, theta, one)
        self.fields = (theta, displacement, extension, sigma)
        self._rate = Vector(rate, self._space)
        self._mass = Matrix(mass)
        self._matrix = Matrix(self._shift * mass - ufl.derivative(rate, self._state, trial), self._held)
        self._outflow = Scalar(outflow, self._comm)
        self._slope = Vector(ufl.derivative(outflow, self._state), self._space)
        self._content = Scalar(weak_forms.ion_content(model, domain, theta, one), self._comm)
        self._surface = Scalar(domain.surface(theta), self._comm)
        self.area = Scalar(domain.surface(one), self._comm)()
        self.volume = Scalar(domain.volume(one), self._comm)()

    def _algebra(self) -> None:
        comm, matrix = self._comm, self._matrix.matrix
        self._mass()
        # PETSc vectors in memory of ours, which costs less to write to.
        self._right_values, self._solution_values = np.zeros(self._size), np.zeros(self._size)
        self._right, self._solution = (
            PETSc.Vec().createWithArray(values, comm=comm)
            for values in (self._right_values, self._solution_values)
        )
        self._solver = PETSc.KSP().create(comm)
        self._solver.setOperators(matrix)
        self._solver.setType(PETSc.KSP.Type.PREONLY)
        factors = self._solver.getPC()
        factors.setType(PETSc.PC.Type.LU)
        if self._space.dofmap.index_map.size_global <= _SMALL and comm.size == 1:
            factors.setFactorSolverType(PETSc.Mat.SolverType.PETSC)
            factors.setFactorOrdering(PETSc.Mat.OrderingType.RCM)
        else:
            factors.setFactorSolverType(PETSc.Mat.SolverType.MUMPS)

    # What the time stepping asks for.

    def rate(self, unknowns: Array) -> Array:
        """f(y), with zero rows where the displacement is held."""
        self._put(unknowns)
        self._rate()
        result: Array = self._rate.values[: self._size].copy()
        result[self._held_dofs] = 0.0
        return result

    def prepare(self, unknowns: Array, shift: float) -> None:
        """Assemble and factorise shift M − ∂f/∂y at y.

        Raises:
            SolverError: If the matrix cannot be factorised.
        """
        self._put(unknowns)
        self._shift.value = shift
        self._solver.setOperators(self._matrix())
        self._slope()

    def solve(self, right_hand_side: Array) -> Array:
        """Solve with the prepared matrix.

        Raises:
            SolverError: If the solution is not finite or the factorisation failed.
        """
        self._right_values[:] = right_hand_side
        self._solver.solve(self._right, self._solution)
        reason = self._solver.getConvergedReason()
        if reason < 0:
            raise SolverError(f"the linear solver failed (reason {reason})")
        return self._solution_values.copy()

    def mass(self, unknowns: Array) -> Array:
        """M y."""
        self._right_values[:] = unknowns
        self._mass.matrix.mult(self._right, self._solution)
        return self._solution_values.copy()

    def outflow(self, unknowns: Array) -> float:
        """∫ N·n dA."""
        self._put(unknowns)
        return self._outflow()

    def outflow_change(self, increment: Array) -> float:
        """The derivative of ∫ N·n dA, applied to an increment."""
        own = float(self._slope.values[: self._size] @ increment)
        return float(self._comm.allreduce(own)) if self._comm.size > 1 else own

    def occupancy_norm(self, increment: Array) -> float:
        """Largest |Δθ| over the degrees of freedom of all processes."""
        return largest(increment[self._occupancy], self._comm)

    # What a run asks for.

    def update(self, model: ParticleModel) -> None:
        """Take over another model of the same kind, compiling nothing."""
        self._constants.update(model)
        for part in (self._rate, self._outflow, self._slope, self._content):
            part.refresh()
        self._mass()

    def initial_state(self, occupancy: float) -> State:
        """The as-made particle: uniform occupancy, no stress, no displacement."""
        unknowns = np.zeros(self._size)
        unknowns[self._occupancy] = occupancy
        return State(0.0, unknowns, 0.0)

    def observe(self, state: State) -> Observation:
        """Ions in the particle, outflow and surface occupancy of a state."""
        self._put(state.unknowns)
        return Observation(
            ions_in=self._content() * self.amount_unit,
            outflow=self._outflow() * self.amount_unit / self.time_unit,
            surface_occupancy=self._surface() / self.area,
        )

    def load(self, state: State) -> None:
        """Put a state's values into `fields`."""
        self._put(state.unknowns)

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""
        return size_of(self._space)

    @property
    def _comm(self) -> MPI.Comm:
        return self.particle.mesh.comm

    def _put(self, unknowns: Array) -> None:
        self._unknowns[:] = unknowns
        if self._comm.size > 1:
            self._state.x.scatter_forward()
