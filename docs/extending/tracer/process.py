"""The tracer's equations: ∂c/∂t = ∇·(D ∇c) − λ c, with −D ∇c·n = k c at the surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import ufl

from oxyshell.models.base.dimension import Units, quantity
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Form
from oxyshell.models.base.process import Fields, Lives, Process, Unknown


@dataclass(frozen=True)
class TracerModel:
    """A tracer in SI.

    Attributes:
        radius: R, m.
        initial: Content at the start, mol/m³.
        diffusivity: D, m²/s.
        decay: λ, 1/s.
        escape: k, m/s.
    """

    radius: Any = quantity("m")
    initial: Any = quantity("mol/m^3")
    diffusivity: Any = quantity("m^2/s")
    decay: Any = quantity("1/s")
    escape: Any = quantity("m/s")


class TracerTransport(Process[TracerModel]):
    """Content c, and what has decayed so far, d: ∂d/∂t = λ c, so that c, d and what has left add up."""

    name: ClassVar[str] = "tracer"

    def unknowns(self, model: TracerModel, coordinates: Any) -> tuple[Unknown, ...]:
        return Unknown("content", counts=1.0), Unknown("decayed", lives=Lives.CELLS, counts=1.0)

    def units(self, model: TracerModel) -> Units:
        return Units(
            length=model.radius,
            time=model.radius**2 / model.diffusivity,
            amount=model.initial * model.radius**3,
        )

    def rates(self, model: TracerModel, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Form]:
        content, test, gradient = fields["content"], tests["content"], domain.coordinates.gradient
        diffusion = model.diffusivity * ufl.inner(gradient(content, domain.x), gradient(test, domain.x))
        decay = model.decay * content
        return {
            "content": -domain.volume(diffusion + decay * test)
            - domain.surface(model.escape * content * test),
            "decayed": domain.volume(decay * tests["decayed"]),
        }

    def outflow(self, model: TracerModel, domain: Domain, fields: Fields) -> Form:
        return domain.surface(model.escape * fields["content"])

    def start(self, model: TracerModel) -> Mapping[str, float]:
        return {"content": model.initial}

    def scales(self, model: TracerModel) -> Mapping[str, float]:
        return {"content": model.initial, "decayed": model.initial}
