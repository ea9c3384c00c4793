"""All fields at once: occupancy θ, stress work W and displacement u in one implicit system."""

from __future__ import annotations

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem
from dolfinx.fem import petsc as fem_petsc
from mpi4py import MPI
from petsc4py import PETSc

from oxyshell.errors import SolverError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models import weak_forms
from oxyshell.models.particle import ParticleModel
from oxyshell.solver import spaces
from oxyshell.solver.constants import ModelConstants
from oxyshell.solver.state import Array, Observation, State

# PETSc's own LU does not pivot: fast below about this many unknowns, inaccurate far above.
_SMALL = 1500


class MonolithicSystem:
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
        self._forms()
        self._size = self._space.dofmap.index_map.size_local * self._space.dofmap.index_map_bs
        space, mapping = self._space.sub(0).collapse()
        owned = space.dofmap.index_map.size_local
        self._occupancy = np.asarray(mapping)[:owned]
        displacement, _ = self._space.sub(2).collapse()
        self._held = spaces.held_displacements(particle, displacement, self._space.sub(2))
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
        self._rate_form = fem.form(rate)
        self._mass_form = fem.form(mass)
        self._matrix_form = fem.form(self._shift * mass - ufl.derivative(rate, self._state, trial))
        self._outflow_form = fem.form(outflow)
        self._outflow_slope_form = fem.form(ufl.derivative(outflow, self._state))
        self._content_form = fem.form(weak_forms.ion_content(model, domain, theta, one))
        self._surface_form = fem.form(domain.surface(theta))
        area = domain.surface(one)
        self._area = self._total(fem.form(area))
        self.volume = self._total(fem.form(domain.volume(one)))

    def _algebra(self) -> None:
        mesh = self.particle.mesh
        self._mass_matrix = fem_petsc.assemble_matrix(self._mass_form)
        self._mass_matrix.assemble()
        self._matrix = fem_petsc.create_matrix(self._matrix_form)
        self._vector = fem_petsc.create_vector(self._space)
        self._slope = fem_petsc.create_vector(self._space)
        self._right, self._solution = self._matrix.createVecs()
        self._solver = PETSc.KSP().create(mesh.comm)
        self._solver.setOperators(self._matrix)
        self._solver.setType(PETSc.KSP.Type.PREONLY)
        factors = self._solver.getPC()
        factors.setType(PETSc.PC.Type.LU)
        if self._space.dofmap.index_map.size_global <= _SMALL and mesh.comm.size == 1:
            factors.setFactorSolverType(PETSc.Mat.SolverType.PETSC)
            factors.setFactorOrdering(PETSc.Mat.OrderingType.RCM)
        else:
            factors.setFactorSolverType(PETSc.Mat.SolverType.MUMPS)

    # What the time stepping asks for.

    @property
    def time_unit(self) -> float:
        """Seconds in one unit of time."""
        return self._constants.units.time

    @property
    def amount_unit(self) -> float:
        """Moles in one unit of amount."""
        return self._constants.units.amount

    def rate(self, unknowns: Array) -> Array:
        """f(y), with zero rows where the displacement is held."""
        self._load(unknowns)
        vector = self._vector
        with vector.localForm() as local:
            local.set(0.0)
        fem_petsc.assemble_vector(vector, self._rate_form)
        vector.ghostUpdate(addv=PETSc.InsertMode.ADD, mode=PETSc.ScatterMode.REVERSE)
        result: Array = vector.array_r.copy()
        result[self._held_dofs] = 0.0
        return result

    def prepare(self, unknowns: Array, shift: float) -> None:
        """Assemble and factorise shift M − ∂f/∂y at y.

        Raises:
            SolverError: If the matrix cannot be factorised.
        """
        self._load(unknowns)
        self._shift.value = shift
        self._matrix.zeroEntries()
        fem_petsc.assemble_matrix(self._matrix, self._matrix_form, bcs=self._held)
        self._matrix.assemble()
        with self._slope.localForm() as local:
            local.set(0.0)
        fem_petsc.assemble_vector(self._slope, self._outflow_slope_form)
        self._slope.ghostUpdate(addv=PETSc.InsertMode.ADD, mode=PETSc.ScatterMode.REVERSE)
        self._solver.setOperators(self._matrix)

    def solve(self, right_hand_side: Array) -> Array:
        """Solve with the prepared matrix.

        Raises:
            SolverError: If the solution is not finite or the factorisation failed.
        """
        self._right.array[:] = right_hand_side
        self._solver.solve(self._right, self._solution)
        if self._solver.getConvergedReason() < 0:
            raise SolverError(f"the linear solver failed (reason {self._solver.getConvergedReason()})")
        result: Array = self._solution.array_r.copy()
        return result

    def mass(self, unknowns: Array) -> Array:
        """M y."""
        self._right.array[:] = unknowns
        self._mass_matrix.mult(self._right, self._solution)
        result: Array = self._solution.array_r.copy()
        return result

    def outflow(self, unknowns: Array) -> float:
        """∫ N·n dA."""
        self._load(unknowns)
        return self._total(self._outflow_form)

    def outflow_change(self, increment: Array) -> float:
        """The derivative of ∫ N·n dA, applied to an increment."""
        return float(self._comm.allreduce(float(self._slope.array_r @ increment)))

    def occupancy_norm(self, increment: Array) -> float:
        """Largest |Δθ| over the degrees of freedom of all processes."""
        own = float(np.max(np.abs(increment[self._occupancy]), initial=0.0))
        return float(self._comm.allreduce(own, MPI.MAX))

    # What a run asks for.

    def update(self, model: ParticleModel) -> None:
        """Take over another model of the same kind, compiling nothing."""
        self._constants.update(model)
        self._mass_matrix.zeroEntries()
        fem_petsc.assemble_matrix(self._mass_matrix, self._mass_form)
        self._mass_matrix.assemble()

    def initial_state(self, occupancy: float) -> State:
        """The as-made particle: uniform occupancy, no stress, no displacement."""
        unknowns = np.zeros(self._size)
        unknowns[self._occupancy] = occupancy
        return State(0.0, unknowns, 0.0)

    def observe(self, state: State) -> Observation:
        """Ions in the particle, outflow and surface occupancy of a state."""
        self._load(state.unknowns)
        return Observation(
            ions_in=self._total(self._content_form) * self.amount_unit,
            outflow=self._total(self._outflow_form) * self.amount_unit / self.time_unit,
            surface_occupancy=self._total(self._surface_form) / self._area,
        )

    @property
    def _comm(self) -> MPI.Comm:
        return self.particle.mesh.comm

    def _load(self, unknowns: Array) -> None:
        self._state.x.array[: self._size] = unknowns
        self._state.x.scatter_forward()

    def _total(self, form: fem.Form) -> float:
        return float(self._comm.allreduce(fem.assemble_scalar(form)))
