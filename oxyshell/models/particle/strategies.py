"""Solution strategy of a particle, chosen by dimension and size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oxyshell.errors import SolverError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.monolithic import MonolithicSystem
from oxyshell.models.particle.split import SplitSystem
from oxyshell.models.particle.system import Strategy
from oxyshell.solver.integrators.backward_differences import BackwardDifferences
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.marchable import Method
from oxyshell.solver.settings import Discretisation, LinearSolverChoice, StrategyChoice

DEGREE = {1: 3, 2: 2}
"""Polynomial degree of the occupancy on a line and in a plane; the displacement has one more."""
# In a solid, degree 2 pays as long as its displacements (about 14 unknowns per cell) can be factorised.
_SMALL_SOLID = 2200


class Monolithic:
    """All fields in one system, Rosenbrock steps, direct solver: best on a line, the reference elsewhere."""

    def __init__(self, particle: ParticleMesh, model: ParticleModel, discretisation: Discretisation) -> None:
        """Discretise."""
        self.system = MonolithicSystem(
            particle, model, _degree(particle, discretisation), discretisation.compiled
        )

    def method(self, tolerance: float) -> Method:
        return Rosenbrock(
            self.system, tolerance, self.system.passage(tolerance), stages=self.system.stage_loop
        )


class Split:
    """Occupancy and displacement in turn, BDF2 steps: best in two and three dimensions."""

    def __init__(self, particle: ParticleMesh, model: ParticleModel, discretisation: Discretisation) -> None:
        """Discretise.

        Raises:
            SolverError: If ions interact.
        """
        if model.solution.processes():
            raise SolverError(
                "found the strategy 'split' for ions that interact, expected 'monolithic' (or 'auto'): their "
                "potential and their content have to be solved for together"
            )
        direct = _DIRECT[discretisation.linear_solver]
        self.system = SplitSystem(particle, model, _degree(particle, discretisation), direct)

    def method(self, tolerance: float) -> Method:
        return BackwardDifferences(self.system, tolerance, self.system.passage(tolerance))


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
        together = particle.mesh.topology.dim == 1 or bool(model.solution.processes())
        chosen = StrategyChoice.MONOLITHIC if together else StrategyChoice.SPLIT
    strategy: Strategy = _STRATEGIES[chosen](particle, model, discretisation)
    return strategy


def _degree(particle: ParticleMesh, discretisation: Discretisation) -> int:
    topology = particle.mesh.topology
    small = topology.index_map(topology.dim).size_global <= _SMALL_SOLID
    return discretisation.degree or DEGREE.get(topology.dim) or (2 if small else 1)
