"""Flux law of O2 at the surface, as the weak forms and the discretised system use it."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar


@dataclass(frozen=True, kw_only=True)
class SurfaceExchange:
    """Langmuir exchange between lattice, sink and outside: the laws of the package differ in its numbers.

    With c the mobile content at the surface and Γ the amount in the sink per area of the particle,
        captured  k_c c (1 − Γ/Γ_max)               lattice → sink
        lost      k_e (c − c_ext) + k_s c Γ/Γ_max   lattice → outside
        desorbed  k_des Γ                           sink → outside
    so that a change from one law to another compiles nothing. Another flux law is a subclass that overrides
    these fluxes; its numbers are further fields made with `quantity`.

    Attributes:
        capacity: Γ_max, what the sink can hold per area of the particle, mol/m²; 1 where there is no sink.
        capture: k_c, transfer velocity into an empty sink, m/s.
        escape: k_e, transfer velocity past the sink to the outside, m/s.
        spill: k_s, transfer velocity through a full sink to the outside, m/s.
        outside: c_ext, content with which the outside is in equilibrium, mol/m³.
        desorption: k_des, 1/s.
        holds: True where the content at the surface is `outside`, in place of any flux law.
    """

    capacity: Scalar = quantity("mol/m^2", default=1.0)
    capture: Scalar = quantity("m/s", default=0.0)
    escape: Scalar = quantity("m/s", default=0.0)
    spill: Scalar = quantity("m/s", default=0.0)
    outside: Scalar = quantity("mol/m^3", default=0.0)
    desorption: Scalar = quantity("1/s", default=0.0)
    holds: bool = False

    def captured(self, content: Scalar, held: Scalar) -> Scalar:
        """Flux from the lattice into the sink, mol/(m² s)."""
        return self.capture * content * (1 - held / self.capacity)

    def lost(self, content: Scalar, held: Scalar) -> Scalar:
        """Flux from the lattice to the outside, mol/(m² s)."""
        return self.escape * (content - self.outside) + self.spill * content * held / self.capacity

    def desorbed(self, held: Scalar) -> Scalar:
        """Flux from the sink to the outside, mol/(m² s)."""
        return self.desorption * held


@dataclass(frozen=True, kw_only=True)
class SurfaceModel:
    """A surface law of one particle, in SI; by default a sealed surface.

    Attributes:
        exchange: Its fluxes.
        coverage: Share of the surface that a sink covers.
    """

    exchange: SurfaceExchange = SurfaceExchange()
    coverage: float = 0.0
