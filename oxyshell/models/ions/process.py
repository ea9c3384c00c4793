"""Ions as a process of the particle's group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain, Interface
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.process import Fields, Unknown
from oxyshell.models.ions import forms
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.process import ParticleProcess
from oxyshell.models.particle.units import natural_units


class IonTransport(ParticleProcess):
    """Occupancy θ: ∂(c_s θ)/∂t = −∇·N, N driven by ∇θ and by the work W of stress and interaction."""

    name: ClassVar[str] = "ions"

    def unknowns(self, model: ParticleModel, coordinates: Any) -> tuple[Unknown, ...]:
        return (Unknown("occupancy", counts=1.0, jumps=True),)

    def units(self, model: ParticleModel) -> Units:
        return natural_units(model)

    def rates(
        self, model: ParticleModel, domain: Domain, fields: Fields, tests: Fields
    ) -> Mapping[str, Form]:
        return {"occupancy": forms.ion_rate(model, domain, fields, tests["occupancy"])}

    def interface_rates(
        self, inner: ParticleModel, outer: ParticleModel, interface: Interface, fields: Fields, tests: Fields
    ) -> Mapping[str, Form]:
        test = tests["occupancy"]
        flux = forms.interface_flux(inner, outer, interface, fields)
        return {"occupancy": interface.integral(flux * (test("-") - test("+")))}

    def amount(
        self, model: ParticleModel, domain: Domain, name: str, field: Expression, test: Expression
    ) -> Form:
        return forms.ion_content(model, domain, field, test)

    def outflow(self, model: ParticleModel, domain: Domain, fields: Fields) -> Form:
        return forms.ion_outflow(model, domain, fields)

    def gradient_outflow(self, model: ParticleModel, domain: Domain, fields: Fields) -> Form:
        work = model.solution.work(fields)
        return forms.ion_flux_through_surface(model, domain, fields["occupancy"], work)

    def scales(self, model: ParticleModel) -> Mapping[str, float]:
        return {"occupancy": 1.0}
