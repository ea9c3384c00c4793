"""A scenario's oxygen in SI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.oxygen.model import OxygenModel, OxygenRegion
from oxyshell.models.oxygen.section import Oxygen
from oxyshell.models.oxygen.surface import SurfaceModel
from oxyshell.models.oxygen.surface_laws.law import Carrier
from oxyshell.models.particle.model import ParticleModel


def section_of(scenario: ScenarioView) -> Oxygen | None:
    """The section `oxygen`; None where the scenario has none."""
    found: Oxygen | None = scenario.section("oxygen")
    return found


def sections_of(scenario: ScenarioView) -> Sequence[Oxygen]:
    """The oxygen of the core and of each region, from inside out; none where the scenario has none."""
    core = section_of(scenario)
    if core is None:
        return ()
    own = [part.section.section("oxygen") for part in scenario.parts[1:]]
    return (core, *(core if layer is None else layer.within(core) for layer in own))


def with_vacancies(model: ParticleModel, scenario: ScenarioView) -> ParticleModel:
    """The particle with the effect of lost oxygen on its hosts."""
    sections = sections_of(scenario)
    if all(section.vacancies is None for section in sections):
        return model
    hosts = [
        host if section.vacancies is None else replace(host, vacancies=section.vacancies.model())
        for host, section in zip((part.host for _, part in model.parts), sections, strict=True)
    ]
    regions = [replace(region, host=host) for region, host in zip(model.regions, hosts[1:], strict=True)]
    return replace(model, host=hosts[0], regions=tuple(regions))


def oxygen_model(scenario: ScenarioView, geometry: Geometry) -> OxygenModel | None:
    """The particle's oxygen; None where the scenario has none."""
    sections = sections_of(scenario)
    if not sections:
        return None
    particle: ParticleModel = scenario.model()
    paths, charge_number = scenario.particle.paths, scenario.material.ion.charge_number
    core, *layers = sections
    regions = [
        OxygenRegion(
            name=region.name,
            host=region.host,
            transport=section.transport_model(paths),
            source=section.source_model(charge_number),
        )
        for region, section in zip(particle.regions, layers, strict=True)
    ]
    return OxygenModel(
        radius=particle.radius,
        initial=core.initial.value,
        host=particle.host,
        transport=core.transport_model(paths),
        source=core.source_model(charge_number),
        surface=surface_law(scenario, geometry).exchange,
        reuse=core.reuse_model(),
        regions=tuple(regions),
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
