"""The excess potential as a process of the particle's group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Form
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.process import Fields, Process, Unknown
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.units import natural_units

EXCESS = "excess_potential"


class ExcessPotential(Process[ParticleModel]):
    """Excess potential φ = g(θ) − ℓ² ∇²θ − W at all times, with ∇θ·n = 0 at the surface.

    It is a field of its own, as the stress work is, because its gradient drives ions while that of ∇²θ does
    not exist in the elements. No logarithm stands in it: the flux is −D c_s (∇θ + θ(1−θ) ∇φ).
    """

    name: ClassVar[str] = "chemical_potential"

    def unknowns(self, model: ParticleModel, coordinates: Any) -> tuple[Unknown, ...]:
        return (Unknown(EXCESS, evolves=False),)

    def units(self, model: ParticleModel) -> Units:
        return natural_units(model)

    def rates(
        self, model: ParticleModel, domain: Domain, fields: Fields, tests: Fields
    ) -> Mapping[str, Form]:
        import ufl

        theta, excess, test = fields["occupancy"], fields[EXCESS], tests[EXCESS]
        solution, gradient = _solution(model), domain.coordinates.gradient
        local = solution.interaction.potential(theta) - fields["stress_work"] - excess
        slopes = ufl.inner(gradient(theta, domain.x), gradient(test, domain.x))
        return {EXCESS: domain.volume(local * test + solution.length**2 * slopes)}

    def start(self, model: ParticleModel) -> Mapping[str, float]:
        """That of the uniform content as made, without stress."""
        theta = float(model.host.occupancy)
        return {EXCESS: float(_solution(model).interaction.potential(theta, NUMPY))}


def _solution(model: ParticleModel) -> Any:
    """The `GradientSolution` that brings this process along."""
    return model.solution
