"""Mechanical equilibrium as a process of the particle's group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.process import Fields, Lives, Unknown
from oxyshell.models.mechanics import forms
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.process import ParticleProcess
from oxyshell.models.particle.units import natural_units


class Equilibrium(ParticleProcess):
    """Stress work W, displacement u and, of cylinders and plates, extensions e: ∇·σ = 0 at all times.

    W is a field of its own, the L2 projection of β:σ/RT, because its gradient drives ions while σ jumps
    between elements. An e is a number: the strain along directions that the mesh does not have.
    """

    name: ClassVar[str] = "mechanics"

    def unknowns(self, model: ParticleModel, coordinates: Any) -> tuple[Unknown, ...]:
        always = (
            Unknown("stress_work", evolves=False, jumps=True),
            Unknown("displacement", order=1, is_displacement=True, evolves=False),
        )
        numbers = (Unknown(name, lives=Lives.NUMBER, evolves=False) for name in coordinates.extensions)
        return (*always, *numbers)

    def units(self, model: ParticleModel) -> Units:
        return natural_units(model)

    def rates(
        self, model: ParticleModel, domain: Domain, fields: Fields, tests: Fields
    ) -> Mapping[str, Form]:
        theta, work, displacement = fields["occupancy"], fields["stress_work"], fields["displacement"]
        sigma = self.stress(model, domain, fields)
        rates = {
            "stress_work": forms.work_definition(model, domain, sigma, theta, work, tests["stress_work"]),
            "displacement": forms.equilibrium(model, domain, sigma, displacement, tests["displacement"]),
        }
        for name in domain.coordinates.extensions:
            rates[name] = forms.free_extension(domain, sigma, name, tests[name])
        return rates

    @staticmethod
    def stress(model: ParticleModel, domain: Domain, fields: Fields) -> Expression:
        """σ, a 3×3 tensor."""
        extensions = [fields[name] for name in domain.coordinates.extensions]
        return forms.stress(model, domain, fields["occupancy"], fields["displacement"], extensions)
