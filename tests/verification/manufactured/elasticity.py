"""Elasticity of a layered host with a graded chemical strain: a displacement is chosen, the forces follow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.fem.petsc import LinearProblem

from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.host.lattice import CosineLayer
from oxyshell.models.mechanics import forms
from oxyshell.models.mechanics.elasticity import Confinement, TransverseChemicalStrain, TransverseElasticity
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.units import natural_units
from oxyshell.solver import spaces
from oxyshell.solver.constants import ModelConstants
from tests.verification.manufactured.bodies import Body
from tests.verification.manufactured.orders import norm
from tests.verification.manufactured.units import GIGA, unit_particle

START, DEFICIENCY = 0.9, 0.2
# The moduli fall together, so that the stiffness at any content is a multiple of that at zero.
ALONG_A, ALONG_C, SHEAR, POISSON_AB, POISSON_AC, SOFTENING = 6.0, 4.0, 1.7, 0.25, 0.2, 0.3
EXPANSION_A, EXPANSION_C = 0.1, 0.4
STIFFNESS = 1.5


def stiffness() -> np.ndarray:
    """C at zero content for (11, 22, 33, 23, 13, 12), the inverse of the compliance, GPa."""
    compliance = np.zeros((6, 6))
    a, c = 1 / ALONG_A, 1 / ALONG_C
    compliance[:3, :3] = [
        [a, -POISSON_AB * a, -POISSON_AC * a],
        [-POISSON_AB * a, a, -POISSON_AC * a],
        [-POISSON_AC * a, -POISSON_AC * a, c],
    ]
    compliance[3:, 3:] = np.diag([1 / SHEAR, 1 / SHEAR, 2 * (1 + POISSON_AB) * a])
    return np.linalg.inv(compliance)


@dataclass(frozen=True)
class Layered:
    """What is solved.

    Attributes:
        body: Where; its third direction is the c axis.
        degree: Of the displacement.
    """

    body: Body
    degree: int

    @property
    def model(self) -> ParticleModel:
        """All moduli fall with θ as 1 − 0.3 θ; ions play no part."""

        def falling(value: float) -> FormulaProperty:
            return FormulaProperty.parse(f"1 - {SOFTENING}*theta", value * GIGA)

        return unit_particle(
            START,
            layer=CosineLayer(thickness=1.0, deficiency=DEFICIENCY),
            elasticity=TransverseElasticity(
                modulus_a=falling(ALONG_A),
                modulus_c=falling(ALONG_C),
                poisson_ab=Constant(POISSON_AB),
                poisson_ac=Constant(POISSON_AC),
                shear_c=falling(SHEAR),
            ),
            chemical_strain=TransverseChemicalStrain(Constant(EXPANSION_A), Constant(EXPANSION_C)),
            confinement=Confinement(stiffness=STIFFNESS * GIGA),
        )

    def theta(self, x: Any) -> Any:
        return 0.5 + 0.2 * self.body.wave(x)

    def displacement(self, x: Any) -> Any:
        return 0.1 * self.body.bend(x)

    def sigma(self, x: Any) -> Any:
        sites = 1 - DEFICIENCY * (1 - ufl.cos(math.pi * ufl.sqrt(ufl.dot(x, x)))) / 2
        gained = sites * (self.theta(x) - START)
        strain = self.body.strong.strain(self.displacement(x), x)
        e = [strain[i, i] - b * gained for i, b in enumerate((EXPANSION_A, EXPANSION_A, EXPANSION_C))]
        engineering = [*e, 2 * strain[1, 2], 2 * strain[0, 2], 2 * strain[0, 1]]
        factor = 1 - SOFTENING * self.theta(x)
        s = [
            factor * sum(float(c) * strained for c, strained in zip(row, engineering, strict=True))
            for row in stiffness()
        ]
        return ufl.as_tensor([[s[0], s[5], s[4]], [s[5], s[1], s[3]], [s[4], s[3], s[2]]])

    def force(self, domain: Any, test: Any) -> Any:
        """−∇·σ inside; at the surface, the traction beyond that of the surrounding."""
        x, forms = domain.x, self.body.strong
        held = STIFFNESS * forms.along(self.displacement(x), domain.normal)
        pull = forms.traction(self.sigma(x), domain.normal) + forms.back(held, domain.normal)
        inside = -forms.force(self.sigma(x), x)
        return domain.volume(ufl.inner(inside, test)) + domain.surface(ufl.inner(pull, test))


def errors(case: Layered, elements: int) -> dict[str, float]:
    """Errors of displacement, its gradient and stress on one mesh, the occupancy being given."""
    mesh = case.body.mesh(elements)
    domain = spaces.domain(mesh, 2 * case.degree + 1)
    model = ModelConstants(mesh.mesh, case.model, natural_units).model
    space = fem.functionspace(mesh.mesh, spaces.displacement_element(mesh, case.degree))
    rest, moving, test = fem.Function(space), ufl.TrialFunction(space), ufl.TestFunction(space)
    theta = case.theta(domain.x)

    def sigma(displacement: Any) -> Any:
        return forms.stress(model, domain, theta, displacement, ())

    forces = forms.equilibrium(model, domain, sigma(rest), rest, test) + case.force(domain, test)
    problem = LinearProblem(
        -ufl.derivative(forces, rest, moving),
        forces,
        bcs=spaces.held_displacements(mesh, space),
        petsc_options={"ksp_type": "preonly", "pc_type": "lu", "pc_factor_mat_solver_type": "mumps"},
        petsc_options_prefix="manufactured_elasticity_",
    )
    found = problem.solve()
    exact, degree = case.displacement(domain.x), 2 * case.degree + 2
    return {
        "u, L2": norm(domain, found - exact, degree),
        "u, H1": norm(domain, ufl.grad(found - exact), degree),
        "σ, L2": norm(domain, sigma(found) - case.sigma(domain.x), degree),
    }
