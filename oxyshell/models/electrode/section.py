"""The section `electrode`: open-circuit potential, kinetics, film, and the effect of stress."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import ConfigDict

from oxyshell.language import scales
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.language.taking_over import given_by_material
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.electrode.exchange import ElectrodeExchange
from oxyshell.models.electrode.film import Film, NoFilm, OhmicFilm
from oxyshell.models.electrode.kinetics_section import KineticsLaw
from oxyshell.models.electrode.open_circuit import OpenCircuit
from oxyshell.models.electrode.thermodynamics import ChemicalDiffusivity, OpenCircuitDrift, OpenCircuitSlope
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
    exchange = exchange_model(section, model, scenario)
    if section.thermodynamic_factor == "ideal":
        return replace(model, exchange=exchange)
    (curve,) = exchange.potential.curves.values()
    slope = OpenCircuitSlope(curve, exchange.sites, exchange.exchangeable, exchange.thermal_voltage)
    transport = model.transport
    if scenario.material.drift == "lattice":
        transport = replace(transport, drift=OpenCircuitDrift(slope))
    if section.thermodynamic_factor == "jump":
        transport = transport.with_diffusivities(lambda jump: ChemicalDiffusivity(slope, jump))
    return replace(model, exchange=exchange, transport=transport)


def exchange_model(section: Electrode, model: ParticleModel, scenario: ScenarioView) -> ElectrodeExchange:
    """The law of the particle's surface, while no current flows.

    Args:
        section: The electrode of the scenario.
        model: The particle without it.
        scenario: The scenario.
    """
    ion, temperature = scenario.material.ion, scenario.temperature.value
    sites = ion.sites_per_formula.value
    per_charge = 1 / (ion.charge_number * FARADAY_CONSTANT)
    return ElectrodeExchange(
        potential=section.open_circuit.model(GAS_CONSTANT * temperature / FARADAY_CONSTANT),
        kinetics=section.kinetics.model(ion.charge_number, temperature),
        film=section.film(ion.charge_number),
        sites=sites,
        exchangeable=sites if section.exchangeable_sites is None else section.exchangeable_sites.value,
        thermal_voltage=GAS_CONSTANT * temperature * per_charge,
        work_voltage=model.thermal_energy * per_charge if section.stress_shifts_potential else 0.0,
        margin=scenario.surface.exhausted_below.value,
    )
