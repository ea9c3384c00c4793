"""The open-circuit potential of each host of a particle: of the core, and of the regions around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oxyshell.language.thermal import over_thermal_energy
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.electrode.potential import Potential
from oxyshell.models.electrode.shifted import Shifted


@dataclass(frozen=True)
class HostPotential:
    """The open-circuit potential of one host, and the sites that it is a function of.

    Attributes:
        section: Its section.
        path: Keys down to that.
        sites: n_s, host sites per formula unit.
        exchangeable: n_e, those of which x is the filled share.
        shift: Potential by which ions in it are higher than in a host of the same open-circuit potential, V.
    """

    section: Any
    path: tuple[str, ...]
    sites: float
    exchangeable: float
    shift: float = 0.0

    @property
    def least(self) -> float:
        """The lowest occupancy, that of x = 0."""
        return 1 - self.exchangeable / self.sites

    def model(self, thermal_voltage: float) -> Potential:
        """The potential, where RT/F is so many V."""
        found: Potential = self.section.model(thermal_voltage)
        return Shifted(found, self.shift) if self.shift else found


def host_potential(
    electrode: Any, part: Any, scenario: ScenarioView, thermal_energy: float | None = None
) -> HostPotential:
    """The potential of a part of the particle: its own, or that of the electrode.

    Args:
        electrode: The section `electrode`.
        part: The part, a `scenario.parts.Part`.
        scenario: The scenario.
        thermal_energy: RT of which a `potential_offset` is a multiple, J/mol; by default the scenario's.
            A step at another temperature does not change it.
    """
    layer, ion = part.section, part.material.ion
    sites = ion.sites_per_formula.value
    if layer.open_circuit is not None:
        own = layer.exchangeable_sites
        exchangeable = sites if own is None else own.value
        return HostPotential(layer.open_circuit, (*part.path, "open_circuit"), sites, exchangeable)
    own, shift = electrode.exchangeable_sites, 0.0
    if layer.potential_offset is not None:
        if thermal_energy is None:
            thermal_energy = GAS_CONSTANT * scenario.temperature.value
        offset = over_thermal_energy(layer.potential_offset, thermal_energy / GAS_CONSTANT)
        shift = offset * thermal_energy / (ion.charge_number * FARADAY_CONSTANT)
    return HostPotential(
        section=electrode.open_circuit,
        path=("electrode", "open_circuit"),
        sites=sites,
        exchangeable=sites if own is None else own.value,
        shift=shift,
    )


def share_by_potentials(electrode: Any, scenario: ScenarioView) -> bool:
    """Whether hosts share ions by their open-circuit potentials, and not as ideal solutions do."""
    regions = scenario.parts[1:]
    own = any(part.section.open_circuit is not None for part in regions)
    return bool(regions) and (own or electrode.thermodynamic_factor != "ideal")
