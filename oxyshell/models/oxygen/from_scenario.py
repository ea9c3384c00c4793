"""A scenario's oxygen in SI."""

from __future__ import annotations

from dataclasses import replace

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.models.oxygen.section import Oxygen
from oxyshell.models.oxygen.surface import SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier
from oxyshell.models.particle.model import ParticleModel


def section_of(scenario: ScenarioView) -> Oxygen | None:
    """The section `oxygen`; None where the scenario has none."""
    found: Oxygen | None = scenario.section("oxygen")
    return found


def with_vacancies(model: ParticleModel, scenario: ScenarioView) -> ParticleModel:
    """The particle with the effect of lost oxygen on its host."""
    section = section_of(scenario)
    if section is None or section.vacancies is None:
        return model
    return replace(model, host=replace(model.host, vacancies=section.vacancies.model()))


def oxygen_model(scenario: ScenarioView, geometry: Geometry) -> OxygenModel | None:
    """The particle's oxygen; None where the scenario has none."""
    section = section_of(scenario)
    if section is None:
        return None
    particle: ParticleModel = scenario.model()
    return OxygenModel(
        radius=particle.radius,
        initial=section.initial.value,
        host=particle.host,
        transport=section.transport_model(scenario.particle.paths),
        source=section.source_model(scenario.material.ion.charge_number),
        surface=surface_law(scenario, geometry).exchange,
        reuse=section.reuse_model(),
    )


def surface_law(scenario: ScenarioView, geometry: Geometry) -> SurfaceModel:
    """The surface law, with the share of the surface that a sink covers; sealed without oxygen."""
    section = section_of(scenario)
    return SurfaceModel() if section is None else section.surface.model(carrier(section, scenario, geometry))


def carrier(section: Oxygen, scenario: ScenarioView, geometry: Geometry) -> Carrier:
    """The particle under a surface law."""
    return Carrier(
        radius=scenario.particle.radius.value,
        volume_to_surface=geometry.volume_to_surface,
        density=scenario.amounts(geometry).density,
        temperature=scenario.temperature.value,
        diffusivity=section.outward(scenario.particle.paths).at(scenario.material.ion.occupancy.value),
    )
