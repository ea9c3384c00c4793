"""The section `cell`, and the conversion of currents that refer to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.base.protocol import SurfaceCondition


class Cell(Section):
    """Reference of the currents in the protocol."""

    one_c: Annotated[Parameter, Quantity("A/kg", POSITIVE, scales.ONE_C)]
    """The specific current that is called 1 C."""


@dataclass(frozen=True)
class Conversion:
    """Conversion of a current into an ion flux.

    Attributes:
        volume_to_surface: V/A of the particle, m.
        molar_volume: V_m, m³ per mol of formula units.
        density: kg/m³.
        one_c: Specific current of 1 C, A/kg.
        charge_number: z.
        sites: Host sites, per formula unit.
        surface: Law for the flux through the surface, while nothing is set.
        surface_at: That at the temperature of a step, K; None: of the run.
    """

    volume_to_surface: float
    molar_volume: float
    density: float
    one_c: float
    charge_number: int
    sites: float
    surface: SurfaceCondition
    surface_at: Callable[[float | None], SurfaceCondition]

    def at(self, temperature: float | None) -> Conversion:
        """The same at the temperature of a step, K; None: that of the run."""
        return replace(self, surface=self.surface_at(temperature))

    def current_density(self, current: float, unit: str) -> float:
        """Current per surface of the particle, A/m²: i = C-rate · one_c · density · V/A.

        Args:
            current: In C, A/kg or A/m².
            unit: "C", "A/kg" or "A/m^2".
        """
        per_mass = self.density * self.volume_to_surface
        return current * {"C": self.one_c * per_mass, "A/kg": per_mass, "A/m^2": 1.0}[unit]

    def flux(self, current: float, unit: str) -> float:
        """Flux over the surface, mol/(m² s): j = i/(zF).

        Args:
            current: In C, A/kg or A/m².
            unit: "C", "A/kg" or "A/m^2".
        """
        return self.current_density(current, unit) / (self.charge_number * FARADAY_CONSTANT)

    def time_to_pass(self, flux: float) -> float:
        """Time in which a flux, mol/(m² s), passes one ion per formula unit, s."""
        return self.volume_to_surface / (self.molar_volume * flux)
