"""What surface laws of oxygen are made of: transfer, adsorption, a sink's loading, the particle beneath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import model_validator

from oxyshell.language import chemistry, scales
from oxyshell.language.mistakes import listed, problem, refused
from oxyshell.language.parameters import POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Choice, Section
from oxyshell.models.oxygen import surface as models

# Stronger than any bond of O2: a number beyond it was meant in another unit.
_ENERGY = Bounds(at_least=-20, at_most=0)
_PART = Bounds(above=0, below=1)


@dataclass(frozen=True)
class Carrier:
    """The particle under a surface law.

    Attributes:
        radius: R, m.
        volume_to_surface: V/A, m.
        density: kg/m³.
        temperature: T, K.
        diffusivity: D_O of the bulk at the occupancy as made, m²/s.
    """

    radius: float
    volume_to_surface: float
    density: float
    temperature: float
    diffusivity: float

    @property
    def velocity(self) -> float:
        """D_O/R, m/s, the unit of a Biot number."""
        return self.diffusivity / self.radius


class Transfer(Choice):
    """How fast oxygen passes from the lattice through the surface: exactly one of biot and velocity."""

    biot: Annotated[Parameter, Quantity("1", POSITIVE)] | None = None
    """Bi = k R/D_O, with D_O of the bulk as made; large where diffusion is the bottleneck."""
    velocity: Annotated[Parameter, Quantity("m/s", POSITIVE, scales.TRANSFER_VELOCITY)] | None = None
    """Transfer velocity k: flux over concentration at the surface."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [key for key, entry in self.entries().items() if entry is not None]
        if len(given) != 1:
            expected = f"exactly one of {listed(self.keys())}"
            raise refused(problem(listed(given) or "no transfer", expected, *given[1:2]))
        return self

    def value(self, carrier: Carrier) -> float:
        """k, m/s."""
        if self.biot is not None:
            return self.biot.value * carrier.velocity
        assert self.velocity is not None  # one of both is given
        return self.velocity.value


class Loading(Section):
    """How much of a sink's material was measured on the particles."""

    formula: chemistry.Formula
    """What the sink is made of, such as RuO2."""
    mass_fraction: Annotated[Parameter, Quantity("kg/kg", _PART, scales.MASS_FRACTION)]
    """Its share of the sample's mass."""
    density: Annotated[Parameter, Quantity("kg/m^3", POSITIVE, scales.DENSITY)]
    """Its density."""
    height: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)]
    """Height of its islands."""
    layer_thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)] | None = None
    """Thickness of one closed layer, to say which mass fraction that would need; null: not said."""

    def model(self, carrier: Carrier) -> models.Loading:
        """The loading on a particle; w/(1 − w) is the sink's mass over the bare particle's."""
        share = self.mass_fraction.value
        return models.Loading(
            mass_fraction=share / (1 - share),
            shell_density=self.density.value,
            particle_density=carrier.density,
            volume_to_surface=carrier.volume_to_surface,
        )

    def coverage(self, carrier: Carrier) -> float:
        """Share of the surface that it covers as islands, at most 1."""
        return self.model(carrier).coverage(self.height.value)

    def mass_fraction_of(self, thickness: float, carrier: Carrier) -> float:
        """The mass fraction that a closed shell of a thickness, m, would need."""
        mass = thickness * self.density.value / (carrier.density * carrier.volume_to_surface)
        return mass / (1 + mass)


class Adsorption(Section):
    """How firmly O2 sits on a sink: it leaves at ν exp(−|E|/k_B T)."""

    energy: Annotated[Parameter, Quantity("eV", _ENERGY, scales.ADSORPTION_ENERGY)]
    """Adsorption energy E of O2, per molecule, negative where it binds. A bare number is in eV."""
    attempt_frequency: Annotated[Parameter, Quantity("1/s", POSITIVE, scales.ATTEMPT_FREQUENCY)]
    """Attempt frequency ν."""

    def model(self, carrier: Carrier) -> models.Adsorption:
        """In SI."""
        return models.Adsorption(
            energy=self.energy.value * models.ELECTRON_VOLT,
            attempt_frequency=self.attempt_frequency.value,
            temperature=carrier.temperature,
        )
