"""Mechanical equilibrium in weak form: pure functions of fields, test functions and a particle's model."""

from __future__ import annotations

from collections.abc import Sequence

from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form, Scalar
from oxyshell.models.particle.model import ParticleModel


def stress(
    model: ParticleModel,
    domain: Domain,
    theta: Expression,
    displacement: Expression,
    extensions: Sequence[Scalar],
) -> Expression:
    """σ = C:(ε(u) + ε(e) − ε*(θ, r)), a 3×3 tensor."""
    return model.elasticity.stress(elastic_strain(model, domain, theta, displacement, extensions), theta)


def elastic_strain(
    model: ParticleModel,
    domain: Domain,
    theta: Expression,
    displacement: Expression,
    extensions: Sequence[Scalar],
) -> Expression:
    """ε(u) + ε(e) − ε*(θ, r), the strain that takes energy, a 3×3 tensor."""
    total = domain.coordinates.strain(displacement, domain.x) + domain.coordinates.extension(*extensions)
    return total - _chemical_strain(model, domain, theta)


def held_stress(model: ParticleModel, domain: Domain, theta: Expression) -> Expression:
    """−C:ε*(θ), the stress of a particle that is kept from deforming."""
    return model.elasticity.stress(-_chemical_strain(model, domain, theta), theta)


def stress_work(model: ParticleModel, domain: Domain, sigma: Expression, theta: Expression) -> Expression:
    """W = β:σ/RT, what the stress takes off the ions' chemical potential, in units of RT."""
    filled = model.host.filled(theta, domain.position)
    return model.chemical_strain.work(sigma, filled) / model.thermal_energy


def work_definition(
    model: ParticleModel,
    domain: Domain,
    sigma: Expression,
    theta: Expression,
    work: Expression,
    test: Expression,
) -> Form:
    """∫ (β:σ/RT − W) v dV: makes W the L2 projection of the stress work, which has a gradient."""
    return domain.volume((stress_work(model, domain, sigma, theta) - work) * test)


def equilibrium(
    model: ParticleModel, domain: Domain, sigma: Expression, displacement: Expression, test: Expression
) -> Form:
    """−∫ σ:ε(v) dV + ∫ t·v dA, the weak form of ∇·σ = 0 with the surrounding's traction t."""
    import ufl

    virtual = domain.coordinates.strain(test, domain.x)
    pressing = model.confinement.normal_traction(domain.normal_component(displacement))
    return domain.surface(pressing * domain.normal_component(test)) - domain.volume(ufl.inner(sigma, virtual))


def free_extension(domain: Domain, sigma: Expression, name: str, test: Expression) -> Form:
    """−∫ σ:ε(e′) dV: no net force along the directions that the mesh does not have.

    Args:
        domain: Geometry.
        sigma: σ.
        name: Of the extension that varies; the others do not.
        test: e′, a number: the extension is the same everywhere.
    """
    import ufl

    return -domain.volume(ufl.inner(sigma, extended(domain, name, test)))


def extended(domain: Domain, name: str, number: Expression) -> Expression:
    """Strain of one of the extensions alone, a 3×3 tensor."""
    names = domain.coordinates.extensions
    return domain.coordinates.extension(*(number if one == name else 0 for one in names))


def _chemical_strain(model: ParticleModel, domain: Domain, theta: Expression) -> Expression:
    host, position = model.host, domain.position
    filled = host.filled(theta, position)
    reference = model.strain_free.occupancy(host.occupancy)
    ions = model.chemical_strain.strain(filled, reference, host.sites_as_made(position))
    return ions + host.vacancies.strain(position.released)
