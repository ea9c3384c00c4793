"""Oxygen in weak form: pure functions of fields, test functions and a model."""

from __future__ import annotations

from dataclasses import replace

from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.oxygen.model import OxygenModel


def mobile_rate(
    model: OxygenModel,
    domain: Domain,
    mobile: Expression,
    amount: Expression,
    theta: Expression,
    source: Expression,
    reused: Expression,
    test: Expression,
) -> Form:
    """−∫ D_O ∇c·∇v dV + ∫ S v dV − ∫ N·n v dA, the weak form of ∇·(D_O ∇c) + S.

    Args:
        model: The oxygen.
        domain: Where.
        mobile: c.
        amount: Γ.
        theta: Ion content over the sites as made.
        source: S; see `source`.
        reused: k_re; see `Reuse`.
        test: v.
    """
    gradient, surface = domain.coordinates.gradient, model.surface
    inside = model.transport.dissipated(
        theta,
        domain.position,
        gradient(mobile, domain.x),
        gradient(test, domain.x),
        domain.coordinates,
    )
    outward = surface.captured(mobile, amount) + surface.lost(mobile, amount) - reused * amount
    return domain.volume(source * test - inside) - domain.surface(outward * test)


def source(model: OxygenModel, domain: Domain, theta: Expression, released: Expression) -> Expression:
    """S, mol of O2 per volume and time."""
    position = replace(domain.position, released=released)
    return model.source.release(model.host, position, theta, released)


def sink_rate(
    model: OxygenModel,
    domain: Domain,
    mobile: Expression,
    amount: Expression,
    reused: Expression,
    test: Expression,
) -> Form:
    """∫ (captured − desorbed − reused) v dA, the weak form of ∂Γ/∂t."""
    surface = model.surface
    gain = surface.captured(mobile, amount) - surface.desorbed(amount) - reused * amount
    return domain.surface(gain * test)


def flux_through_surface(model: OxygenModel, domain: Domain, mobile: Expression, theta: Expression) -> Form:
    """−∫ D_O ∇c·n dA from the gradient at the surface, as where the surface is held."""
    gradient = domain.coordinates.gradient(mobile, domain.x)
    return -domain.surface(
        model.transport.outward(theta, domain.position, gradient, domain.normal, domain.coordinates)
    )


def escape(model: OxygenModel, domain: Domain, mobile: Expression, amount: Expression) -> Form:
    """∫ (lost + desorbed) dA: O2 that leaves the particle per time."""
    surface = model.surface
    return domain.surface(surface.lost(mobile, amount) + surface.desorbed(amount))
