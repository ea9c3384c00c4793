"""All fields at once: occupancy, stress work, displacement and extension in one implicit system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.protocol import SurfaceCondition
from oxyshell.models.ions.process import IonTransport
from oxyshell.models.mechanics.process import Equilibrium
from oxyshell.models.particle.host_lattice import host_of
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.system import ParticleFields, System
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.boundary import AT_ONCE, jump
from oxyshell.solver.group_system import GroupSystem
from oxyshell.solver.state import Array, Observation, State


class MonolithicSystem(System, GroupSystem[ParticleModel]):
    """The coupled equations of one particle as M dy/dt = f(y); see `rosenbrock.ImplicitSystem`."""

    def __init__(
        self, particle: ParticleMesh, model: ParticleModel, degree: int, compiled: bool = True
    ) -> None:
        """Build spaces and forms.

        Args:
            particle: The mesh.
            model: The physics, SI.
            degree: Polynomial degree of the occupancy; the displacement has one more.
            compiled: Whether a small system is assembled and solved by the compiled loop.
        """
        names = [name for name, _ in model.parts]
        self.scalars = spaces.scalars(particle, degree, names)
        self.host = host_of(model, self.scalars)
        domain = spaces.domain(particle, 2 * degree + 3, self.host.released, names)
        brought = [*model.solution.processes(), *model.exchange.processes()]
        processes = [IonTransport(), Equilibrium(), *brought]
        GroupSystem.__init__(self, particle, model, processes, degree, domain, {}, compiled)
        self.ion_domain = domain
        self._occupancy = self.fields.rows["occupancy"]
        self._exchange, self._began, self._now = model.exchange, 0.0, 0.0
        numbers = (process.unknowns(model, particle.coordinates) for process in model.exchange.processes())
        self._numbers = [unknown.name for several in numbers for unknown in several]
        self.host.discretise(self.symbols, domain)
        self.surface_fields = values = self.fields.values
        stress = self.by_part(lambda model, where: Equilibrium.stress(model, where, values))
        self.expressions = ParticleFields(values["occupancy"], values["displacement"], stress)
        self._surface = Scalar(domain.surface(values["occupancy"]), self.comm)

    def prepare(self, unknowns: Array, shift: float) -> None:
        """As `BlockSystem.prepare`, in the host as it now is."""
        if self.host.changing:
            self.reassemble_mass()
        super().prepare(unknowns, shift)

    # What a run asks for.

    def update(self, model: ParticleModel) -> None:
        """Take over another model of the same kind, compiling nothing."""
        super().update(model)
        self.host.refresh()

    def initial_state(self, occupancy: float | None = None) -> State:
        unknowns = self.fields.gather(self._starts())
        unknowns[self._occupancy] = self._as_made(occupancy)
        return State(0.0, unknowns if self._fits or occupancy is not None else self._strained(unknowns), 0.0)

    def _strained(self, unknowns: Array) -> Array:
        """The unknowns with stress in equilibrium, the occupancy being as it is: linear but for round-off."""
        for _ in range(2):
            self.prepare(unknowns, AT_ONCE)
            change = self.solve(self.rate(unknowns))
            change[self._occupancy] = 0.0
            unknowns = unknowns + change
        return unknowns

    def _starts(self) -> dict[str, float]:
        return {
            name: value for process in self._processes for name, value in process.start(self.numbers).items()
        }

    def numbers_of(self, state: State) -> Mapping[str, float]:
        """Values of the numbers that the surface's law has brought along, by name."""
        return {name: self.number(state.unknowns, name) for name in self._numbers}

    def with_numbers(self, state: State, numbers: Mapping[str, float]) -> State:
        """A state with other values of these, and in equilibrium what is in equilibrium with them."""
        unknowns = np.array(state.unknowns)
        for name, value in numbers.items():
            unknowns[self.fields.rows[name]] = value
        self.host.load(state)
        return replace(state, unknowns=self.settled(unknowns))

    def follow(self, exchange: SurfaceCondition, began: float) -> None:
        """Let what is set at the surface take its course since a time, s."""
        self._exchange, self._began = exchange, began

    def set_time(self, time: float) -> None:
        """Be the system at a time, s."""
        self._now = time
        if self._exchange.program.varies:
            self._constants.update_part("exchange", self._exchange.at_time(time - self._began))
            self.refresh_rate()

    def time_slope(self, unknowns: Array, ahead: float) -> tuple[Array | float, float]:
        """∂f/∂t per unit of time and that of the outflow, by differences over some units of time ahead."""
        if not self._exchange.program.varies:
            return 0.0, 0.0
        now, before, leaving = self._now, self.rate(unknowns), self.outflow(unknowns)
        self.set_time(now + ahead * self.time_unit)
        slope: Array = (self.rate(unknowns) - before) / ahead
        outward = (self.outflow(unknowns) - leaving) / ahead
        self.set_time(now)
        return slope, outward

    def hold_surface(self, occupancy: float | None) -> None:
        """Hold the surface at an occupancy in place of the exchange's flux; None: the flux is in force."""
        self.hold({} if occupancy is None else {"occupancy": occupancy})

    def brought_to_surface(self, state: State) -> State:
        """The state in the moment after its surface has come to the occupancy at which it is held."""
        self.host.load(state)
        return replace(state, unknowns=state.unknowns + jump(self, state.unknowns))

    def observe(self, state: State) -> Observation:
        """Ions in the particle, outflow and surface occupancy of a state."""
        self.load(state)
        return Observation(
            content=self._contents["occupancy"]() * self.amount_unit,
            outflow=self._observed_outflow() * self.amount_unit / self.time_unit,
            surface_occupancy=self._surface() / self.area,
        )

    def load(self, state: State) -> None:
        """Put a state's values into `expressions`."""
        self.host.load(state)
        self.put(state.unknowns)

    def occupancy(self, state: State) -> Array:
        """θ of a state, this process's part."""
        theta: Array = state.unknowns[self._occupancy]
        return theta

    def with_occupancy(self, state: State, occupancy: Array) -> State:
        """A state with another θ."""
        unknowns = np.array(state.unknowns)
        unknowns[self._occupancy] = occupancy
        return replace(state, unknowns=unknowns)
