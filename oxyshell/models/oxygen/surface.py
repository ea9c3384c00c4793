"""What the surface does to oxygen: laws that can be exchanged for each other.

Every law is a choice of the same six numbers (`SurfaceExchange`), so changing it compiles nothing. With c the
mobile content at the surface and Γ what the sink holds per area of the particle,
    captured  k_c c (1 − Γ/Γ_max)          lattice → sink
    lost      k_e (c − c_ext) + k_s c Γ/Γ_max   lattice → outside
    desorbed  k_des Γ                      sink → outside
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

from oxyshell.models.base.dimension import quantity

BOLTZMANN_CONSTANT = 1.380649e-23  # J/K, exact in the SI
ELECTRON_VOLT = 1.602176634e-19  # J, exact in the SI


@dataclass(frozen=True, kw_only=True)
class SurfaceExchange:
    """The numbers behind every surface law.

    Attributes:
        capacity: Γ_max, what the sink can hold per area of the particle, mol/m²; 1 where there is no sink.
        capture: k_c, transfer velocity into an empty sink, m/s.
        escape: k_e, transfer velocity past the sink to the outside, m/s.
        spill: k_s, transfer velocity through a full sink to the outside, m/s.
        outside: c_ext, content with which the outside is in equilibrium, mol/m³.
        desorption: k_des, 1/s.
        holds: Whether the content at the surface is `outside`, in place of any flux law.
    """

    capacity: Any = quantity("mol/m^2", default=1.0)
    capture: Any = quantity("m/s", default=0.0)
    escape: Any = quantity("m/s", default=0.0)
    spill: Any = quantity("m/s", default=0.0)
    outside: Any = quantity("mol/m^3", default=0.0)
    desorption: Any = quantity("1/s", default=0.0)
    holds: bool = False

    def captured(self, content: Any, held: Any) -> Any:
        """Flux from the lattice into the sink, mol/(m² s)."""
        return self.capture * content * (1 - held / self.capacity)

    def lost(self, content: Any, held: Any) -> Any:
        """Flux from the lattice to the outside, mol/(m² s)."""
        return self.escape * (content - self.outside) + self.spill * content * held / self.capacity

    def desorbed(self, held: Any) -> Any:
        """Flux from the sink to the outside, mol/(m² s)."""
        return self.desorption * held


class SurfaceLaw(Protocol):
    """What covers the particle's surface."""

    @property
    def exchange(self) -> SurfaceExchange:
        """The law's numbers."""

    @property
    def coverage(self) -> float:
        """Share of the surface that a sink covers."""


@dataclass(frozen=True)
class Sealed:
    """Nothing passes: the null law."""

    coverage: float = 0.0

    @property
    def exchange(self) -> SurfaceExchange:
        return SurfaceExchange()


@dataclass(frozen=True, kw_only=True)
class Open:
    """All that reaches the surface escapes: N·n = k c.

    Attributes:
        transfer: k, m/s.
    """

    transfer: float
    coverage: float = 0.0

    @property
    def exchange(self) -> SurfaceExchange:
        return SurfaceExchange(escape=self.transfer)


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """The content at the surface is held.

    Attributes:
        content: c_ext, mol/m³.
    """

    content: float
    coverage: float = 0.0

    @property
    def exchange(self) -> SurfaceExchange:
        return SurfaceExchange(outside=self.content, holds=True)


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """A layer that slows oxygen down and holds none, in series with an open surface: 1/k' = 1/k + δ/D.

    Attributes:
        thickness: δ, m.
        diffusivity: D of oxygen in the layer, m²/s.
        transfer: k of the surface behind it, m/s.
    """

    thickness: float
    diffusivity: float
    transfer: float
    coverage: float = 0.0

    @property
    def exchange(self) -> SurfaceExchange:
        resistance = self.thickness / self.diffusivity + 1 / self.transfer
        return SurfaceExchange(escape=1 / resistance)


@dataclass(frozen=True, kw_only=True)
class Adsorption:
    """How firmly O2 sits on a surface.

    Attributes:
        energy: E_ads ≤ 0, J per molecule.
        attempt_frequency: ν, 1/s.
        temperature: T, K.
    """

    energy: float
    attempt_frequency: float
    temperature: float

    @property
    def desorption(self) -> float:
        """k_des = ν exp(−|E_ads|/k_B T), 1/s."""
        return self.attempt_frequency * math.exp(-abs(self.energy) / (BOLTZMANN_CONSTANT * self.temperature))


@dataclass(frozen=True, kw_only=True)
class ConformalSink:
    """A closed shell that captures until it is full and then blocks (Langmuir capture and desorption).

    Attributes:
        transfer: k, m/s.
        adsorption: Of O2 on the shell.
        site_density: Adsorption sites per area of one layer, mol/m².
        layers: How many layers of sites it has.
        coverage: Share of the surface that it closes; the rest is open.
    """

    transfer: float
    adsorption: Adsorption
    site_density: float
    layers: float
    coverage: float = 1.0

    @property
    def exchange(self) -> SurfaceExchange:
        return SurfaceExchange(
            capacity=self.site_density * self.layers * self.coverage,
            capture=self.transfer * self.coverage,
            escape=self.transfer * (1 - self.coverage),
            desorption=self.adsorption.desorption,
        )


@dataclass(frozen=True, kw_only=True)
class Islands:
    """Islands that take their share of what leaves: the flux is that of an open surface.

    Of what reaches an island, η (1 − Γ/Γ_max) is captured; the rest escapes.

    Attributes:
        transfer: k, m/s.
        adsorption: Of O2 on the islands.
        site_density: Adsorption sites per area of one layer, mol/m².
        layers: How many layers of sites they have.
        coverage: φ, share of the surface that they cover.
        efficiency: η, share of the arriving oxygen that an empty island captures.
    """

    transfer: float
    adsorption: Adsorption
    site_density: float
    layers: float
    coverage: float
    efficiency: float

    @property
    def exchange(self) -> SurfaceExchange:
        caught = self.transfer * self.coverage * self.efficiency
        return SurfaceExchange(
            capacity=self.site_density * self.layers * self.coverage,
            capture=caught,
            escape=self.transfer - caught,
            spill=caught,
            desorption=self.adsorption.desorption,
        )


@dataclass(frozen=True, kw_only=True)
class Loading:
    """How much of the shell's material a particle carries.

    Attributes:
        mass_fraction: Mass of the shell over the mass of the particle.
        shell_density: kg/m³.
        particle_density: kg/m³.
        volume_to_surface: V/A of the particle, m.
    """

    mass_fraction: float
    shell_density: float
    particle_density: float
    volume_to_surface: float

    @property
    def mean_thickness(self) -> float:
        """Thickness if it were spread evenly, thin against the particle, m."""
        return self.mass_fraction * self.particle_density / self.shell_density * self.volume_to_surface

    def coverage(self, height: float) -> float:
        """Share of the surface that it covers as islands of a height (m), at most 1."""
        return min(self.mean_thickness / height, 1.0)
