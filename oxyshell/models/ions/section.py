"""Ions in a scenario: `ion`, `diffusivity` and `drift` of `material`, `exhausted_below` of `surface`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from oxyshell.language import scales
from oxyshell.language.arrhenius import Arrhenius
from oxyshell.language.occupancy import OccupancyProperty, OccupancyQuantity
from oxyshell.language.parameters import POSITIVE, SHARE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.base.layers import Paths
from oxyshell.models.base.properties import Scaled
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.transport import (
    DiluteDrift,
    Drift,
    LatticeDrift,
    LayeredTransport,
    NoDrift,
    Transport,
)

_DRIFTS: Mapping[str, Drift] = {"lattice": LatticeDrift(), "dilute": DiluteDrift(), "none": NoDrift()}


class Ion(Section):
    """The ion that moves."""

    species: Annotated[str, Field(min_length=1)]
    """Element symbol; part of the formula."""
    charge_number: Annotated[int, Field(ge=1, le=4)] = 1
    """Charges per ion. Default 1."""
    sites_per_formula: Annotated[Parameter, Quantity("1", POSITIVE)]
    """Host sites per formula unit."""
    occupancy: Annotated[Parameter, Quantity("1", SHARE)]
    """Share of the sites that is filled as made."""


Diffusivity = Annotated[OccupancyProperty, OccupancyQuantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)]
DriftLaw = Literal["lattice", "dilute", "none"]


class IonTransport(Section):
    """The ion of a material, and how it moves."""

    ion: Ion
    """The mobile ion, and how many there are."""
    diffusivity: Diffusivity
    """D(θ); of a layered material D_a, within its layers."""
    diffusivity_c: Diffusivity | None = None
    """D_c(θ) of a layered material, along c; null: D in all directions."""
    diffusivity_activation: Arrhenius | None = None
    """Change of D with temperature, the same in all directions; null: none."""
    drift: DriftLaw = "lattice"
    """Effect of stress on the flux: of ions on a lattice of sites (default), in dilute solution, or none."""

    def transport_model(self, temperature: float, reference: float, paths: Paths | None) -> Transport:
        """D(θ) at a temperature, and the part of the flux that the stress drives.

        Args:
            temperature: K.
            reference: Temperature in whose RT the stress work is counted, K.
            paths: Directions in which the particle's shape lets ions move.
        """
        transport = self._transport(_DRIFTS[self.drift], reference / temperature, paths)
        if self.diffusivity_activation is None:
            return transport
        factor = self.diffusivity_activation.factor(temperature)
        return transport.with_diffusivities(lambda diffusivity: Scaled(factor, diffusivity))

    def _transport(self, drift: Drift, share: float, paths: Paths | None) -> Transport:
        within = self.diffusivity.function
        across = within if self.diffusivity_c is None else self.diffusivity_c.function
        if self.diffusivity_c is not None and paths is Paths.ALL:
            return LayeredTransport(diffusivity=within, diffusivity_c=across, drift=drift, work_share=share)
        alone = across if paths is Paths.ACROSS else within
        return Transport(diffusivity=alone, drift=drift, work_share=share)


class IonSurface(Section):
    """The surface as ions see it, besides the current of the protocol."""

    exhausted_below: Annotated[Parameter, Quantity("1", Bounds(above=0, at_most=0.5))] = Parameter.default(
        "1e-3", "1"
    )
    """Occupancy of the surface below which the current falls (and so near 1 on insertion). Default 0.001."""

    def exchange_model(self) -> IonExchange:
        """No current, and the occupancy below which one would fall."""
        return IonExchange(margin=self.exhausted_below.value)
