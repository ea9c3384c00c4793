"""Particles of several regions as models, and their runs without a scenario file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.constants import GAS_CONSTANT
from oxyshell.models.base.properties import Constant
from oxyshell.models.base.protocol import TIME, Protocol, ProtocolStep, Stop
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.standard import PotentialOffset
from oxyshell.models.ions.transport import DiluteDrift, LatticeDrift, NoDrift
from oxyshell.models.mechanics.elasticity import IsotropicChemicalStrain, IsotropicElasticity
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.region import Interface, Region
from oxyshell.models.particle.strategies import choose
from oxyshell.models.particle.system import System, as_made, enter
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import Discretisation, StepControl
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult
from tests import lrmo
from tests.sampling import Sampler
from tests.verification.layered import Part

DRIFTS = {"none": NoDrift(), "lattice": LatticeDrift(), "dilute": DiluteDrift()}


def own_region(model: ParticleModel, name: str = "layer", **changes: Any) -> Region:
    """A region of the particle's own material, with some of its attributes changed."""
    properties: dict[str, Any] = {
        "host": model.host,
        "transport": model.transport,
        "elasticity": model.elasticity,
        "chemical_strain": model.chemical_strain,
    }
    return Region(name=name, **properties | changes)


def model_of(
    parts: Sequence[Part], radius: float, drift: str = "lattice", names: Sequence[str] = ("layer",)
) -> ParticleModel:
    """A free particle of regions.

    Args:
        parts: From the innermost, which has an offset of 0.
        radius: R, m.
        drift: A key of `DRIFTS`.
        names: Of all regions but the innermost, in the mesh.
    """
    core, *others = (_particle(part, radius, drift) for part in parts)
    regions = [
        own_region(
            model,
            name,
            standard=PotentialOffset(part.offset),
            interface=Interface(resistance=part.resistance),
        )
        for model, part, name in zip(others, parts[1:], names, strict=True)
    ]
    return replace(core, regions=tuple(regions))


def _particle(part: Part, radius: float, drift: str) -> ParticleModel:
    return lrmo.particle(
        radius=radius,
        thermal_energy=GAS_CONSTANT * 298.15,
        site_density=part.site_density,
        occupancy=part.occupancy,
        diffusivity=Constant(part.diffusivity),
        drift=DRIFTS[drift],
        elasticity=IsotropicElasticity(Constant(part.young), Constant(part.poisson)),
        chemical_strain=IsotropicChemicalStrain(Constant(part.volume)),
    )


@dataclass(frozen=True)
class Stage:
    """A flux out of the particle, mol/(m² s), for a time, s."""

    flux: float
    duration: float

    @property
    def step(self) -> ProtocolStep:
        exchange = IonExchange().at_current(self.flux)
        return ProtocolStep("stage", exchange, (Stop(TIME, self.duration),))


@dataclass(frozen=True, eq=False)
class Followed:
    """A run.

    Attributes:
        system: What was solved.
        moments: Of all accepted steps and the start.
    """

    system: System
    moments: list[StepResult]

    @property
    def last(self) -> State:
        return self.moments[-1].state

    @property
    def balance(self) -> float:
        """Largest error of the ions' balance, over the host's sites."""
        return max(moment.balance_error for moment in self.moments)

    def peak(self) -> float:
        """Largest first principal stress at any step, Pa."""
        points = Sampler(self.system)
        return max(
            points.peaks(points.stress(moment.state))["first_principal"].value for moment in self.moments
        )


def follow(
    model: ParticleModel,
    mesh: ParticleMesh,
    stages: Sequence[Stage],
    tolerance: float = 1e-4,
    discretisation: Discretisation | None = None,
) -> Followed:
    """Run a particle through some stages."""
    strategy = choose(mesh, model, discretisation or Discretisation())
    system = strategy.system
    subject = Marchable(
        method=strategy.method(tolerance),
        observe=system.observe,
        begin=partial(enter, system, as_made(model)),
        initial=system.initial_state(),
        diffusion_time=system.time_unit,
        formula_units=system.formula_units,
        sites=system.observe(system.initial_state(1.0)).content,
    )
    protocol = Protocol(tuple(stage.step for stage in stages))
    return Followed(system, list(march(subject, protocol, StepControl(tolerance))))


SHELL = {
    "thickness": "20 nm",
    "deficiency": 0.3,
    "profile": "step",
    "diffusivity": "1e-17 m^2/s",
    "elasticity": {"young_modulus": "85 GPa", "poisson_ratio": 0.25},
    "potential_offset": "1 RT",
    "interface": {"resistance": "1e10 s/m"},
}
"""A section `shell` for a layer that is another host in every respect."""
