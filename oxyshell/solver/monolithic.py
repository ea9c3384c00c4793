"""All fields at once: occupancy θ, stress work W and displacement u in one implicit system."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models import weak_forms
from oxyshell.models.particle import ParticleModel
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Scalar, largest
from oxyshell.solver.boundary import FluxBoundary, HeldBoundary, jump
from oxyshell.solver.constants import InNaturalUnits, ModelConstants, natural_units
from oxyshell.solver.hosts import host_of
from oxyshell.solver.linear import size_of
from oxyshell.solver.mixed import MixedFields
from oxyshell.solver.rounding import Account
from oxyshell.solver.state import Array, Observation, State


class MonolithicSystem(MixedFields, InNaturalUnits[ParticleModel]):
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
        self._constants = ModelConstants(particle.mesh, model, natural_units)
        scalar = spaces.scalar_element(particle, degree)
        elements = [scalar, scalar, spaces.displacement_element(particle, degree + 1)]
        if particle.coordinates.free_extension:
            elements.append(scalar)
        super().__init__(particle, elements)
        self.scalars, self._occupancy = self.part(0)
        self.host = host_of(model, self.scalars)
        self.domain = spaces.domain(particle, 2 * degree + 3, self.host.released)
        self.host.discretise(self.symbols, self.domain)
        self._forms()

    def _forms(self) -> None:
        model, domain = self._constants.model, self.domain
        unknowns = ufl.split(self.state)
        tests = ufl.TestFunctions(self.space)
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
        trial = ufl.TrialFunction(self.space)
        mass = weak_forms.ion_content(model, domain, ufl.split(trial)[0], tests[0])
        one = fem.Constant(self.particle.mesh, 1.0)
        outflow = weak_forms.ion_outflow(model, domain, theta, one)
        seen = weak_forms.ion_flux_through_surface(model, domain, theta, work)
        self.fields = (theta, displacement, extension, sigma)
        moving, _ = self.space.sub(2).collapse()
        held = spaces.held_displacements(self.particle, moving, self.space.sub(2))
        self.equations(rate, mass, outflow, held)
        self._seen_outflow = Scalar(seen, self.comm)
        self._observed_outflow = self._outflow
        self._content = Scalar(weak_forms.ion_content(model, domain, theta, one), self.comm)
        self._surface = Scalar(domain.surface(theta), self.comm)
        self.area = Scalar(domain.surface(one), self.comm)()
        self.volume = Scalar(domain.volume(one), self.comm)()

    def prepare(self, unknowns: Array, shift: float) -> None:
        """As `MixedFields.prepare`, in the host as it now is."""
        if self.host.changing:
            self.reassemble_mass()
        super().prepare(unknowns, shift)

    def mended(self, change: Array, passed: float, step: float) -> Array:
        """The change of y over a step, without what round-off did to its balance with what has passed out."""
        signs = np.zeros(self.size)
        signs[self._occupancy] = 1.0
        return Account(signs, signs, self.content_matrix_times, self.solve, self.comm).mended(
            change, passed, step
        )

    def error_norm(self, increment: Array) -> float:
        """Largest |Δθ| over the degrees of freedom of all processes."""
        return largest(increment[self._occupancy], self.comm)

    # What a run asks for.

    def update(self, model: ParticleModel) -> None:
        """Take over another model of the same kind, compiling nothing."""
        self._constants.update(model)
        self._content.refresh()
        self._seen_outflow.refresh()
        self.host.refresh()
        self.refresh()

    def initial_state(self, occupancy: float) -> State:
        """The as-made particle: uniform occupancy, no stress, no displacement."""
        unknowns = np.zeros(self.size)
        unknowns[self._occupancy] = occupancy
        return State(0.0, unknowns, 0.0)

    def hold(self, occupancy: float | None) -> None:
        """Hold the surface at an occupancy in place of the exchange's flux; None: the flux is in force."""
        self.boundary, self._observed_outflow = FluxBoundary(), self._outflow
        if occupancy is not None:
            rows = self._occupancy[spaces.surface_dofs(self.particle, self.scalars)].astype(np.int32)
            self.boundary = HeldBoundary(rows, occupancy, self.content)
            self._observed_outflow = self._seen_outflow

    def brought_to_surface(self, state: State) -> State:
        """The state in the moment after its surface has come to the occupancy at which it is held."""
        self.host.follow(state)
        return replace(state, unknowns=state.unknowns + jump(self, state.unknowns))

    def observe(self, state: State) -> Observation:
        """Ions in the particle, outflow and surface occupancy of a state."""
        self.host.follow(state)
        self.put(state.unknowns)
        return Observation(
            ions_in=self._content() * self.amount_unit,
            outflow=self._observed_outflow() * self.amount_unit / self.time_unit,
            surface_occupancy=self._surface() / self.area,
        )

    def load(self, state: State) -> None:
        """Put a state's values into `fields`."""
        self.host.follow(state)
        self.put(state.unknowns)

    def occupancy(self, state: State) -> Array:
        """θ of a state, this process's part."""
        theta: Array = state.unknowns[self._occupancy]
        return theta

    def with_occupancy(self, state: State, occupancy: Array) -> State:
        """A state with another θ."""
        unknowns = state.unknowns.copy()
        unknowns[self._occupancy] = occupancy
        return replace(state, unknowns=unknowns)

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""
        return size_of(self.space)
