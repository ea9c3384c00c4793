"""Oxygen: one long step of backward Euler to a chosen content, with the source and all surface laws.

With a shift s the equations become s c = ∇·(D ∇c) + S + …, s r = k (p − r), s Γ = captured − desorbed: every
term of the weak forms takes part, and r and Γ follow from what is chosen in closed form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.models.base.properties import FormulaProperty
from oxyshell.models.host.lattice import CosineLayer
from oxyshell.models.oxygen.model import LiOLiContent, OverOxidation, OxygenModel, OxygenTransport
from oxyshell.models.oxygen.surface import SurfaceExchange
from oxyshell.solver import spaces
from tests.oxygen import discretised, forcing
from tests.verification.manufactured import sources
from tests.verification.manufactured.bodies import Body
from tests.verification.manufactured.orders import norm, surface_norm
from tests.verification.manufactured.units import unit_host

START, DEFICIENCY, ONSET, ELECTRONS, RATE, POOR = 0.9, 0.2, 0.05, 0.25, 3.0, 0.6
CAPACITY, CAPTURE, ESCAPE, SPILL, OUTSIDE, DESORPTION = 0.8, 1.5, 0.7, 0.4, 0.2, 0.5
SHIFT = 1.0


@dataclass(frozen=True)
class Oxygen:
    """What is solved: the body, and the degree of c."""

    body: Body
    degree: int

    @property
    def model(self) -> OxygenModel:
        """D_O = 1 + θ/2, a graded host whose layer has less to release, a sink that also spills and leaks."""
        diffusivity = FormulaProperty.parse("1 + theta/2", 1 / (1 + START / 2))
        return OxygenModel(
            radius=1.0,
            initial=1.0,
            host=unit_host(START, layer=CosineLayer(thickness=1.0, deficiency=DEFICIENCY)),
            transport=OxygenTransport(bulk=diffusivity, layer=diffusivity),
            source=OverOxidation(
                onset=ONSET,
                electrons=ELECTRONS,
                rate=RATE,
                content=LiOLiContent(bulk=1.0, deficient=POOR, deficiency=DEFICIENCY),
            ),
            surface=SurfaceExchange(
                capacity=CAPACITY,
                capture=CAPTURE,
                escape=ESCAPE,
                spill=SPILL,
                outside=OUTSIDE,
                desorption=DESORPTION,
            ),
        )


@dataclass(frozen=True)
class Exact:
    """The chosen fields at x, and what follows from them in strong form."""

    case: Oxygen
    x: Any

    @property
    def theta(self) -> Any:
        return 0.3 - 0.15 * self.case.body.wave(self.x)

    @property
    def mobile(self) -> Any:
        return 0.5 + 0.3 * self.case.body.wave(self.x)

    @property
    def released(self) -> Any:
        """r of s r = k (p − r)."""
        grade = (1 - ufl.cos(math.pi * ufl.sqrt(ufl.dot(self.x, self.x)))) / 2
        extracted = (1 - DEFICIENCY * grade) * (START - self.theta)
        share = 1 - (1 - POOR) * grade
        return RATE / (RATE + SHIFT) * share * ELECTRONS * (extracted - ONSET)

    @property
    def held(self) -> Any:
        """Γ of s Γ = k_c c (1 − Γ/Γ_max) − k_des Γ."""
        return CAPTURE * self.mobile / (SHIFT + DESORPTION + CAPTURE * self.mobile / CAPACITY)

    def source(self, domain: Any, mobile: Any, test: Any) -> Any:
        """s c − ∇·(D ∇c) − S inside; at the surface, what the laws take beyond N·n."""
        flux = -(1 + self.theta / 2) / (1 + START / 2) * ufl.grad(self.mobile)
        divergence = self.case.body.strong.divergence(flux, self.x)
        inside = SHIFT * self.mobile + divergence - SHIFT * self.released
        full = self.held / CAPACITY
        taken = CAPTURE * self.mobile * (1 - full) + SPILL * self.mobile * full
        taken += ESCAPE * (self.mobile - OUTSIDE)
        surplus = taken - ufl.dot(flux, domain.normal)
        return domain.volume(inside * test) + domain.surface(surplus * test)


def errors(case: Oxygen, elements: int) -> dict[str, float]:
    """Errors of mobile, released and captured oxygen on one mesh."""
    mesh = case.body.mesh(elements)
    exact = Exact(case, ufl.SpatialCoordinate(mesh.mesh))
    scalars = fem.functionspace(mesh.mesh, spaces.scalar_element(mesh, case.degree))
    theta = fem.Function(scalars)
    theta.interpolate(fem.Expression(exact.theta, scalars.element.interpolation_points))
    with sources.to_oxygen(exact.source):
        system = discretised(mesh, case.model, case.degree, scalars)
    ions = forcing(0.0, theta.x.array.copy())
    system.drive(ions, ions)
    # Half full: nothing is released yet, and the source is on its smooth side.
    start = np.full(system.size, 0.1)
    start[system.fields.rows["released"]] = 0.0
    system.put(sources.root(system, start, SHIFT))
    values = system.fields.values
    mobile, released, held = values["mobile"], values["released"], values["captured"]
    degree = 2 * case.degree + 4
    return {
        "c, L2": norm(system.domain, mobile - exact.mobile, degree),
        "c, H1": norm(system.domain, ufl.grad(mobile - exact.mobile), degree),
        "r, L2": norm(system.domain, released - exact.released, degree),
        "Γ, L2 of the surface": surface_norm(system.domain, held - exact.held, degree),
    }
