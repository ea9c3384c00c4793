"""Short charges of coarse particles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.protocol import TIME, Protocol, ProtocolStep, Stop
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.strategies import choose
from oxyshell.models.particle.system import Strategy, as_made, enter
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import Discretisation, LinearSolverChoice, StepControl, StrategyChoice
from oxyshell.solver.step_result import StepResult
from tests.lrmo import CURRENT
from tests.sampling import Sample, Sampler

MONOLITHIC, SPLIT = StrategyChoice.MONOLITHIC, StrategyChoice.SPLIT


@dataclass(frozen=True, eq=False)
class Charged:
    """A particle at the end of a charge.

    Attributes:
        strategy: What solved it.
        moments: Everything that the march handed out.
        evaluation: Points of the mesh.
        sample: Fields at those points.
    """

    strategy: Strategy
    moments: list[StepResult]
    evaluation: Sampler
    sample: Sample

    @property
    def last(self) -> StepResult:
        return self.moments[-1]

    @property
    def surface_occupancy(self) -> float:
        return self.last.observation.surface_occupancy

    def peak(self, measure: str) -> float:
        """The largest stress, Pa."""
        return self.evaluation.peaks(self.sample.stress)[measure].value


def discretised(
    particle: ParticleMesh,
    model: ParticleModel,
    kind: StrategyChoice,
    degree: int = 1,
    linear_solver: LinearSolverChoice = LinearSolverChoice.AUTO,
) -> Strategy:
    return choose(particle, model, Discretisation(strategy=kind, degree=degree, linear_solver=linear_solver))


def charged(
    strategy: Strategy,
    model: ParticleModel,
    tolerance: float = 1e-4,
    seconds: float = 9000.0,
    evaluation: Sampler | None = None,
) -> Charged:
    """Charge at 0.1 C; 9000 s take out a fifth of an ion per formula unit."""
    system = strategy.system
    exchange = IonExchange(extraction=CURRENT)
    step = ProtocolStep("charge", exchange, (Stop(TIME, seconds),))
    system.update(model)
    subject = Marchable(
        method=strategy.method(tolerance),
        observe=system.observe,
        begin=partial(enter, system, as_made(model)),
        initial=system.initial_state(model.host.occupancy),
        diffusion_time=system.time_unit,
        formula_units=1.0,
        sites=system.observe(system.initial_state(1.0)).content,
    )
    # Bounded by the error alone, which is what these tests are about.
    control = StepControl(tolerance=tolerance, largest_share=math.inf)
    moments = list(march(subject, Protocol((step,)), control))
    points = evaluation or Sampler(system)
    return Charged(strategy, moments, points, points.sample(moments[-1].state))
