"""The equations in weak form: pure functions of fields, test functions and a particle's model.

Every function returns the integrals that drive a field's rate of change, so that the semi-discrete system
reads M dy/dt = f(y), with M the mass of occupancy and zero for the fields that are always in equilibrium.

`Domain` says what the geometry is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oxyshell.models.host.lattice import Position
from oxyshell.models.particle import ParticleModel

# How stiff the constraint "the extension is the same everywhere" is, relative to the particle itself.
EXTENSION_STIFFNESS = 1e6


@dataclass(frozen=True)
class Domain:
    """The particle's geometry as UFL sees it.

    Attributes:
        coordinates: Strain, gradient and extension in the coordinate system.
        measure: Integrals over the whole particle.
        position: Depth and layer indicator.
        x: Spatial coordinate.
        normal: Outward unit normal of facets.
        degree: Quadrature degree of all integrals.
    """

    coordinates: Any
    measure: Any
    position: Position
    x: Any
    normal: Any
    degree: int

    def volume(self, integrand: Any) -> Any:
        """∫ integrand dV over the particle."""
        return self.measure.volume(integrand, self.degree)

    def surface(self, integrand: Any) -> Any:
        """∫ integrand dA over the particle's surface."""
        return self.measure.surface(integrand, self.degree)


def stress(model: ParticleModel, domain: Domain, theta: Any, displacement: Any, extension: Any) -> Any:
    """σ = C:(ε(u) + ε(e) − ε*(θ, r)), a 3×3 tensor."""
    total = domain.coordinates.strain(displacement, domain.x) + domain.coordinates.extension(extension)
    return model.elasticity.stress(total - _chemical_strain(model, domain, theta), theta)


def held_stress(model: ParticleModel, domain: Domain, theta: Any) -> Any:
    """−C:ε*(θ), the stress of a particle that is kept from deforming."""
    return model.elasticity.stress(-_chemical_strain(model, domain, theta), theta)


def stress_work(model: ParticleModel, domain: Domain, sigma: Any, theta: Any) -> Any:
    """W = β:σ/RT, what the stress takes off the ions' chemical potential, in units of RT."""
    filled = model.host.filled(theta, domain.position)
    return model.chemical_strain.work(sigma, filled) / model.thermal_energy


def ion_content(model: ParticleModel, domain: Domain, theta: Any, test: Any) -> Any:
    """∫ c_s θ v dV: with v = 1 the ions in the particle."""
    return domain.volume(model.host.sites(domain.position) * theta * test)


def ion_outflow(model: ParticleModel, domain: Domain, theta: Any, test: Any) -> Any:
    """∫ N·n v dA: with v = 1 the ions that leave per time."""
    return domain.surface(model.exchange.outward_flux(theta, model.host.sites(domain.position)) * test)


def ion_flux_through_surface(model: ParticleModel, domain: Domain, theta: Any, work: Any) -> Any:
    """∫ N·n dA from the gradients at the surface, which is how a held surface's flux can be seen."""
    sites = model.host.sites(domain.position)
    gradient = domain.coordinates.gradient
    flux = model.transport.flux(theta, gradient(theta, domain.x), gradient(work, domain.x), sites)
    return domain.surface(_along(flux, domain.normal))


def ion_rate(model: ParticleModel, domain: Domain, theta: Any, work: Any, test: Any) -> Any:
    """∫ N·∇v dV − ∫ N·n v dA, the weak form of −∇·N."""
    import ufl

    gradient = domain.coordinates.gradient
    flux = model.transport.flux(
        theta, gradient(theta, domain.x), gradient(work, domain.x), model.host.sites(domain.position)
    )
    inside = domain.volume(ufl.inner(flux, gradient(test, domain.x)))
    return inside - ion_outflow(model, domain, theta, test)


def work_definition(
    model: ParticleModel, domain: Domain, sigma: Any, theta: Any, work: Any, test: Any
) -> Any:
    """∫ (β:σ/RT − W) v dV: makes W the L2 projection of the stress work, which has a gradient."""
    return domain.volume((stress_work(model, domain, sigma, theta) - work) * test)


def equilibrium(model: ParticleModel, domain: Domain, sigma: Any, displacement: Any, test: Any) -> Any:
    """−∫ σ:ε(v) dV + ∫ t·v dA, the weak form of ∇·σ = 0 with the surrounding's traction t."""
    import ufl

    virtual = domain.coordinates.strain(test, domain.x)
    pressing = model.confinement.normal_traction(_along(displacement, domain.normal))
    return domain.surface(pressing * _along(test, domain.normal)) - domain.volume(ufl.inner(sigma, virtual))


def free_extension(
    model: ParticleModel, domain: Domain, sigma: Any, theta: Any, extension: Any, test: Any
) -> Any:
    """No net force along the directions outside the mesh, and the same extension everywhere.

    The extension e is a field that a gradient penalty of `EXTENSION_STIFFNESS` times the particle's stiffness
    makes uniform: e differs from its exact uniform value by about the inverse of that number.
    """
    import ufl

    stiffness = ufl.tr(model.elasticity.stress(ufl.Identity(3), theta))
    held = EXTENSION_STIFFNESS * stiffness * ufl.inner(ufl.grad(extension), ufl.grad(test))
    return -domain.volume(held + ufl.inner(sigma, domain.coordinates.extension(test)))


def _chemical_strain(model: ParticleModel, domain: Domain, theta: Any) -> Any:
    host, position = model.host, domain.position
    filled = host.filled(theta, position)
    ions = model.chemical_strain.strain(filled, host.occupancy, host.sites_as_made(position))
    return ions + host.vacancies.strain(position.released)


def _along(vector: Any, normal: Any) -> Any:
    import ufl

    return ufl.dot(vector, normal) if vector.ufl_shape else vector * normal[0]
