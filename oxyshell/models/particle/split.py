"""Occupancy and displacement one after the other, repeated until they agree.

The stress work is written W = φ − b (θ − θ0) with b > 0 constant. The second part joins the diffusion term,
which it makes larger, and is solved for implicitly; only φ is taken from the pass before. In a free
homogeneous isotropic sphere φ is uniform, so one pass does; elsewhere φ is extrapolated in time and passes
repeat until it no longer moves. Where the law of the surface depends on the stress, a uniform φ counts too:
then passes repeat until the ions, and the numbers of the law, no longer move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.errors import SolverError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.protocol import SurfaceCondition
from oxyshell.models.particle.elasticity_solver import ElasticitySolver
from oxyshell.models.particle.host_lattice import host_of
from oxyshell.models.particle.ion_forms import IonForms
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.splitting import Splitting
from oxyshell.models.particle.system import ParticleFields, System
from oxyshell.models.particle.units import natural_units
from oxyshell.models.particle.work_projection import WorkProjection
from oxyshell.solver import dof_positions, spaces
from oxyshell.solver.assembly import Matrix, Scalar, Vector, half_range, largest, owned
from oxyshell.solver.bordering import Numbers
from oxyshell.solver.boundary import AT_ONCE, FluxBoundary, HeldBoundary
from oxyshell.solver.constants import ModelConstants
from oxyshell.solver.extrapolation import extrapolate
from oxyshell.solver.linear import krylov
from oxyshell.solver.linear.line_smoother import radial_lines
from oxyshell.solver.newton import FieldNewton
from oxyshell.solver.state import Array, Observation, State

# Beyond these numbers of unknowns an iterative solver beats a factorisation at every step (measured on two
# cores).
_IONS_DIRECT_LIMIT = {1: 400_000, 2: 100_000, 3: 4_000}
# Share of a tolerance that a number may err by in one step. A field's errors add up to a few times that of a
# step and spread; a number follows the surface, and is read off to the tolerance.
_NUMBER_SHARE = 1 / 8
# Error of the occupancy that may be left where a surface comes to the value at which it is held.
_AT_ONCE_TOLERANCE = 1e-6
_PASS_LIMIT = 30


class SplitSystem(System):
    """The coupled equations of one particle, solved field by field."""

    def __init__(
        self, particle: ParticleMesh, model: ParticleModel, degree: int, direct: bool | None = None
    ) -> None:
        """Build spaces, forms and solvers.

        Args:
            particle: The mesh.
            model: The physics, SI.
            degree: Polynomial degree of the occupancy; the displacement has one more.
            direct: Whether the elasticity is factorised; by default, by size.
        """
        self.particle = particle
        self._constants = ModelConstants(particle.mesh, model, natural_units)
        self._comm = particle.mesh.comm
        names = [name for name, _ in model.parts]
        self.scalars = spaces.scalars(particle, degree, names)
        self._theta, self._history, self._phi = (fem.Function(self.scalars) for _ in range(3))
        self._lead = fem.Constant(particle.mesh, 1.0)
        self._exchange, self._began = model.exchange, 0.0
        self._splitting = Splitting(particle.mesh, model)
        self._numbers = Numbers(particle, model.exchange.processes(), self.symbols)
        self.host = host_of(model, self.scalars)
        self.domain = spaces.domain(particle, 2 * degree + 2, self.host.released, names)
        # Exact for what the ions' equation holds in a cell of uniform host sites; assembled at every step.
        self.ion_domain = replace(self.domain, degree=2 * degree + 3 - particle.mesh.topology.dim)
        self.host.discretise(self.symbols, self.ion_domain)
        self._of_parts = IonForms(self.symbols, self.domain).of_parts
        self.elasticity = ElasticitySolver(
            particle, self._of_parts, self._theta, self.host.changing, degree + 1, direct
        )
        self._forms()

    def _forms(self) -> None:
        model, theta = self.symbols, self._theta
        one, sigma = fem.Constant(self.particle.mesh, 1.0), self.elasticity.stress
        self.expressions = ParticleFields(theta, self.elasticity.displacement, sigma)
        # Ions.
        ions, forms = self.ion_domain, IonForms(model, self.ion_domain)
        test, trial = ufl.TestFunction(self.scalars), ufl.TrialFunction(self.scalars)
        joined = self._splitting.joined(theta, self._of_parts)
        split_work = ions.by_part([self._phi - part for part in joined])
        own = {"occupancy": theta, "stress_work": split_work}
        self.surface_fields = fields = own | self._numbers.values
        content = self._lead * theta + self._history
        residual = forms.content(content, test) - forms.rate(fields, test)
        self._residual = Vector(residual, self.scalars)
        inside = ufl.Form([one for one in residual.integrals() if one.integral_type() != "exterior_facet"])
        self._ions_feel_phi = self._phi in inside.coefficients()
        self._jacobian = Matrix(ufl.derivative(residual, theta, trial))
        self._numbers.equations(model, ions, fields, residual, theta)
        outflow = forms.outflow(fields)
        self._outflow = Scalar(outflow, self._comm)
        felt = [ufl.derivative(outflow, self._phi, one)] if self._phi in outflow.coefficients() else []
        self._felt_at_surface = [Scalar(form, self._comm) for form in felt]
        # Where no law gives the flux: as a step's difference formula has it, and as the gradients have it.
        self._lost = Scalar(forms.content(-content, one), self._comm)
        self._seen_outflow = Scalar(forms.seen_outflow(fields), self._comm)
        self._step_outflow, self._observed_outflow = self._outflow, self._outflow
        self._content = Scalar(forms.content(theta, one), self._comm)
        self._surface = Scalar(ions.surface(theta), self._comm)
        self.area = Scalar(ions.surface(one), self._comm)()
        self.volume = Scalar(ions.volume(one), self._comm)()
        # φ, the part of the stress work that the ions see with a delay.
        changing = [theta, *self.elasticity.functions, *self.host.changing]
        direct = spaces.size_of(self.scalars) <= _IONS_DIRECT_LIMIT[self.particle.mesh.topology.dim]
        self._project = WorkProjection(self._phi, sigma, theta, joined, self._of_parts, changing, direct)
        self._solvers(direct)

    def _solvers(self, direct: bool) -> None:
        if self._numbers.count:
            # A law of the surface need not hold where nothing is filled.
            self.load(self.initial_state())
        jacobian = self._jacobian()
        self._ions: krylov.LinearSolver
        if direct:
            self._ions = krylov.lu(jacobian, "occupancy")
        else:
            lines = radial_lines(self.scalars, self.particle.coordinates.radial_components)
            self._ions = krylov.LineKrylov(jacobian, lines, "occupancy", 1e-8)
        self._ions.set_up()
        self._newton = FieldNewton(
            self._theta, self._residual, self._jacobian, self._ions, self._numbers, "occupancy"
        )

    # What a run asks for.

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns of occupancy, displacement, extension and numbers over all processes."""
        fields = self.elasticity.degrees_of_freedom + spaces.size_of(self.scalars)
        return fields + self._numbers.count

    def update(self, model: ParticleModel) -> None:
        """Take over another model of the same kind, compiling nothing."""
        self._constants.update(model)
        self._splitting.update(model)
        scalars = (self._outflow, self._seen_outflow, self._lost, self._content, *self._felt_at_surface)
        for scalar in scalars:
            scalar.refresh()
        self._residual.refresh()
        self._numbers.refresh()
        self._project.refresh()
        self.host.refresh()
        self.elasticity.refresh()

    def initial_state(self, occupancy: float | None = None) -> State:
        content = self._as_made(occupancy)
        rest = np.zeros(self.elasticity.size + owned(self._phi).size)
        unknowns = np.concatenate([content, rest, self._numbers.start(self.numbers)])
        return State(0.0, unknowns if self._fits or occupancy is not None else self._strained(unknowns), 0.0)

    def _strained(self, unknowns: Array) -> Array:
        """The unknowns with stress in equilibrium, the occupancy being as it is."""
        self._load_ions(unknowns)
        self.elasticity.begin()
        self.elasticity.solve()
        self._project()
        return self._unknowns()

    def load(self, state: State) -> None:
        """Put a state's values into `expressions`."""
        self.host.load(state)
        self.elasticity.put(self._parts(state.unknowns)[1])
        self._load_ions(state.unknowns)

    def _load_ions(self, unknowns: Array) -> None:
        theta, _, phi, numbers = self._parts(unknowns)
        self._numbers.put(numbers)
        for function, values in ((self._theta, theta), (self._phi, phi)):
            owned(function)[:] = values
            function.x.scatter_forward()

    def hold_surface(self, occupancy: float | None) -> None:
        """Hold the surface at an occupancy in place of the exchange's flux; None: the flux is in force."""
        self._newton.boundary = FluxBoundary()
        self._step_outflow, self._observed_outflow = self._outflow, self._outflow
        if occupancy is not None:
            self._newton.boundary = HeldBoundary(spaces.surface_dofs(self.particle, self.scalars), occupancy)
            self._step_outflow, self._observed_outflow = self._lost, self._seen_outflow

    def brought_to_surface(self, state: State) -> State:
        """The state in the moment after its surface has come to the occupancy at which it is held."""
        alone = replace(state, earlier=())
        unknowns, _ = self.solve_step([alone], AT_ONCE, [-AT_ONCE], state.time, _AT_ONCE_TOLERANCE)
        return replace(alone, unknowns=unknowns)

    def follow(self, exchange: SurfaceCondition, began: float) -> None:
        """Let what is set at the surface take its course since a time, s."""
        self._exchange, self._began = exchange, began

    def numbers_of(self, state: State) -> Mapping[str, float]:
        """Values of the numbers that the surface's law has brought along, by name."""
        self._numbers.put(self._parts(state.unknowns)[3])
        return self._numbers.by_name

    def with_numbers(self, state: State, numbers: Mapping[str, float]) -> State:
        """A state with other values of these, and in equilibrium what is in equilibrium with them."""
        self.host.load(state)
        self._load_ions(state.unknowns)
        self._numbers.change(numbers)
        changed = np.concatenate([*self._parts(state.unknowns)[:3], self._numbers.part()])
        return replace(state, unknowns=self.settled(changed))

    def settled(self, unknowns: Array) -> Array:
        """The unknowns with the numbers that settle in equilibrium with all else.

        Raises:
            SolverError: If there is no equilibrium.
        """
        if not self._numbers.count:
            return unknowns
        self._load_ions(unknowns)
        self._numbers.settle()
        return np.concatenate([*self._parts(unknowns)[:3], self._numbers.part()])

    def observe(self, state: State) -> Observation:
        """Ions in the particle, outflow and surface occupancy of a state."""
        self.host.load(state)
        self._load_ions(state.unknowns)
        return Observation(
            content=self._content() * self.amount_unit,
            outflow=self._observed_outflow() * self.amount_unit / self.time_unit,
            surface_occupancy=self._surface() / self.area,
        )

    def _parts(self, values: Array) -> tuple[Array, ...]:
        """Of the unknowns of a state the occupancy, displacement with extension, φ, and numbers."""
        n, m = owned(self._theta).size, self.elasticity.size
        return values[:n], values[n : n + m], values[n + m : n + m + n], values[n + m + n :]

    @property
    def dof_positions(self) -> Array:
        """Positions of the unknowns of a state, as `dof_positions.of_space` has them."""
        of_cells = self.domain.measure.part_of_cells
        theta, phi = (dof_positions.of_space(self.scalars, field, of_cells) for field in (0, 2))
        moved, numbers = self.elasticity.dof_positions(1), self._numbers.dof_positions(3)
        return np.concatenate([theta, moved, phi, numbers])

    # One step.

    def solve_step(
        self, past: list[State], lead: float, weights: list[float], time: float, tolerance: float
    ) -> tuple[Array, Array]:
        """Solve the difference formula = dy/dt of what evolves, and equilibrium, at a time.

        Args:
            past: States to extrapolate from, latest first.
            lead: Factor of the new values in the formula, per time unit.
            weights: Factors of those of the past states, likewise; there may be fewer of them.
            time: s.
            tolerance: Largest error that may be left in the occupancy.

        Returns:
            The unknowns of the new state, and what was extrapolated for them.

        Raises:
            SolverError: If passes or solvers do not converge.
        """
        guess = extrapolate([(state.time, state.unknowns) for state in past], time)
        self.load(replace(past[0], time=time, unknowns=guess))
        self._lead.value = lead
        self._set_time(time)
        self._residual.refresh()
        parts = [self._parts(one.unknowns) for one in past]
        owned(self._history)[:] = sum(w * part[0] for w, part in zip(weights, parts, strict=False))
        self._history.x.scatter_forward()
        numbers = sum(w * part[3] for w, part in zip(weights, parts, strict=False))
        self._numbers.begin(lead, np.asarray(numbers))
        self.elasticity.begin([one.unknowns for one in past], owned(self._theta).size, tolerance)
        surface_feels_phi = any(felt() != 0.0 for felt in self._felt_at_surface)
        for number in range(_PASS_LIMIT):
            phi = owned(self._phi).copy()
            before = self._solved()
            self._newton.solve(lead, self.volume, 1e-3 * tolerance, new_step=number == 0)
            # The flux is as sensitive to φ as to the ions: both are kept once the ions no longer move.
            if surface_feels_phi and number > 0 and self._moved(before) <= 0.1 * tolerance:
                break
            self.elasticity.solve()
            self._project()
            # Ions feel ∇φ, not φ, through θ(1 − θ) ≤ 1/4.
            moved = half_range(owned(self._phi) - phi, self._comm)
            if not surface_feels_phi and (not self._ions_feel_phi or moved / 4 <= 0.1 * tolerance):
                break
        else:
            raise SolverError("occupancy and displacement do not agree after many passes")
        self._numbers.close()
        return self._unknowns(), guess

    def _unknowns(self) -> Array:
        values = [owned(self._theta), self.elasticity.values, owned(self._phi), self._numbers.part()]
        return np.concatenate(values)

    def _set_time(self, time: float) -> None:
        if self._exchange.program.varies:
            self._constants.update_part("exchange", self._exchange.at_time(time - self._began))
            self._outflow.refresh()
            self._numbers.refresh()

    def content(self, occupancy: Array) -> float:
        """Ions in the particle at an occupancy, in the host as it now is, in the system's units."""
        owned(self._theta)[:] = occupancy
        self._theta.x.scatter_forward()
        return self._content()

    def outflow(self) -> float:
        """∫ N·n dA of the occupancy solved last, in the system's units."""
        self._lost.refresh()
        return self._step_outflow()

    def occupancy(self, state: State) -> Array:
        """θ of a state, this process's part."""
        return self._parts(state.unknowns)[0]

    def with_occupancy(self, state: State, occupancy: Array) -> State:
        """A state with another θ."""
        rest = state.unknowns[occupancy.size :]
        return replace(state, unknowns=np.concatenate([occupancy, rest]))

    def error_norm(self, unknowns: Array) -> float:
        """Largest of the occupancies, and of the numbers over their scales, over all processes."""
        theta, *_, numbers = self._parts(unknowns)
        return self._norm(theta, numbers / _NUMBER_SHARE)

    def _norm(self, theta: Array, numbers: Array) -> float:
        return max(largest(theta, self._comm), self._numbers.error_norm(numbers, self.numbers))

    def _solved(self) -> list[Array]:
        """Occupancy and numbers as they are."""
        return [owned(self._theta).copy(), self._numbers.part()]

    def _moved(self, before: list[Array]) -> float:
        return self._norm(*(now - then for now, then in zip(self._solved(), before, strict=True)))
