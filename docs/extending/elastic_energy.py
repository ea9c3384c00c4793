"""An output quantity: the elastic energy that is stored in the particle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from oxyshell.models.base.observable import Observable
from oxyshell.models.base.physics import Physics

if TYPE_CHECKING:
    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class ElasticEnergy(Physics):
    """U = ∫ [(1 + ν) σ:σ − ν (tr σ)²] / 2E dV of an isotropic particle."""

    name = "elastic_energy"
    in_every_run = True
    observables = (Observable("elastic_energy_J", "J", "elastic energy U stored in the particle"),)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        import ufl

        from oxyshell.solver.assembly import Scalar
        from oxyshell.solver.recorder import Recorder
        from oxyshell.solver.step_result import StepResult

        system = particle.system
        theta, stress = system.expressions.occupancy, system.expressions.stress
        elasticity = system.symbols.elasticity
        modulus, ratio = elasticity.young_modulus.value(theta), elasticity.poisson_ratio.value(theta)
        squares = (1 + ratio) * ufl.inner(stress, stress) - ratio * ufl.tr(stress) ** 2
        energy = Scalar(system.domain.volume(squares / (2 * modulus)), system.particle.mesh.comm)

        class EnergyRecorder(Recorder):
            def __init__(self) -> None:
                energy.refresh()  # the numbers of the run that begins

            def step(self, moment: StepResult) -> Mapping[str, float]:
                system.load(moment.state)
                units = system.units
                return {"elastic_energy_J": energy() * units.stress * units.length**3}

        return lambda facts: [EnergyRecorder()]
