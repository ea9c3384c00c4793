"""Islands that capture their share of the oxygen that leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, model_validator

from oxyshell.language.parameters import SHARE, Parameter, Quantity
from oxyshell.language.sections import one_of, require_one
from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier, RunFacts
from oxyshell.models.oxygen.surface_laws.parts import Loading
from oxyshell.models.oxygen.surface_laws.sink import COVERED, Sink


class Islands(Sink):
    """Islands that take their share of what leaves; the flux out of the lattice is that of an open surface.

    Of what reaches an island, η (1 − Γ/Γ_max) is captured; the rest is released.
    """

    model_config = ConfigDict(json_schema_extra=one_of("coverage", "loading"))

    law: Literal["islands"]
    """Name of the law."""
    efficiency: Annotated[Parameter, Quantity("1", SHARE)] = Parameter.default("1", "1")
    """Share of the arriving oxygen that an empty island captures. Default 1."""
    coverage: Annotated[Parameter, Quantity("1", COVERED)] | None = None
    """Share of the surface that they cover; this, or `loading`."""
    loading: Loading | None = None
    """The measured loading, from which the coverage follows."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        require_one(self, ("coverage", "loading"), "no coverage", ", from which a coverage follows")
        return self

    def covered(self, carrier: Carrier) -> float:
        if self.loading is not None:
            return self.loading.coverage(carrier)
        assert self.coverage is not None  # one of both is given
        return self.coverage.value

    def model(self, carrier: Carrier) -> SurfaceModel:
        transfer, covered = self.transfer.velocity_on(carrier), self.covered(carrier)
        caught = transfer * covered * self.efficiency.value
        exchange = SurfaceExchange(
            capacity=self.capacity(carrier),
            capture=caught,
            escape=transfer - caught,
            spill=caught,
            desorption=self.adsorption.desorption(carrier.temperature),
        )
        return SurfaceModel(exchange=exchange, coverage=covered)

    def remarks(self, facts: RunFacts) -> Iterator[str]:
        yield from super().remarks(facts)
        if self.loading is not None:
            closed = self.loading.closed_coating(1.0, facts.carrier)
            yield " ".join([self.loading.remark(facts.carrier, facts.body), *closed])
