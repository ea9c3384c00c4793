"""Time stepping: solutions that the elements hold exactly, so that what is left is the time stepping's error.

The chosen occupancy is a + b (g + g² r²), a parabola at every time, with 1/g = 2 e^{st} − 1: no polynomial
and no exponential, so that no scheme integrates it exactly, and no straight line in the space of parabolas,
along which the stiff modes would never be excited. The source is written as a function of θ, from which g
follows, and g' = −s (g + g²): the problem stays autonomous, which is what both methods are for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.properties import Constant
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.transport import DiluteDrift, NoDrift
from oxyshell.models.mechanics.elasticity import IsotropicChemicalStrain, IsotropicElasticity
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.strategies import choose
from oxyshell.solver.settings import Discretisation, StrategyChoice
from oxyshell.solver.state import Array, State
from tests.verification.manufactured import sources, strong
from tests.verification.manufactured.units import GIGA, unit_particle

# An empty particle, which the solvers are set up with, has to have a g as well: a < b/4.
LEVEL, SIZE = 0.09, 0.4
YOUNG, POISSON, VOLUME = 6.0, 0.3, 0.9
# W = Ωσ_h/RT of a free homogeneous sphere falls by this much as θ rises by one.
COUPLING = 2 * YOUNG * VOLUME**2 / (9 * (1 - POISSON))
TRANSFER, TARGET = 0.5, 0.2
DRIFTS = {"none": NoDrift(), "dilute": DiluteDrift()}
MOBILITY = {"none": lambda theta: 0.0, "dilute": lambda theta: theta}
# Fast against diffusion, so that the steps resolve all of the line's modes and the classical order shows.
SPEED = 64.0
DURATION = 0.5 / SPEED
# One step of the time is R²/D = 1 s; nothing is asked about errors.
TOLERANCE = 1e-12


def line(elements: int = 1) -> ParticleMesh:
    return radial_line(Spherical(), 0.0, Resolution(bulk_elements=elements, surface_size=1.0))


def growth(time: float) -> float:
    """g(t)."""
    return 1 / (2 * math.exp(SPEED * time) - 1)


def bent(amount: Any, radius: Any) -> Any:
    """w + w² r²."""
    return amount + amount**2 * radius**2


def straightened(content: Any, radius: Any) -> Any:
    """The w of a content w + w² r²."""
    return 2 * content / (1 + ufl.sqrt(1 + 4 * radius**2 * content))


@dataclass(frozen=True)
class Ions:
    """A method on a problem.

    Attributes:
        strategy: Which method.
        drift: A key of `DRIFTS`.
    """

    strategy: StrategyChoice
    drift: str

    @property
    def model(self) -> ParticleModel:
        return unit_particle(
            LEVEL,
            drift=DRIFTS[self.drift],
            elasticity=IsotropicElasticity(Constant(YOUNG * GIGA), Constant(POISSON)),
            chemical_strain=IsotropicChemicalStrain(Constant(VOLUME)),
            exchange=IonExchange(transfer=TRANSFER, target=TARGET),
        )

    def source(self, domain: Any, theta: Any, test: Any) -> Any:
        """∂θ/∂t + ∇·N inside; at the surface, what the exchange takes beyond N·n."""
        x, g = domain.x, fem.Constant(domain.measure.mesh, 1.0)
        at = LEVEL + SIZE * bent(g, x[0])
        work = -COUPLING * at
        flux = -(ufl.grad(at) - MOBILITY[self.drift](at) * ufl.grad(work))
        grown = SIZE * (1 + 2 * g * x[0] ** 2) * SPEED * (-g - g**2)
        change = grown + strong.SPHERE.divergence(flux, x)
        surplus = TRANSFER * (at - TARGET) - flux[0]
        present = straightened((theta - LEVEL) / SIZE, x[0])
        inside, across = (of_content(part, g, present) for part in (change, surplus))
        return domain.volume(inside * test) + domain.surface(across * test)

    def errors(self, steps: int) -> dict[str, float]:
        """Of the occupancy, and of the ions that have left, after so many equal steps."""
        mesh = line()
        with sources.to_ions(self.source):
            strategy = choose(mesh, self.model, Discretisation(strategy=self.strategy, degree=2))
        system = strategy.system
        method = strategy.method(TOLERANCE)
        radius = system.scalars.tabulate_dof_coordinates()[:, 0]

        def exact(time: float) -> Array:
            return LEVEL + SIZE * bent(growth(time), radius)

        start = system.with_occupancy(system.initial_state(LEVEL), exact(0.0))
        # So short a step only brings displacement and stress work into equilibrium with the occupancy.
        settled = method.attempt(start, 1e-12).state
        passed = stepped(method, settled, steps)
        return {
            "θ, largest at any time": max(
                float(np.abs(system.occupancy(one) - exact(one.time)).max()) for one in passed
            ),
            "ions that left, largest at any time": max(abs(one.left - self.left(one.time)) for one in passed),
        }

    @staticmethod
    def left(time: float) -> float:
        """∫ 4π k (θ(1, t) − θ_ext) dt, where g + g² = −g'/s."""
        return 4 * math.pi * TRANSFER * ((LEVEL - TARGET) * time + SIZE * (1 - growth(time)) / SPEED)


def of_content(expression: Any, g: Any, present: Any) -> Any:
    """An expression in x and g, whose derivatives in x are taken, with g replaced by what θ says it is."""
    lowered = ufl.algorithms.apply_algebra_lowering.apply_algebra_lowering(expression)
    return ufl.replace(ufl.algorithms.apply_derivatives.apply_derivatives(lowered), {g: present})


def stepped(method: Any, start: State, steps: int) -> list[State]:
    """The states after each of so many equal steps through `DURATION`."""
    states = [start]
    for _ in range(steps):
        states.append(method.attempt(states[-1], DURATION / steps).state)
    return states[1:]
