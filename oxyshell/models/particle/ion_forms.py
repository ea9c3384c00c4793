"""Forms of the ions' equation over all parts of a particle, as where it is solved by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.process import Fields
from oxyshell.models.ions import forms
from oxyshell.models.ions.process import IonTransport
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver import parts

_IONS = IonTransport()


@dataclass(frozen=True)
class IonForms:
    """The forms of a model in a geometry, each with v = 1 the integral itself.

    Attributes:
        model: Numbers as symbols.
        domain: Geometry.
    """

    model: ParticleModel
    domain: Domain

    @property
    def of_parts(self) -> Sequence[parts.Part[ParticleModel]]:
        """Model and geometry of each part."""
        return parts.parts_of(_IONS, self.model, self.domain)

    def content(self, theta: Expression, test: Expression) -> Form:
        """∫ c_s θ v dV."""
        return parts.amount(_IONS, self.model, self.domain, "occupancy", theta, test)

    def rate(self, fields: Fields, test: Expression) -> Form:
        """The weak form of −∇·N, with what passes interfaces."""
        return parts.rates(_IONS, self.model, self.domain, fields, {"occupancy": test})["occupancy"]

    def outflow(self, fields: Fields) -> Form:
        """∫ N·n dA by the law of the surface."""
        return self._summed(lambda model, where: forms.ion_outflow(model, where, fields))

    def seen_outflow(self, fields: Fields) -> Form:
        """∫ N·n dA by the gradients at the surface."""
        return self._summed(lambda model, where: _IONS.gradient_outflow(model, where, fields))

    def _summed(self, form: Callable[[ParticleModel, Domain], Form]) -> Form:
        return parts.summed(_IONS, self.model, self.domain, form)
