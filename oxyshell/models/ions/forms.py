"""Ion transport in weak form: pure functions of fields, test functions and a particle's model."""

from __future__ import annotations

from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.process import Fields
from oxyshell.models.particle.model import ParticleModel


def ion_content(model: ParticleModel, domain: Domain, theta: Expression, test: Expression) -> Form:
    """∫ c_s θ v dV: with v = 1 the ions in the particle."""
    return domain.volume(model.host.sites(domain.position) * theta * test)


def ion_outflow(model: ParticleModel, domain: Domain, fields: Fields, test: Expression = 1) -> Form:
    """∫ N·n v dA: with v = 1 the ions that leave per time."""
    return domain.surface(model.exchange.outward_flux(fields, model.host.sites(domain.position)) * test)


def ion_flux_through_surface(
    model: ParticleModel, domain: Domain, theta: Expression, work: Expression
) -> Form:
    """∫ N·n dA from the gradients at the surface, as where the surface is held."""
    sites = model.host.sites(domain.position)
    gradient = domain.coordinates.gradient
    flux = model.transport.flux(
        theta, gradient(theta, domain.x), gradient(work, domain.x), sites, domain.coordinates
    )
    return domain.surface(domain.normal_component(flux))


def ion_rate(model: ParticleModel, domain: Domain, fields: Fields, test: Expression) -> Form:
    """∫ N·∇v dV − ∫ N·n v dA, the weak form of −∇·N."""
    import ufl

    theta, work = fields["occupancy"], model.solution.work(fields)

    gradient = domain.coordinates.gradient
    flux = model.transport.flux(
        theta,
        gradient(theta, domain.x),
        gradient(work, domain.x),
        model.host.sites(domain.position),
        domain.coordinates,
    )
    inside = domain.volume(ufl.inner(flux, gradient(test, domain.x)))
    return inside - ion_outflow(model, domain, fields, test)
