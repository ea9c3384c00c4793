"""A closed coating that captures oxygen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from oxyshell.language.parameters import Parameter, Quantity
from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier, RunFacts
from oxyshell.models.oxygen.surface_laws.parts import Loading, percent
from oxyshell.models.oxygen.surface_laws.sink import COVERED, Sink


class ConformalSink(Sink):
    """A closed coating: it captures oxygen until it is full, and then blocks.

    Capture and desorption follow Langmuir.
    """

    law: Literal["conformal_sink"]
    """Name of the law."""
    coverage: Annotated[Parameter, Quantity("1", COVERED)] = Parameter.default("1", "1")
    """Share of the surface that it closes; the rest is open. Default 1."""
    loading: Loading | None = None
    """The measured loading, to say what a closed coating would need; changes nothing. Default null."""

    def covered(self, carrier: Carrier) -> float:
        return self.coverage.value

    def model(self, carrier: Carrier) -> SurfaceModel:
        transfer, covered = self.transfer.velocity_on(carrier), self.covered(carrier)
        exchange = SurfaceExchange(
            capacity=self.capacity(carrier),
            capture=transfer * covered,
            escape=transfer * (1 - covered),
            desorption=self.adsorption.desorption(carrier.temperature),
        )
        return SurfaceModel(exchange=exchange, coverage=covered)

    def remarks(self, facts: RunFacts) -> Iterator[str]:
        yield from super().remarks(facts)
        if self.loading is not None:
            carrier, monolayers = facts.carrier, self.monolayers.value
            numbers = {1.0: (), monolayers: ()}
            closed = [text for n in numbers for text in self.loading.closed_coating(n, carrier)]
            told = [self.loading.remark(carrier, facts.body), self._assumption(self.loading, carrier)]
            yield " ".join([*told, *closed])

    def _assumption(self, loading: Loading, carrier: Carrier) -> str:
        closes = f"{percent(self.coverage.value)} of the surface"
        if loading.coverage(carrier) >= self.coverage.value:
            return f"That suffices for the {closes} that this run's coating closes."
        return f"This run assumes a coating that closes {closes} all the same."
