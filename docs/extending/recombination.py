"""A surface law: two adsorbed species meet and leave together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar
from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier, RunFacts, SurfaceLaw


@dataclass(frozen=True, kw_only=True)
class SecondOrder(SurfaceExchange):
    """N·n = k c²."""

    rate: Scalar = quantity("m^4/(mol s)")

    def lost(self, content: Scalar, held: Scalar) -> Scalar:
        return self.rate * content**2


class Recombination(SurfaceLaw):
    """Associative desorption: N·n = k c²."""

    law: Literal["recombination"]
    """Name of the law."""
    rate: Annotated[Parameter, Quantity("m^4/(mol s)", POSITIVE)]
    """Rate constant k."""

    def model(self, carrier: Carrier) -> SurfaceModel:
        return SurfaceModel(exchange=SecondOrder(rate=self.rate.value))

    def remarks(self, facts: RunFacts) -> Iterator[str]:
        velocity = self.rate.value * facts.initial
        yield f"At the start, O2 leaves {facts.body} as with a transfer velocity of {velocity:.2e} m/s."
