"""Free energy of a particle from the fields of a run: of mixing, of the hosts, and elastic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ufl

from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression
from oxyshell.models.base.pieces import GAUSS
from oxyshell.models.mechanics import forms
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.monolithic import MonolithicSystem
from oxyshell.solver import parts
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.state import State

# Parts of an integral of the standard potential over θ, each by Gauss' rule.
_PARTS = 4


def free_energy(system: MonolithicSystem) -> Callable[[State], float]:
    """F of a state over RT, in the amounts of the system's units.

    F = Σ ∫ c_s (θ ln θ + (1−θ) ln(1−θ) + ∫ e dθ) + σ:ε_el/(2RT) dV over the regions, with (1−θ) ln(1−θ)
    replaced by −θ for ions in dilute solution. Its derivative by the content is μ, if moduli do not depend on
    the content.
    """
    fields = system.fields.values
    extensions = [fields[name] for name in system.particle.coordinates.extensions]

    def density(model: ParticleModel, domain: Domain) -> Expression:
        theta = fields["occupancy"]
        strain = forms.elastic_strain(model, domain, theta, fields["displacement"], extensions)
        elastic = ufl.inner(model.elasticity.stress(strain, theta), strain) / (2 * model.thermal_energy)
        sites, share = model.host.sites(domain.position), model.transport.work_share
        return sites * (_mixing(model, theta) + share * _standard(model, theta)) + share * elastic

    models = [model for _, model in system.symbols.parts]
    densities = [
        where.volume(density(model, where)) for model, where in zip(models, system.domain.parts, strict=True)
    ]
    total = Scalar(parts.total(densities), system.comm)

    def value(state: State) -> float:
        system.load(state)
        return total()

    return value


def _mixing(model: ParticleModel, theta: Any) -> Any:
    vacant = model.transport.drift.vacant(theta)
    if isinstance(vacant, float):
        return theta * ufl.ln(theta) - theta
    return theta * ufl.ln(theta) + vacant * ufl.ln(vacant)


def _standard(model: ParticleModel, theta: Any) -> Any:
    """∫ e dθ from 1/2."""
    width = (theta - 0.5) / _PARTS
    return sum(
        weight * width * model.standard.excess(0.5 + (part + point) * width)
        for part in range(_PARTS)
        for point, weight in GAUSS
    )
