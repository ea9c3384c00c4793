"""The section `electrode`: open-circuit potential, kinetics, film, and the effect of stress."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import ConfigDict

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.language.taking_over import given_by_material
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.electrode.exchange import ElectrodeExchange
from oxyshell.models.electrode.film import Film, NoFilm, OhmicFilm
from oxyshell.models.electrode.hosts import HostPotential, host_potential, share_by_potentials
from oxyshell.models.electrode.kinetics_section import KineticsLaw
from oxyshell.models.electrode.open_circuit import OpenCircuit
from oxyshell.models.electrode.potential import Curve
from oxyshell.models.electrode.standard import OpenCircuitStandard
from oxyshell.models.electrode.thermodynamics import ChemicalDiffusivity, OpenCircuitDrift, OpenCircuitSlope
from oxyshell.models.ions.transport import Transport
from oxyshell.models.particle.model import ParticleModel


class Electrode(Section):
    """The surface as an electrode: its voltage, and the current that a voltage drives through it."""

    # A material of the library may have what is required here.
    model_config = ConfigDict(json_schema_extra=given_by_material("open_circuit"))

    open_circuit: OpenCircuit
    """Open-circuit potential U(x) against the metal of the ion, in V. Default: that of `material.from`."""
    exchangeable_sites: Annotated[Parameter, Quantity("1", POSITIVE)] | None = None
    """Sites n_e per formula unit of which x is the filled share: x = (n_s θ − (n_s − n_e))/n_e, n_s being
    `material.ion.sites_per_formula`; null: all."""
    kinetics: KineticsLaw
    """Exchange current density of the reaction at the surface (Butler–Volmer, equal transfer factors)."""
    film_resistance: Annotated[Parameter, Quantity("ohm m^2", NOT_NEGATIVE, scales.FILM_RESISTANCE)] = (
        Parameter.default("0 ohm m^2", "ohm m^2")
    )
    """Resistance of a film on the surface, times its area. Default 0."""
    stress_shifts_potential: bool = True
    """Whether stress at the surface shifts the equilibrium by RT W/(zF). Default true."""
    thermodynamic_factor: Literal["ideal", "chemical", "jump"] = "ideal"
    """Meaning of `material.diffusivity`: of ions that form an ideal solution, Γ = 1 (default), a chemical
    diffusivity, as titrations measure it (stress then drives 1/Γ of the flux), or that of jumps (D = Γ D_J);
    Γ is that of the open-circuit potential, which has to be one curve."""

    def film(self, charge_number: int) -> Film:
        """The film, of ions of z charges."""
        resistance = self.film_resistance.value
        if resistance == 0:
            return NoFilm()
        return OhmicFilm(resistance=resistance * charge_number * FARADAY_CONSTANT)


def with_electrode(section: Electrode, model: ParticleModel, scenario: ScenarioView) -> ParticleModel:
    """The particle with an electrode's law at its surface, and with the transport that fits it.

    Args:
        section: The electrode of the scenario.
        model: The particle without it.
        scenario: The scenario.
    """
    exchange, parts = exchange_model(section, model, scenario), scenario.parts
    found = replace(model, exchange=exchange)
    shared = share_by_potentials(section, scenario)
    if section.thermodynamic_factor == "ideal" and not shared:
        return found

    def in_potential(host: Any, part: Any) -> Any:
        """A host whose ions have the chemical potential of which the voltage is."""
        potential = host_potential(section, part, scenario, model.thermal_energy)
        (curve,) = potential.model(
            GAS_CONSTANT * scenario.temperature.value / FARADAY_CONSTANT
        ).curves.values()
        if shared:
            host = replace(host, standard=_standard(curve, potential, exchange, model, part))
        slope = OpenCircuitSlope(curve, potential.sites, potential.exchangeable, exchange.thermal_voltage)
        return replace(host, transport=_transport(section, slope, host.transport, part.material.drift))

    core: ParticleModel = in_potential(found, parts[0])
    return replace(core, regions=tuple(map(in_potential, found.regions, parts[1:])))


def _standard(
    curve: Curve, host: HostPotential, exchange: ElectrodeExchange, model: ParticleModel, part: Any
) -> OpenCircuitStandard:
    """The standard potential of ions in a host of one curve."""
    voltage = model.thermal_energy / (part.material.ion.charge_number * FARADAY_CONSTANT)
    return OpenCircuitStandard(
        curve=curve,
        sites=host.sites,
        exchangeable=host.exchangeable,
        voltage=voltage,
        share=exchange.thermal_voltage / voltage,
    )


def _transport(section: Electrode, slope: OpenCircuitSlope, transport: Transport, drift: str) -> Transport:
    """Transport with the thermodynamic factor of a curve."""
    if section.thermodynamic_factor == "ideal":
        return transport
    if drift == "lattice":
        transport = replace(transport, drift=OpenCircuitDrift(slope))
    if section.thermodynamic_factor == "jump":
        transport = transport.with_diffusivities(lambda jump: ChemicalDiffusivity(slope, jump))
    return transport


def exchange_model(section: Electrode, model: ParticleModel, scenario: ScenarioView) -> ElectrodeExchange:
    """The law of the particle's surface, that of its outermost host, while no current flows.

    Args:
        section: The electrode of the scenario.
        model: The particle without it.
        scenario: The scenario.
    """
    outermost, temperature = scenario.parts[-1], scenario.temperature.value
    ion = outermost.material.ion
    host = host_potential(section, outermost, scenario, model.thermal_energy)
    per_charge = 1 / (ion.charge_number * FARADAY_CONSTANT)
    return ElectrodeExchange(
        potential=host.model(GAS_CONSTANT * temperature / FARADAY_CONSTANT),
        kinetics=section.kinetics.model(ion.charge_number, temperature),
        film=section.film(ion.charge_number),
        sites=host.sites,
        exchangeable=host.exchangeable,
        thermal_voltage=GAS_CONSTANT * temperature * per_charge,
        work_voltage=model.thermal_energy * per_charge if section.stress_shifts_potential else 0.0,
        margin=scenario.surface.exhausted_below.value,
    )
