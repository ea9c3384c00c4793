"""A particle's oxygen, discretised: mobile content c, released content r, and what the sink holds, Γ."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.tags import SURFACE
from oxyshell.models import oxygen_forms
from oxyshell.models.expressions import NUMPY
from oxyshell.models.oxygen import OxygenModel
from oxyshell.models.quantities import Units
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Scalar, largest, owned
from oxyshell.solver.constants import InNaturalUnits, ModelConstants
from oxyshell.solver.linear import size_of
from oxyshell.solver.mixed import MixedFields
from oxyshell.solver.state import Array, State

# Over this share of a step the rate's change with time is measured; what drives it is linear in time.
_GLANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Drive:
    """The ions as the oxygen sees them at one time.

    Attributes:
        time: s.
        occupancy: θ at the degrees of freedom that this process owns.
        released: r as the ions' host has it there, in the ions' units.
        extracted: Ions taken out of the particle, per formula unit.
    """

    time: float
    occupancy: Array
    released: Array
    extracted: float

    def change_to(self, later: Drive, duration: float) -> Drive:
        """The change per time until `later`, evenly over a duration; none if there is no time."""
        share = 1.0 / duration if duration > 0 else 0.0
        return Drive(
            share,
            (later.occupancy - self.occupancy) * share,
            (later.released - self.released) * share,
            (later.extracted - self.extracted) * share,
        )


@dataclass(frozen=True)
class OxygenObservation:
    """What is read off an oxygen state.

    Attributes:
        lattice: Mobile O2 in the lattice, mol.
        captured: O2 in the sink, mol.
        generated: O2 that the lattice has released, mol.
        leaving: O2 that leaves the particle, mol/s.
        surface: Mean of c over the surface, mol/m³.
        filling: Captured over capacity, mean over the surface; 0 without a sink.
        fullest: The same where it is largest.
    """

    lattice: float
    captured: float
    generated: float
    leaving: float
    surface: float
    filling: float
    fullest: float


def oxygen_units(model: OxygenModel) -> Units:
    """Units in which the radius, the diffusion time R²/D_O and the reference content are one."""
    diffusivity = float(model.transport.bulk.value(model.host.occupancy, NUMPY))
    return Units(
        length=model.radius,
        time=model.radius**2 / diffusivity,
        amount=model.reference_content * model.radius**3,
    )


class OxygenSystem(MixedFields, InNaturalUnits[OxygenModel]):
    """The oxygen of one particle as M dy/dt = f(y, t); see `rosenbrock.ImplicitSystem`.

    The time since the drive began is the last unknown, which makes the system autonomous. Γ is a field of
    its own that lives on the surface; inside the particle it is held at zero.
    """

    def __init__(
        self, particle: ParticleMesh, model: OxygenModel, degree: int, scalars: fem.FunctionSpace
    ) -> None:
        """Build spaces and forms.

        Args:
            particle: The mesh.
            model: The physics, SI.
            degree: Polynomial degree of all fields.
            scalars: The space of the ions' occupancy, in which `drive` gets its values.
        """
        self.particle = particle
        self._constants = ModelConstants(particle.mesh, model, oxygen_units)
        super().__init__(particle, [spaces.scalar_element(particle, degree)] * 3)
        self.domain = spaces.domain(particle, 2 * degree + 2)
        self._occupancy, self._host_released = fem.Function(scalars), fem.Function(scalars)
        self._extracted = fem.Constant(particle.mesh, 0.0)
        nothing = np.zeros(owned(self._occupancy).size)
        self._start = self._change = Drive(0.0, nothing, nothing, 0.0)
        self._ahead = 0.0
        self._forms()

    def _forms(self) -> None:
        model, domain = self._constants.model, self.domain
        mobile, released, amount = ufl.split(self.state)
        tests, trials = ufl.TestFunctions(self.space), ufl.TrialFunctions(self.space)
        reused = model.reuse.present_rate(self._extracted)
        filled = model.host.filled(self._occupancy, replace(domain.position, released=self._host_released))
        source = oxygen_forms.source(model, domain, filled, released)
        rate = (
            oxygen_forms.mobile_rate(model, domain, mobile, amount, filled, source, reused, tests[0])
            + oxygen_forms.content(domain, source, tests[1])
            + oxygen_forms.sink_rate(model, domain, mobile, amount, reused, tests[2])
        )
        mass = (
            oxygen_forms.content(domain, trials[0], tests[0])
            + oxygen_forms.content(domain, trials[1], tests[1])
            + oxygen_forms.held(domain, trials[2], tests[2])
        )
        (_, self._mobile), (released_space, self._released), (sink, self._amount) = (
            self.part(field) for field in range(3)
        )
        self._own_released = fem.Function(released_space)
        inside, on_surface = self._inside(sink)
        self._surface_amount = self._amount[on_surface]
        self.equations(rate, mass, oxygen_forms.escape(model, domain, mobile, amount), [inside])
        one = fem.Constant(self.particle.mesh, 1.0)
        self.fields = (mobile, released, amount)
        self._lattice, self._generated, self._captured, self._surface, self._area = (
            Scalar(form, self.comm)
            for form in (
                oxygen_forms.content(domain, mobile, one),
                oxygen_forms.content(domain, released, one),
                oxygen_forms.held(domain, amount, one),
                oxygen_forms.held(domain, mobile, one),
                domain.surface(one),
            )
        )
        self.area = self._area()

    def _inside(self, sink: fem.FunctionSpace) -> tuple[fem.DirichletBC, np.ndarray]:
        """The condition that holds Γ inside the particle, and the own degrees of freedom on the surface."""
        mesh, field = self.particle.mesh, self.space.sub(2)
        dimension = mesh.topology.dim - 1
        facets = self.particle.facet_tags.find(SURFACE)
        within, own = fem.locate_dofs_topological((field, sink), dimension, facets)
        _, mapping = self.space.sub(2).collapse()
        parent = np.ravel(mapping).astype(np.int32)
        others = np.setdiff1d(np.arange(len(parent), dtype=np.int32), own)
        pairs = [parent[others], others]
        count = sink.dofmap.index_map.size_local
        return fem.dirichletbc(fem.Function(sink), pairs, field), np.unique(own[own < count])

    # What is driven by the ions.

    def drive(self, before: Drive, after: Drive) -> None:
        """Let the ions go from one state to another, evenly in time; `start_of` begins there."""
        self._start = before
        self._change = before.change_to(after, (after.time - before.time) / self.time_unit)
        self._ahead = np.nan  # whatever was set belongs to another drive
        self._set_ahead(0.0)

    def _set_ahead(self, ahead: float) -> None:
        if ahead == self._ahead:
            return
        start, change = self._start, self._change
        for function, value, rate in (
            (self._occupancy, start.occupancy, change.occupancy),
            (self._host_released, start.released, change.released),
        ):
            owned(function)[:] = value + ahead * rate
            function.x.scatter_forward()
        self._extracted.value = start.extracted + ahead * change.extracted
        self._rate.refresh()
        self._ahead = ahead

    # What the time stepping asks for; the last unknown is the time since the drive began.

    def rate(self, unknowns: Array) -> Array:
        """f(y), and 1 for the time."""
        self._set_ahead(float(unknowns[-1]))
        return np.append(super().rate(unknowns[:-1]), 1.0)

    def prepare(self, unknowns: Array, shift: float) -> None:
        """As `MixedFields.prepare`, with the change of f in time."""
        glance = _GLANCE / shift
        later = unknowns.copy()
        later[-1] += glance
        self._drift = (self.rate(later) - self.rate(unknowns))[:-1] / glance
        self._clock_shift = shift
        super().prepare(unknowns[:-1], shift)

    def solve(self, right_hand_side: Array) -> Array:
        """As `MixedFields.solve`, the time's row first."""
        elapsed = right_hand_side[-1] / self._clock_shift
        return np.append(super().solve(right_hand_side[:-1] + self._drift * elapsed), elapsed)

    def mass(self, unknowns: Array) -> Array:
        """M y."""
        return np.append(super().mass(unknowns[:-1]), unknowns[-1])

    def outflow(self, unknowns: Array) -> float:
        """O2 leaving the particle per time."""
        return super().outflow(unknowns[:-1])

    def outflow_change(self, increment: Array) -> float:
        """Its derivative, applied to an increment."""
        return super().outflow_change(increment[:-1])

    def error_norm(self, increment: Array) -> float:
        """Largest change of c and r over the reference content, and of Γ over the sink's capacity."""
        held = increment[self._surface_amount] / self._capacity
        inside = largest(increment[self._mobile], self.comm), largest(increment[self._released], self.comm)
        return max(*inside, largest(held, self.comm))

    # What a run asks for.

    def update(self, model: OxygenModel) -> None:
        """Take over another model of the same kind, compiling nothing."""
        self._constants.update(model)
        self.refresh()

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""
        return size_of(self.space)

    @property
    def _capacity(self) -> float:
        return float(self._constants.model.surface.capacity.value)

    def initial_state(self) -> State:
        """The content that there is at the start, an empty sink."""
        unknowns = np.zeros(self.size + 1)
        unknowns[self._mobile] = float(self._constants.model.initial.value)
        return State(0.0, unknowns, 0.0)

    def start_of(self, state: State) -> State:
        """A state at the start of the present drive."""
        unknowns = state.unknowns.copy()
        unknowns[-1] = 0.0
        return State(state.time, unknowns, state.left)

    def load(self, state: State) -> None:
        """Put a state's values into `fields`."""
        self.put(state.unknowns[:-1])

    def released_in(self, state: State, function: fem.Function) -> None:
        """Put r, in units of the reference content, into a function of whatever space."""
        self._own_released.x.array[: self._released.size] = state.unknowns[self._released]
        self._own_released.x.scatter_forward()
        function.interpolate(self._own_released)

    def contents(self, state: State) -> tuple[float, float, float]:
        """O2 in the lattice, in the sink, and released by the lattice, mol."""
        self.load(state)
        unit = self.amount_unit
        return self._lattice() * unit, self._captured() * unit, self._generated() * unit

    def observe(self, state: State) -> OxygenObservation:
        """What there is to see of a state."""
        lattice, captured, generated = self.contents(state)
        filling = state.unknowns[self._surface_amount] / self._capacity
        fullest = float(filling.max(initial=0.0))
        if self.comm.size > 1:
            fullest = self.comm.allreduce(fullest, MPI.MAX)
        return OxygenObservation(
            lattice=lattice,
            captured=captured,
            generated=generated,
            leaving=self._outflow() * self.amount_unit / self.time_unit,
            surface=self._surface() / self.area * self.amount_unit / self.units.length**3,
            filling=captured / (self._capacity * self.area * self.amount_unit),
            fullest=fullest,
        )
