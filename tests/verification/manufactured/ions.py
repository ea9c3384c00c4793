"""Ions and stress: a steady state of the whole coupled system with a chosen occupancy and displacement."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import ufl

from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.host.lattice import CosineLayer
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.transport import DiluteDrift, LatticeDrift, LayeredTransport, NoDrift
from oxyshell.models.mechanics.elasticity import Confinement, IsotropicChemicalStrain, IsotropicElasticity
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.monolithic import MonolithicSystem
from tests.verification.manufactured import sources
from tests.verification.manufactured.bodies import Body
from tests.verification.manufactured.orders import norm
from tests.verification.manufactured.units import GIGA, unit_particle

DRIFTS = {"none": NoDrift(), "lattice": LatticeDrift(), "dilute": DiluteDrift()}
MOBILITY = {"none": lambda t: 0 * t, "lattice": lambda t: t * (1 - t), "dilute": lambda t: t}
START, DEFICIENCY = 0.9, 0.2
TRANSFER, TARGET = 2.0, 0.3
YOUNG, SOFTENING, POISSON, VOLUME = 6.0, 0.3, 0.3, 0.6
STIFFNESS = 1.5


@dataclass(frozen=True)
class Ions:
    """What is solved.

    Attributes:
        body: Where.
        drift: How stress moves ions: a key of `DRIFTS`.
        degree: Of the occupancy.
    """

    body: Body
    drift: str
    degree: int

    @property
    def model(self) -> ParticleModel:
        """D = 1 + θ/2, E = E0 (1 − 0.3 θ), a graded host, an exchanging surface, an elastic surrounding."""
        return unit_particle(
            START,
            # As deep as the particle, so that nowhere along the radius there is a kink.
            layer=CosineLayer(thickness=1.0, deficiency=DEFICIENCY),
            diffusivity=FormulaProperty.parse("1 + theta/2", 1 / 1.5),
            drift=DRIFTS[self.drift],
            elasticity=IsotropicElasticity(
                young_modulus=FormulaProperty.parse(f"1 - {SOFTENING}*theta", YOUNG * GIGA),
                poisson_ratio=Constant(POISSON),
            ),
            chemical_strain=IsotropicChemicalStrain(partial_molar_volume=Constant(VOLUME)),
            exchange=IonExchange(transfer=TRANSFER, target=TARGET),
            confinement=Confinement(stiffness=STIFFNESS * GIGA),
        )

    def conducted(self, vector: Any, theta: Any) -> Any:
        """D v, from the components of a vector v of the mesh."""
        return (1 + theta / 2) / 1.5 * vector


@dataclass(frozen=True)
class LayeredIons(Ions):
    """The same in a host with another diffusivity along c, D_c = (3 − θ)/30."""

    @property
    def model(self) -> ParticleModel:
        model = super().model
        along_c = FormulaProperty.parse("3 - theta", 1 / 30)
        within = model.transport
        return replace(
            model,
            transport=LayeredTransport(
                diffusivity=within.diffusivity, diffusivity_c=along_c, drift=within.drift
            ),
        )

    def conducted(self, vector: Any, theta: Any) -> Any:
        tensor = ufl.as_matrix([[(1 + theta / 2) / 1.5, 0], [0, (3 - theta) / 30]])
        return tensor * vector


@dataclass(frozen=True)
class Exact:
    """The chosen fields at x, and what follows from them in strong form."""

    case: Ions
    x: Any

    @property
    def theta(self) -> Any:
        return 0.5 + 0.2 * self.case.body.wave(self.x)

    @property
    def displacement(self) -> Any:
        return 0.1 * self.case.body.bend(self.x)

    @property
    def sites(self) -> Any:
        # 1 − d (1 + cos π depth)/2 with depth = 1 − r.
        return 1 - DEFICIENCY * (1 - ufl.cos(math.pi * ufl.sqrt(ufl.dot(self.x, self.x)))) / 2

    @property
    def sigma(self) -> Any:
        free = VOLUME / 3 * self.sites * (self.theta - START) * ufl.Identity(3)
        elastic = self.case.body.strong.strain(self.displacement, self.x) - free
        modulus = YOUNG * (1 - SOFTENING * self.theta)
        shear = modulus / (2 * (1 + POISSON))
        bulk = modulus / (3 * (1 - 2 * POISSON))
        return bulk * ufl.tr(elastic) * ufl.Identity(3) + 2 * shear * ufl.dev(elastic)

    @property
    def work(self) -> Any:
        return VOLUME * ufl.tr(self.sigma) / 3

    @property
    def flux(self) -> Any:
        drift = MOBILITY[self.case.drift](self.theta) * ufl.grad(self.work)
        return -self.sites * self.case.conducted(ufl.grad(self.theta) - drift, self.theta)

    # What the chosen fields lack to be a solution.

    def ion_source(self, domain: Any, theta: Any, test: Any) -> Any:
        """∇·N inside; at the surface, what the exchange takes beyond N·n."""
        exchanged = TRANSFER * self.sites * (self.theta - TARGET)
        surplus = exchanged - ufl.dot(self.flux, domain.normal)
        inside = self.case.body.strong.divergence(self.flux, self.x)
        return domain.volume(inside * test) + domain.surface(surplus * test)

    def force(self, domain: Any, test: Any) -> Any:
        """−∇·σ inside; at the surface, the traction beyond that of the surrounding."""
        forms = self.case.body.strong
        held = STIFFNESS * forms.along(self.displacement, domain.normal)
        pull = forms.traction(self.sigma, domain.normal) + forms.back(held, domain.normal)
        inside = -forms.force(self.sigma, self.x)
        return domain.volume(ufl.inner(inside, test)) + domain.surface(ufl.inner(pull, test))


def errors(case: Ions, elements: int) -> dict[str, float]:
    """Errors of occupancy, its gradient, stress work and stress on one mesh."""
    mesh = case.body.mesh(elements)
    exact = Exact(case, ufl.SpatialCoordinate(mesh.mesh))
    with sources.to_ions(exact.ion_source), sources.to_equilibrium(exact.force):
        system = MonolithicSystem(mesh, case.model, case.degree)
    start = system.initial_state(0.5).unknowns
    system.put(sources.root(system, start, shift=0.0))
    theta, sigma = system.expressions.occupancy, system.expressions.stress
    work = system.fields.values["stress_work"]
    degree = 2 * case.degree + 4
    return {
        "θ, L2": norm(system.domain, theta - exact.theta, degree),
        "θ, H1": norm(system.domain, ufl.grad(theta - exact.theta), degree),
        "W, L2": norm(system.domain, work - exact.work, degree),
        "σ, L2": norm(system.domain, sigma - exact.sigma, degree),
    }
