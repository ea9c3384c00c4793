"""Parts of surface laws: transfer through a surface, adsorption on a sink, and a sink's measured loading."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import ConfigDict, model_validator

from oxyshell.language import chemistry, scales
from oxyshell.language.former import Formerly
from oxyshell.language.parameters import POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Choice, Section, one_of, require_one
from oxyshell.models.oxygen.surface_laws.law import Carrier

BOLTZMANN_CONSTANT = 1.380649e-23  # J/K, exact in the SI
ELECTRON_VOLT = 1.602176634e-19  # J, exact in the SI

# Stronger than any bond of O2: a number beyond it was meant in another unit.
_ENERGY = Bounds(at_least=-20, at_most=0)
_PART = Bounds(above=0, below=1)


class Transfer(Choice):
    """Transfer of oxygen from the lattice through the surface: exactly one of biot and velocity."""

    model_config = ConfigDict(json_schema_extra=one_of("biot", "velocity"))

    biot: Annotated[Parameter, Quantity("1", POSITIVE)] | None = None
    """Bi = k R/D_O, with D_O of the bulk as made; large where diffusion is the bottleneck."""
    velocity: Annotated[Parameter, Quantity("m/s", POSITIVE, scales.TRANSFER_VELOCITY)] | None = None
    """Transfer velocity k: flux over concentration at the surface."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        require_one(self, self.keys(), "no transfer")
        return self

    def velocity_on(self, carrier: Carrier) -> float:
        """k, m/s."""
        if self.biot is not None:
            return self.biot.value * carrier.velocity
        assert self.velocity is not None  # one of both is given
        return self.velocity.value


class Adsorption(Section):
    """Adsorption of O2 on a sink, which it leaves at ν exp(−|E|/k_B T)."""

    energy: Annotated[Parameter, Quantity("eV", _ENERGY, scales.ADSORPTION_ENERGY)]
    """Adsorption energy E of O2, per molecule, negative where it binds. A bare number is in eV."""
    attempt_frequency: Annotated[Parameter, Quantity("1/s", POSITIVE, scales.ATTEMPT_FREQUENCY)]
    """Attempt frequency ν."""

    def desorption(self, temperature: float) -> float:
        """k_des = ν exp(−|E|/k_B T) at a temperature in K, 1/s."""
        energy = self.energy.value * ELECTRON_VOLT
        return self.attempt_frequency.value * math.exp(-abs(energy) / (BOLTZMANN_CONSTANT * temperature))


class Loading(Section):
    """Measured amount of a sink's material on the particles."""

    formula: chemistry.Formula
    """Chemical formula of the sink, such as RuO2."""
    mass_fraction: Annotated[Parameter, Quantity("kg/kg", _PART, scales.MASS_FRACTION)]
    """Its share of the sample's mass."""
    density: Annotated[Parameter, Quantity("kg/m^3", POSITIVE, scales.DENSITY)]
    """Its density."""
    height: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)]
    """Height of its islands."""
    monolayer_thickness: Annotated[
        Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)] | None, Formerly("layer_thickness")
    ] = None
    """Thickness of one closed monolayer, to say which mass fraction that would need; null: not said."""

    def mean_thickness(self, carrier: Carrier) -> float:
        """Thickness if it were spread evenly, thin against the particle, m."""
        share = self.mass_fraction.value
        # w/(1 − w) is the sink's mass over the bare particle's.
        return share / (1 - share) * carrier.density / self.density.value * carrier.volume_to_surface

    def coverage(self, carrier: Carrier) -> float:
        """Share of the surface that it covers as islands, at most 1."""
        return min(self.mean_thickness(carrier) / self.height.value, 1.0)

    def remark(self, carrier: Carrier, body: str) -> str:
        """The loading of a particle, which `body` describes, and whether it is a closed coating."""
        covered = self.coverage(carrier)
        islands = f"islands of {self.height.text} height cover {percent(covered)}, no closed coating"
        return (
            f"{100 * self.mass_fraction.value:.3g} wt% {self.formula} on {body} "
            f"is {self.mean_thickness(carrier) * 1e9:.3f} nm spread evenly: "
            f"{islands if covered < 1 else 'a closed coating'}."
        )

    def closed_coating(self, monolayers: float, carrier: Carrier) -> Iterator[str]:
        """The mass fraction that closed monolayers would need; nothing where no thickness of one is given."""
        if self.monolayer_thickness is None:
            return
        thickness = monolayers * self.monolayer_thickness.value
        mass = thickness * self.density.value / (carrier.density * carrier.volume_to_surface)
        name = "One closed monolayer" if monolayers == 1 else f"{monolayers:g} closed monolayers"
        needed = f"{100 * (mass / (1 + mass)):.3g} wt%"
        yield f"{name} of {self.formula}, {thickness * 1e9:.3g} nm, would need {needed}."


def percent(share: float) -> str:
    """A share in percent, with three digits, or two where it is small."""
    return f"{100 * share:.3g} %" if share > 0.0995 else f"{100 * share:.2g} %"
