"""A particle's oxygen, discretised: mobile content c, released content r, and what the sink holds, Γ."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import Units
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.oxygen import forms as oxygen_forms
from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.solver import places, spaces
from oxyshell.solver.assembly import Scalar, largest, owned
from oxyshell.solver.blocks import BlockFields
from oxyshell.solver.boundary import FluxBoundary, HeldBoundary, jump
from oxyshell.solver.constants import InNaturalUnits, ModelConstants
from oxyshell.solver.rounding import Account
from oxyshell.solver.state import Array, State

# Over this share of a step the rate's change with time is measured; what drives it is linear in time.
_GLANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Drive:
    """The ions as the oxygen sees them at one time.

    Attributes:
        time: s.
        occupancy: θ at the degrees of freedom that this process owns.
        released: r as the ions' host has it there, in units of the reference content.
        extracted: Ions taken out of the particle, per formula unit.
    """

    time: float
    occupancy: Array
    released: Array
    extracted: float

    def still(self, comm: MPI.Comm) -> bool:
        """Whether everything here is zero, on all processes."""
        return self.extracted == 0 and not largest(self.occupancy, comm) + largest(self.released, comm)

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


class OxygenSystem(BlockFields, InNaturalUnits[OxygenModel]):
    """The oxygen of one particle as M dy/dt = f(y, t); see `rosenbrock.ImplicitSystem`.

    The time since the drive began is the last unknown, which makes the system autonomous. r needs no
    continuity, so that it lives in the cells and couples within each; Γ lives on the surface.
    """

    def __init__(
        self, particle: ParticleMesh, model: OxygenModel, degree: int, scalars: fem.FunctionSpace
    ) -> None:
        """Build spaces and forms.

        Args:
            particle: The mesh.
            model: The physics, SI.
            degree: Polynomial degree of c and Γ; that of r is one less, and at least one.
            scalars: The space of the ions' occupancy, in which `drive` gets its values.
        """
        self.particle = particle
        self._constants = ModelConstants(particle.mesh, model, oxygen_units)
        continuous = fem.functionspace(particle.mesh, spaces.scalar_element(particle, degree))
        cellwise = fem.functionspace(particle.mesh, ("DG", max(degree - 1, 1)))
        functions = [fem.Function(space) for space in (continuous, cellwise, continuous)]
        everywhere = [np.arange(owned(function).size, dtype=np.int32) for function in functions]
        nowhere = everywhere[1][:0]
        releasing = everywhere[1] if model.source.releases else nowhere
        self._surface_dofs = spaces.surface_dofs(particle, continuous)
        super().__init__(functions, [everywhere[0], releasing, self._surface_dofs])
        self.domain = spaces.domain(particle, 2 * degree + 2)
        self._occupancy, self._host_released = fem.Function(scalars), fem.Function(scalars)
        self._extracted = fem.Constant(particle.mesh, 0.0)
        nothing = np.zeros(owned(self._occupancy).size)
        self._start = self._change = Drive(0.0, nothing, nothing, 0.0)
        self._steady = True
        self._ahead = 0.0
        self._forms()

    def _forms(self) -> None:
        model, domain = self._constants.model, self.domain
        mobile, released, amount = self.functions
        of_mobile, of_released, of_amount = (
            ufl.TestFunction(function.function_space) for function in self.functions
        )
        trials = [ufl.TrialFunction(function.function_space) for function in self.functions]
        reused = model.reuse.present_rate(self._extracted)
        filled = model.host.filled(self._occupancy, replace(domain.position, released=self._host_released))
        source = oxygen_forms.source(model, domain, filled, released)
        rates = [
            oxygen_forms.mobile_rate(model, domain, mobile, amount, filled, source, reused, of_mobile),
            oxygen_forms.content(domain, source, of_released),
            oxygen_forms.sink_rate(model, domain, mobile, amount, reused, of_amount),
        ]
        masses = [
            oxygen_forms.content(domain, trials[0], of_mobile),
            oxygen_forms.content(domain, trials[1], of_released),
            oxygen_forms.held(domain, trials[2], of_amount),
        ]
        self.equations(rates, masses, oxygen_forms.escape(model, domain, mobile, amount))
        seen = oxygen_forms.flux_through_surface(model, domain, mobile, filled)
        self._seen_outflow = Scalar(seen, self.comm)
        self._bound(model.surface.holds)
        one = fem.Constant(self.particle.mesh, 1.0)
        self._lattice, self._generated, self._captured, self._surface, self._area, volume = (
            Scalar(form, self.comm)
            for form in (
                oxygen_forms.content(domain, mobile, one),
                oxygen_forms.content(domain, released, one),
                oxygen_forms.held(domain, amount, one),
                oxygen_forms.held(domain, mobile, one),
                domain.surface(one),
                domain.volume(one),
            )
        )
        self.area, self._volume = self._area(), volume()

    @property
    def places(self) -> Array:
        """Where the unknowns stand; the time stands nowhere."""
        return np.concatenate([super().places, places.of_number(len(self.functions))])

    def _bound(self, holds: bool) -> None:
        """Put the surface law's flux in force, or hold the content at the surface."""
        self.boundary, self._observed_outflow = FluxBoundary(), self._outflow
        if holds:
            outside = float(self._constants.model.surface.outside.value)
            self.boundary = HeldBoundary(self._surface_dofs, outside, self._content)
            self._observed_outflow = self._seen_outflow

    def _content(self, increment: Array) -> float:
        """O2 that a change adds to lattice and sink beyond what it releases, on all processes."""
        mobile, released, amount = self._parts(self.content_matrix_times(increment))
        own = float(mobile.sum() + amount.sum() - released.sum())
        return float(self.comm.allreduce(own)) if self.comm.size > 1 else own

    # What is driven by the ions.

    def drive(self, before: Drive, after: Drive) -> None:
        """Let the ions go from one state to another, evenly in time; `start_of` begins there."""
        self._start = before
        self._change = before.change_to(after, (after.time - before.time) / self.time_unit)
        self._steady = self._change.still(self.comm)
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
        self.refresh_rate()
        self._ahead = ahead

    def _elapsed(self, unknowns: Array) -> float:
        """The time since the drive began, the same to the last bit on all processes: they branch on it."""
        own = float(unknowns[-1])
        return float(self.comm.bcast(own)) if self.comm.size > 1 else own

    # What the time stepping asks for; the last unknown is the time since the drive began.

    def rate(self, unknowns: Array) -> Array:
        """f(y), and 1 for the time."""
        self._set_ahead(self._elapsed(unknowns))
        return np.append(super().rate(unknowns[:-1]), 1.0)

    def prepare(self, unknowns: Array, shift: float) -> None:
        """As `BlockFields.prepare`, with the change of f in time."""
        self._set_ahead(self._elapsed(unknowns))
        self._drift = self._drifting(unknowns, _GLANCE / shift)
        self._clock_shift = shift
        super().prepare(unknowns[:-1], shift)

    def _drifting(self, unknowns: Array, glance: float) -> Array:
        """∂f/∂t, by a difference over a glance ahead."""
        if self._steady:
            return np.zeros(self.size)
        later = unknowns.copy()
        later[-1] += glance
        drift: Array = (self.rate(later) - self.rate(unknowns))[:-1] / glance
        return drift

    def solve(self, right_hand_side: Array) -> Array:
        """As `BlockFields.solve`, the time's row first."""
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

    def leaving(self, by_flux: float, increment: Array) -> float:
        """As `BlockFields.leaving`."""
        return super().leaving(by_flux, increment[:-1])

    def mended(self, change: Array, passed: float, step: float) -> Array:
        """The change of y over a step, without what round-off did to its balance with what has passed out."""
        signs, mobile = np.zeros(self.size + 1), np.zeros(self.size + 1)
        for span, sign in zip(self.spans, (1.0, -1.0, 1.0), strict=True):
            signs[span] = sign
        mobile[self.spans[0]] = 1.0
        return Account(signs, mobile, self._amounts, self.solve, self.comm).mended(change, passed, step)

    def _amounts(self, unknowns: Array) -> Array:
        """M y without the surface condition, and 0 for the time."""
        return np.append(self.content_matrix_times(unknowns[:-1]), 0.0)

    def error_norm(self, increment: Array) -> float:
        """Largest change of c and r over the reference content, and of Γ over the sink's capacity."""
        mobile, released, amount = self._parts(increment)
        return max(largest(part, self.comm) for part in (mobile, released, amount / self._capacity))

    # What a run asks for.

    def update(self, model: OxygenModel) -> None:
        """Take over another model of the same kind, compiling nothing."""
        self._constants.update(model)
        self.refresh()
        self._seen_outflow.refresh()
        self._bound(model.surface.holds)

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""
        return int(self.comm.allreduce(self.size))

    @property
    def _capacity(self) -> float:
        return float(self._constants.model.surface.capacity.value)

    @property
    def room(self) -> float:
        """O2 in a lattice that holds the reference content throughout, mol."""
        return self._volume * self.amount_unit

    def initial_state(self) -> State:
        """The content that there is at the start, an empty sink."""
        unknowns = np.zeros(self.size + 1)
        unknowns[self.spans[0]] = float(self._constants.model.initial.value)
        return State(0.0, unknowns, 0.0)

    def start_of(self, state: State) -> State:
        """A state at the start of the present drive, its surface where it is held, if it is."""
        unknowns = state.unknowns.copy()
        unknowns[-1] = 0.0
        change = jump(self, unknowns)
        return State(state.time, unknowns + change, state.left + self.leaving(0.0, change) * self.amount_unit)

    def load(self, state: State) -> None:
        """Put a state's values into `functions`."""
        self.put(state.unknowns[:-1])

    def _parts(self, unknowns: Array) -> tuple[Array, Array, Array]:
        mobile, released, amount = (unknowns[span] for span in self.spans)
        return mobile, released, amount

    def taken_back(self, before: State, after: State) -> float:
        """The largest decrease of r from one state to another, in the reference content."""
        decrease = self._parts(before.unknowns)[1] - self._parts(after.unknowns)[1]
        return largest(np.maximum(decrease, 0.0), self.comm)

    def contents(self, state: State) -> tuple[float, float, float]:
        """O2 in the lattice, in the sink, and released by the lattice, mol."""
        self.load(state)
        unit = self.amount_unit
        return self._lattice() * unit, self._captured() * unit, self._generated() * unit

    def observe(self, state: State) -> OxygenObservation:
        """What there is to see of a state."""
        lattice, captured, generated = self.contents(state)
        fullest = float(self._parts(state.unknowns)[2].max(initial=0.0)) / self._capacity
        if self.comm.size > 1:
            fullest = self.comm.allreduce(fullest, MPI.MAX)
        return OxygenObservation(
            lattice=lattice,
            captured=captured,
            generated=generated,
            leaving=self._observed_outflow() * self.amount_unit / self.time_unit,
            surface=self._surface() / self.area * self.amount_unit / self.units.length**3,
            filling=captured / (self._capacity * self.area * self.amount_unit),
            fullest=fullest,
        )
