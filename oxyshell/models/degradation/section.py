"""The section `degradation`: losses from cycle to cycle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import model_validator

from oxyshell.language import scales
from oxyshell.language.mistakes import problem, refused
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, SHARE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.degradation.drivers import LossDriver
from oxyshell.models.degradation.drivers.driver import Driver
from oxyshell.models.degradation.drivers.number import AS_REFERENCE
from oxyshell.models.degradation.growth import LayerGrowth
from oxyshell.models.degradation.redox import RedoxLoss


class LayerSection(Section):
    """A densified layer at the surface that takes no part any more; what is left is a smaller particle."""

    start: Annotated[Parameter, Quantity("m", NOT_NEGATIVE, scales.THICKNESS)] = Parameter.default(
        "0 nm", "m"
    )
    """s0, its thickness in the first cycle, which the radius includes; losses are relative to what it leaves.
    Default 0."""
    growth: LayerGrowth
    """Law of its growth."""
    driver: LossDriver = AS_REFERENCE
    """X of its growth. Default 1."""
    resistivity: Annotated[Parameter, Quantity("ohm m", POSITIVE, scales.RESISTIVITY)] | None = None
    """Resistivity ρ: a film of ρ s more lies on the electrode; null: none."""

    @model_validator(mode="after")
    def _film(self) -> Self:
        if self.resistivity is not None and self.start.value == 0:
            found = "a layer with a resistivity that is 0 thick in the first cycle"
            expected = "more than 0: a film cannot come into being within a run"
            raise refused(problem(found, expected, "start"))
        return self


class AreaSection(Section):
    """Surface that cracks open; the layer grows on all of it."""

    rate: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)]
    """k in dA/dN = k X, per cycle; A, the surface over that as made, is 1 in the first cycle."""
    driver: LossDriver = AS_REFERENCE
    """X. Default 1."""


class VoltageSection(Section):
    """Fade of the mean voltage, which is reported and changes nothing else."""

    rate: Annotated[Parameter, Quantity("V", NOT_NEGATIVE, scales.VOLTAGE_FADE)]
    """k in dv/dN = k X, per cycle; v is 0 in the first cycle."""
    driver: LossDriver = AS_REFERENCE
    """X. Default 1."""


class RedoxSection(Section):
    """Redox of oxygen that is lost, beside that of a metal which is not; reported, changes nothing else."""

    share: Annotated[Parameter, Quantity("1", SHARE)]
    """f, the share of oxygen in the capacity while nothing of its redox is lost."""
    loss: RedoxLoss
    """Law of a, the share of it that is left."""


class Degradation(Section):
    """Losses from cycle to cycle, each by a law: numbers that are constant within a cycle."""

    layer: LayerSection | None = None
    """Densified surface layer; null: none."""
    area: AreaSection | None = None
    """Surface that cracks open; needs a layer; null: it stays as made."""
    voltage: VoltageSection | None = None
    """Fade of the mean voltage; null: none."""
    redox: RedoxSection | None = None
    """Loss of the redox of oxygen; null: none."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(loss is None for loss in (self.layer, self.area, self.voltage, self.redox)):
            expected = "at least one of 'layer', 'voltage' and 'redox'"
            raise refused(problem("no loss", expected))
        if self.area is not None and self.layer is None:
            raise refused(problem("a surface that cracks open", "null without a layer on it", "area"))
        return self

    def drivers(self) -> Iterator[tuple[str, str, Driver]]:
        """The losses with drivers: the key of each, the loss in words, and its driver."""
        told = {"layer": "the growth of the layer", "area": "the area", "voltage": "the fade of the voltage"}
        for key, words in told.items():
            loss = getattr(self, key)
            if loss is not None:
                yield key, words, loss.driver
