"""A sink on the surface: sites that capture O2 and let it desorb."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar

from oxyshell.language import scales
from oxyshell.language.former import Formerly
from oxyshell.language.parameters import POSITIVE, Bounds, Parameter, Quantity
from oxyshell.models.oxygen.surface_laws.law import Carrier, RunFacts, SurfaceLaw
from oxyshell.models.oxygen.surface_laws.parts import Adsorption, Transfer, percent
from oxyshell.presentation.numbers import duration

COVERED = Bounds(above=0, at_most=1)

# Desorption this much slower than diffusion plays no part; this much faster, it leaves nothing on the sink.
_FAR_APART = 1e3


class Sink(SurfaceLaw):
    """A law with adsorption sites: a base of laws."""

    sink: ClassVar[bool] = True
    predicts: ClassVar[tuple[str, ...]] = ("when the sink is full", "what desorbs from it")

    transfer: Transfer
    """Transfer from the lattice to a bare or an empty surface."""
    adsorption: Adsorption
    """Adsorption of O2 on the sink."""
    site_density: Annotated[Parameter, Quantity("mol/m^2", POSITIVE, scales.SITE_DENSITY)]
    """Adsorption sites of one monolayer per area of the sink, one O2 each."""
    monolayers: Annotated[Parameter, Quantity("1", POSITIVE), Formerly("layers")] = Parameter.default(
        "1", "1"
    )
    """Number of monolayers of sites. Default 1."""

    def covered(self, carrier: Carrier) -> float:
        """Share of the surface that the sink covers."""
        raise NotImplementedError

    def capacity(self, carrier: Carrier) -> float:
        """Γ_max, O2 that the sink can hold per area of the particle, mol/m²."""
        return self.site_density.value * self.monolayers.value * self.covered(carrier)

    def remarks(self, facts: RunFacts) -> Iterator[str]:
        yield self._desorption(facts)
        yield self._capacity(facts)

    def _desorption(self, facts: RunFacts) -> str:
        rate = self.adsorption.desorption(facts.carrier.temperature)
        time = 1 / rate if rate > 0 else math.inf
        verdict = "part of it leaves again during the run"
        if time > facts.carrier.diffusion_time * _FAR_APART:
            verdict = "it stays"
        elif time < facts.carrier.diffusion_time / _FAR_APART:
            verdict = "it does not hold oxygen"
        energy = f"{self.adsorption.energy.value:.4g} eV"
        return (
            f"O2 leaves the sink at {rate:.1e} 1/s ({energy}, {facts.temperature}), "
            f"after {duration(time, digits=2)} on average: {verdict}."
        )

    def _capacity(self, facts: RunFacts) -> str:
        carrier, capacity = facts.carrier, self.capacity(facts.carrier)
        number = self.monolayers.value
        monolayers = f"{number:g} monolayer{'' if number == 1 else 's'} of sites"
        holds = (
            f"The sink holds at most {capacity:.2e} mol/m² "
            f"({monolayers} on {percent(self.covered(carrier))} of the surface)"
        )
        contents = {
            "there is at the start": facts.initial,
            "the lattice can generate at most": facts.generable,
        }
        total = sum(contents.values())
        if not total > 0:
            return f"{holds}."
        what = " and ".join(name for name, amount in contents.items() if amount > 0)
        return f"{holds}, {percent(capacity / (total * carrier.volume_to_surface))} of what {what}."
