"""Free energy of the ions and of the strain that they cause, in weak form."""

from __future__ import annotations

from typing import Any

from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.process import Fields
from oxyshell.models.mechanics import forms as mechanics_forms
from oxyshell.models.particle.model import ParticleModel

# θ ln θ is zero to round-off below, and has no slope at 0.
_EMPTY = 1e-14


def gradient_energy(model: ParticleModel, domain: Domain, theta: Expression) -> Form:
    """∫ κ|∇θ|²/2 dV."""
    import ufl

    slope = domain.coordinates.gradient(theta, domain.x)
    return domain.volume(_density(model) * _solution(model).length ** 2 / 2 * ufl.inner(slope, slope))


def free_energy(model: ParticleModel, domain: Domain, fields: Fields) -> Form:
    """∫ (c_s RT f(θ) + κ|∇θ|²/2 + σ:ε/2) dV, and the energy of an elastic surrounding.

    f = θ ln θ + (1−θ) ln(1−θ) + ∫g dθ. In a closed particle at rest it falls: its derivative with respect to
    the content is the potential whose gradient drives the ions.
    """
    import ufl

    theta, displacement = fields["occupancy"], fields["displacement"]
    share = ufl.min_value(ufl.max_value(theta, _EMPTY), 1 - _EMPTY)
    # Entropy counts in the RT of the ions, all else in that of the run.
    mixing = (share * ufl.ln(share) + (1 - share) * ufl.ln(1 - share)) / model.transport.work_share
    local = _density(model) * (mixing + _solution(model).interaction.energy(theta))
    extensions = [fields[name] for name in domain.coordinates.extensions]
    strain = mechanics_forms.elastic_strain(model, domain, theta, displacement, extensions)
    elastic = ufl.inner(model.elasticity.stress(strain, theta), strain) / 2
    moved = domain.normal_component(displacement)
    surrounding = domain.surface(-model.confinement.normal_traction(moved) * moved / 2)
    return domain.volume(local + elastic) + gradient_energy(model, domain, theta) + surrounding


def _density(model: ParticleModel) -> Any:
    """c_s RT."""
    return model.host.site_density * model.thermal_energy


def _solution(model: ParticleModel) -> Any:
    """The `GradientSolution` of a particle that has one."""
    return model.solution
