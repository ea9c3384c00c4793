"""Ions and stress in a core and a shell: a steady state in which θ and W jump, and the flux does not.

All fields depend on the distance ρ from the centre alone, so that on the whole interface, curved or a point,
four numbers of the shell make the chosen fields its solution without a source there: its as-made occupancy
the traction continuous, its standard potential the affinity g = r N/c_sb, its diffusivity the flux.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from scipy.optimize import brentq

from oxyshell.meshes.ball import quarter_disc
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import line_through
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.properties import Constant
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.standard import PotentialOffset
from oxyshell.models.ions.transport import DiluteDrift, LatticeDrift, NoDrift
from oxyshell.models.mechanics.elasticity import IsotropicChemicalStrain, IsotropicElasticity
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.monolithic import MonolithicSystem
from oxyshell.models.particle.region import Interface
from tests.regions import own_region
from tests.verification.manufactured import sources, strong
from tests.verification.manufactured.bodies import Body
from tests.verification.manufactured.units import GIGA, unit_particle

EDGE = 0.5
TRANSFER, TARGET = 2.0, 0.3
DRIFTS = {"none": NoDrift(), "lattice": LatticeDrift(), "dilute": DiluteDrift()}
MOBILITY = {"none": lambda t: 0 * t, "lattice": lambda t: t * (1 - t), "dilute": lambda t: t}


def _line(name: str, coordinates: Any, equations: strong.Strong) -> Body:
    def mesh(elements: int) -> ParticleMesh:
        return line_through(np.linspace(0, 1, 2 * elements + 1), elements, coordinates)

    return Body(name, mesh, equations, wave=lambda x: x[0], bend=lambda x: x[0])


def _disc(elements: int) -> ParticleMesh:
    halves = Resolution(
        bulk_elements=elements, layer_elements=elements, tangential=elements, surface_size=1 / elements
    )
    return quarter_disc(1 - EDGE, halves)


SPHERE = _line("sphere, line", Spherical(), strong.SPHERE)
DISC = Body("sphere, axisymmetric", _disc, strong.REVOLVED, wave=lambda x: x[0], bend=lambda x: x)
"""Here `wave` and `bend` are not used."""


@dataclass(frozen=True)
class Layer:
    """A part of the particle, and the fields chosen in it: θ = level + size cos(waves ρ), u(ρ) outwards."""

    level: float
    size: float
    waves: float
    pull: float
    sites: float
    young: float
    poisson: float
    volume: float
    as_made: float = 0.9
    diffusivity: float = 1.0
    offset: float = 0.0

    def theta(self, rho: Any, cos: Any = ufl.cos) -> Any:
        return self.level + self.size * cos(self.waves * rho)

    def displacement(self, rho: Any, sin: Any = ufl.sin) -> Any:
        """Equal at the interface whatever `pull` is."""
        return 0.1 * sin(2 * rho) + self.pull * (rho - EDGE)

    @property
    def moduli(self) -> tuple[float, float]:
        """λ and G."""
        shear = self.young / (2 * (1 + self.poisson))
        return self.young / (3 * (1 - 2 * self.poisson)) - 2 * shear / 3, shear

    # At the interface, of the sphere's own formulas.

    def strain(self) -> float:
        return self.volume / 3 * self.sites * (self.theta(EDGE, math.cos) - self.as_made)

    def traction(self) -> float:
        """σ_r."""
        lame, shear = self.moduli
        along, across = 0.2 * math.cos(2 * EDGE) + self.pull, 0.1 * math.sin(2 * EDGE) / EDGE
        elastic = along + 2 * across - 3 * self.strain()
        return lame * elastic + 2 * shear * (along - self.strain())

    def work(self) -> float:
        """W."""
        lame, shear = self.moduli
        along, across = 0.2 * math.cos(2 * EDGE) + self.pull, 0.1 * math.sin(2 * EDGE) / EDGE
        return self.volume * (lame + 2 * shear / 3) * (along + 2 * across - 3 * self.strain())

    def work_slope(self) -> float:
        """∂W/∂ρ."""
        lame, shear = self.moduli
        bend = -0.4 * math.sin(2 * EDGE)
        across = 0.1 * math.sin(2 * EDGE) / EDGE
        along = 0.2 * math.cos(2 * EDGE) + self.pull
        turn = 2 * (along - across) / EDGE
        return self.volume * (lame + 2 * shear / 3) * (bend + turn - self.volume * self.sites * self.slope())

    def slope(self) -> float:
        """∂θ/∂ρ."""
        return -self.size * self.waves * math.sin(self.waves * EDGE)

    def flux(self, drift: str) -> float:
        moved = MOBILITY[drift](self.theta(EDGE, math.cos)) * self.work_slope()
        return -self.diffusivity * self.sites * (self.slope() - moved)


CORE = Layer(level=0.5, size=0.2, waves=3.0, pull=0.0, sites=1.0, young=6.0, poisson=0.3, volume=0.6)
SHELL = Layer(level=0.3, size=0.25, waves=2.0, pull=0.06, sites=0.7, young=3.0, poisson=0.25, volume=0.5)


@dataclass(frozen=True)
class Jumping:
    """What is solved.

    Attributes:
        body: Where: a body of this module.
        drift: How stress moves ions: a key of `DRIFTS`.
        degree: Of the occupancy.
        resistance: r in N = c_sb g/r, in R/D.
    """

    body: Body
    drift: str
    degree: int
    resistance: float = 0.0

    @cached_property
    def layers(self) -> tuple[Layer, Layer]:
        """Core and shell, with the numbers that make the chosen fields a solution at the interface."""
        shell = SHELL
        lame, shear = shell.moduli
        # σ_r falls by 3λ + 2G times a strain.
        excess = (shell.traction() - CORE.traction()) / (3 * lame + 2 * shear)
        strain = shell.strain() + excess
        as_made = shell.theta(EDGE, math.cos) - 3 * strain / (shell.volume * shell.sites)
        shell = replace(shell, as_made=as_made)
        flux = CORE.flux(self.drift)
        shell = replace(shell, diffusivity=flux / shell.flux(self.drift))
        here, beyond = CORE.theta(EDGE, math.cos), shell.theta(EDGE, math.cos)
        moved = 0.0 if self.drift == "none" else CORE.work() - shell.work()
        vacant = (1.0, 1.0) if self.drift == "dilute" else (1 - here, 1 - beyond)

        def affinity(offset: float) -> float:
            half = (moved + offset) / 2
            return here * vacant[1] * math.exp(-half) - beyond * vacant[0] * math.exp(half)

        offset = brentq(lambda one: affinity(one) - self.resistance * flux, -20, 20, xtol=1e-14)
        return CORE, replace(shell, offset=float(offset))

    @property
    def model(self) -> ParticleModel:
        core, shell = (self._of(layer) for layer in self.layers)
        region = own_region(
            shell,
            standard=PotentialOffset(self.layers[1].offset),
            interface=Interface(resistance=self.resistance),
        )
        return replace(core, regions=(region,))

    def _of(self, layer: Layer) -> ParticleModel:
        return unit_particle(
            layer.as_made,
            site_density=layer.sites,
            diffusivity=Constant(layer.diffusivity),
            drift=DRIFTS[self.drift],
            elasticity=IsotropicElasticity(Constant(layer.young * GIGA), Constant(layer.poisson)),
            chemical_strain=IsotropicChemicalStrain(Constant(layer.volume)),
            exchange=IonExchange(transfer=TRANSFER, target=TARGET),
        )


@dataclass(frozen=True)
class Exact:
    """The chosen fields of a part at x, and what follows from them in strong form."""

    case: Jumping
    layer: Layer
    x: Any

    @property
    def rho(self) -> Any:
        return ufl.sqrt(ufl.dot(self.x, self.x))

    @property
    def theta(self) -> Any:
        return self.layer.theta(self.rho)

    @property
    def displacement(self) -> Any:
        outwards = self.layer.displacement(self.rho)
        return outwards if len(self.x) == 1 else outwards / self.rho * self.x

    @property
    def sigma(self) -> Any:
        layer = self.layer
        lame, shear = layer.moduli
        free = layer.volume / 3 * layer.sites * (self.theta - layer.as_made) * ufl.Identity(3)
        elastic = self.case.body.strong.strain(self.displacement, self.x) - free
        return lame * ufl.tr(elastic) * ufl.Identity(3) + 2 * shear * elastic

    @property
    def work(self) -> Any:
        return self.layer.volume * ufl.tr(self.sigma) / 3

    @property
    def flux(self) -> Any:
        drift = MOBILITY[self.case.drift](self.theta) * ufl.grad(self.work)
        return -self.layer.sites * self.layer.diffusivity * (ufl.grad(self.theta) - drift)

    def ion_source(self, domain: Any, test: Any) -> Any:
        """∇·N inside; at the surface, what the exchange takes beyond N·n."""
        exchanged = TRANSFER * self.layer.sites * (self.theta - TARGET)
        surplus = exchanged - ufl.dot(self.flux, domain.normal)
        inside = self.case.body.strong.divergence(self.flux, self.x)
        return domain.volume(inside * test) + domain.surface(surplus * test)

    def force(self, domain: Any, test: Any) -> Any:
        """−∇·σ inside; the traction at the surface."""
        forms = self.case.body.strong
        inside = -forms.force(self.sigma, self.x)
        pull = forms.traction(self.sigma, domain.normal)
        return domain.volume(ufl.inner(inside, test)) + domain.surface(ufl.inner(pull, test))


def errors(case: Jumping, elements: int) -> dict[str, float]:
    """Errors of occupancy, its gradient, stress work and stress, over both parts."""
    mesh = case.body.mesh(elements)
    exact = [Exact(case, layer, ufl.SpatialCoordinate(mesh.mesh)) for layer in case.layers]

    def ions(domain: Any, theta: Any, test: Any) -> Any:
        return exact[domain.part].ion_source(domain, test)

    def force(domain: Any, test: Any) -> Any:
        return exact[domain.part].force(domain, test)

    with sources.to_ions(ions), sources.to_equilibrium(force):
        system = MonolithicSystem(mesh, case.model, case.degree)
    system.put(sources.root(system, system.initial_state(0.5).unknowns, shift=0.0))
    theta, work = system.expressions.occupancy, system.fields.values["stress_work"]
    sigma = system.expressions.stress

    def norm(differences: list[Any]) -> float:
        rule = replace(system.domain, degree=2 * case.degree + 4)
        parts = zip(rule.parts, differences, strict=True)
        form = sum(where.volume(ufl.inner(one, one)) for where, one in parts)
        return math.sqrt(fem.assemble_scalar(fem.form(form)))

    return {
        "θ, L2": norm([theta - one.theta for one in exact]),
        "θ, H1": norm([ufl.grad(theta - one.theta) for one in exact]),
        "W, L2": norm([work - one.work for one in exact]),
        "σ, L2": norm([sigma - one.sigma for one in exact]),
    }
