"""How a particle is solved, chosen by dimension and size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import ufl
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import Units
from oxyshell.models.base.protocol import ProtocolStep
from oxyshell.models.particle import ParticleModel
from oxyshell.models.weak_forms import Domain
from oxyshell.solver.backward_differences import BackwardDifferences
from oxyshell.solver.hosts import HostLattice
from oxyshell.solver.march import Method
from oxyshell.solver.monolithic import MonolithicSystem
from oxyshell.solver.rosenbrock import Rosenbrock
from oxyshell.solver.settings import Discretisation, LinearSolverChoice, StrategyChoice
from oxyshell.solver.split import SplitSystem
from oxyshell.solver.state import Array, Observation, State

# Polynomial degree of the occupancy on a line and in a plane; the displacement has one more.
_DEGREE = {1: 3, 2: 2}
# In a solid, degree 2 pays as long as its displacements (about 14 unknowns per cell) can be factorised.
_SMALL_SOLID = 2200


class System(Protocol):
    """The discretised equations of one particle, whatever the strategy.

    Attributes:
        particle: The mesh.
        domain: Its geometry.
        fields: Occupancy, displacement, extension and stress of the state that was loaded last.
        volume: In R³.
        area: Of the surface, in R².
        scalars: The occupancy's space.
        host: The lattice that the ions are in.
    """

    particle: ParticleMesh
    domain: Domain
    fields: tuple[ufl.core.expr.Expr, ...]
    volume: float
    area: float
    scalars: fem.FunctionSpace
    host: HostLattice

    @property
    def symbols(self) -> ParticleModel:
        """The model whose numbers are symbols."""

    @property
    def units(self) -> Units:
        """The units of the fields."""

    @property
    def time_unit(self) -> float:
        """Seconds in one unit of time, the diffusion time R²/D."""

    @property
    def degrees_of_freedom(self) -> int:
        """Unknowns over all processes."""

    @property
    def places(self) -> Array:
        """Where the unknowns of a state stand, as `places.of_space` says it."""

    def accepts(self, model: ParticleModel) -> bool:
        """Whether `update` takes this model: other numbers than the present one's, the same kind."""

    def update(self, model: ParticleModel) -> None:
        """Take over another model of the same kind, compiling nothing."""

    def hold(self, occupancy: float | None) -> None:
        """Hold the surface at an occupancy in place of the exchange's flux; None: the flux is in force."""

    def brought_to_surface(self, state: State) -> State:
        """The state in the moment after its surface has come to the occupancy at which it is held."""

    def occupancy(self, state: State) -> Array:
        """θ of a state at the degrees of freedom of `scalars` that this process owns."""

    def with_occupancy(self, state: State, occupancy: Array) -> State:
        """A state with another θ."""

    def initial_state(self, occupancy: float) -> State:
        """The as-made particle."""

    def load(self, state: State) -> None:
        """Put a state's values into `fields`."""

    def observe(self, state: State) -> Observation:
        """Ions in the particle, outflow and surface occupancy of a state."""


def enter(system: System, model: ParticleModel, step: ProtocolStep, state: State) -> State:
    """Put a protocol step's surface condition in force.

    Args:
        system: The discretised particle.
        model: Its physics, SI.
        step: The protocol step.
        state: The state in which it begins.

    Returns:
        The state, its surface at the occupancy that the step holds, if it holds any. The ions that are no
        longer in the particle then have left.
    """
    system.update(replace(model, exchange=step.exchange))
    system.hold(step.held)
    if step.held is None:
        return state
    before = system.observe(state).ions_in
    moved = system.brought_to_surface(state)
    return replace(moved, left=state.left + before - system.observe(moved).ions_in)


class Strategy(Protocol):
    """A discretisation together with its time stepping."""

    system: System

    def method(self, tolerance: float) -> Method:
        """The time-stepping method for a tolerance of the occupancy per step."""


class Monolithic:
    """All fields in one system, Rosenbrock steps, direct solver: best on a line, the reference elsewhere."""

    def __init__(self, particle: ParticleMesh, model: ParticleModel, discretisation: Discretisation) -> None:
        """Discretise."""
        self.system = MonolithicSystem(particle, model, _degree(particle, discretisation))

    def method(self, tolerance: float) -> Method:
        return Rosenbrock(self.system, tolerance)


class Split:
    """Occupancy and displacement in turn, BDF2 steps: best in two and three dimensions."""

    def __init__(self, particle: ParticleMesh, model: ParticleModel, discretisation: Discretisation) -> None:
        """Discretise."""
        direct = _DIRECT[discretisation.linear_solver]
        self.system = SplitSystem(particle, model, _degree(particle, discretisation), direct)

    def method(self, tolerance: float) -> Method:
        return BackwardDifferences(self.system, tolerance)


_DIRECT: dict[LinearSolverChoice, bool | None] = {
    LinearSolverChoice.AUTO: None,
    LinearSolverChoice.DIRECT: True,
    LinearSolverChoice.MULTIGRID: False,
}
_STRATEGIES: dict[StrategyChoice, Callable[[ParticleMesh, ParticleModel, Discretisation], Any]] = {
    StrategyChoice.MONOLITHIC: Monolithic,
    StrategyChoice.SPLIT: Split,
}


def choose(particle: ParticleMesh, model: ParticleModel, discretisation: Discretisation) -> Strategy:
    """Discretise a particle by the chosen strategy, or by the one that measured fastest for its dimension.

    Raises:
        SolverError: If the strategy cannot treat this particle.
    """
    chosen = discretisation.strategy
    if chosen is StrategyChoice.AUTO:
        chosen = StrategyChoice.MONOLITHIC if particle.mesh.topology.dim == 1 else StrategyChoice.SPLIT
    strategy: Strategy = _STRATEGIES[chosen](particle, model, discretisation)
    return strategy


def _degree(particle: ParticleMesh, discretisation: Discretisation) -> int:
    topology = particle.mesh.topology
    small = topology.index_map(topology.dim).size_global <= _SMALL_SOLID
    return discretisation.degree or _DEGREE.get(topology.dim) or (2 if small else 1)
