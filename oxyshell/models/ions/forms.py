"""Ion transport in weak form: pure functions of fields, test functions and a particle's model."""

from __future__ import annotations

from oxyshell.models.base.domain import Domain, Interface
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.process import Fields
from oxyshell.models.particle.model import ParticleModel

# κ of an interface in units of D c_s/h: enough for stability at any degree in use, and without effect on what
# is converged (1 to 100 times as much changes peaks by less than 1e-5).
_STIFFNESS = 20.0


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


def interface_flux(
    inner: ParticleModel, outer: ParticleModel, interface: Interface, fields: Fields
) -> Expression:
    """N·n through an interface, from the inner to the outer part: (N_i·n + κ g)/(1 + κ r/c_sb).

    N_i is the flux of the inner part and g the affinity, so that N·n = c_sb g/r where N·n = N_i·n. For r = 0,
    perfect contact, it is Nitsche's method of the condition g = 0 with the flux of one side.
    """
    import ufl

    domain, theta, work = interface.domain, fields["occupancy"], inner.solution.work(fields)
    gradient, sites = domain.coordinates.gradient, inner.host.sites(domain.position)
    transport = inner.transport
    flux = transport.flux(
        theta, gradient(theta, domain.x), gradient(work, domain.x), sites, domain.coordinates
    )
    conductance = ufl.as_ufl(transport.largest_diffusivity(theta) * sites)
    stiffness = _STIFFNESS * conductance("+") / interface.height
    driven = interface.normal_component(flux) + stiffness * affinity(inner, outer, fields)
    return driven / (1 + stiffness * outer.interface.resistance / inner.host.site_density)


def affinity(inner: ParticleModel, outer: ParticleModel, fields: Fields) -> Expression:
    """G = 2 sinh(Δμ/2RT) √(θ_i (1−θ_i) θ_o (1−θ_o)), without a logarithm.

    It is that of the drift law of the inner part: for ions in dilute solution, without 1−θ; where the stress
    does not drive ions, without the stress in μ.
    """
    import ufl

    theta, drift = fields["occupancy"], inner.transport.drift
    below, above = theta("+"), theta("-")

    def excess(model: ParticleModel, side: str) -> Expression:
        work = drift.felt(model.solution.work(fields))
        return ufl.as_ufl(model.standard.excess(theta) - work)(side)

    difference = (excess(inner, "+") - excess(outer, "-")) * inner.transport.work_share
    outwards = below * drift.vacant(above) * ufl.exp(difference / 2)
    return outwards - above * drift.vacant(below) * ufl.exp(-difference / 2)
