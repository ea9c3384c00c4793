"""The losses of a scenario, in SI."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from oxyshell.models.base.combined_laws import NOTHING_CHANGES, CombinedLaws
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.degradation.laws import Area, Drive, Layer, OxygenRedox, VoltageFade
from oxyshell.models.degradation.section import Degradation, LayerSection


def section_of(scenario: ScenarioView) -> Degradation | None:
    """The section; None where the scenario has none."""
    return cast("Degradation | None", scenario.section("degradation"))


def law_of(scenario: ScenarioView, geometry: Geometry) -> CombinedLaws:
    """All losses; none where the scenario has none.

    Raises:
        LayerError: If the layer of the first cycle is the whole particle.
    """
    section = section_of(scenario)
    if section is None:
        return NOTHING_CHANGES
    losses: list[CycleLaw] = []
    if section.layer is not None:
        losses.append(_layer(section.layer, scenario, geometry))
    if section.area is not None:
        losses.append(Area(section.area.rate.value, Drive(section.area.driver, "area_driver")))
    if section.voltage is not None:
        losses.append(
            VoltageFade(section.voltage.rate.value, Drive(section.voltage.driver, "voltage_driver"))
        )
    if section.redox is not None:
        losses.append(OxygenRedox(section.redox.share.value, section.redox.loss))
    return CombinedLaws(losses)


def with_film(model: Any, scenario: ScenarioView) -> Any:
    """The particle with the layer of the first cycle as a film on its electrode."""
    section = section_of(scenario)
    if section is None or section.layer is None or section.layer.resistivity is None:
        return model
    film = _film(section.layer, scenario) * section.layer.start.value
    return replace(model, exchange=model.exchange.with_more_film(film))


def layer_radius(scenario: ScenarioView, geometry: Geometry) -> float:
    """R at which a layer reaches the centre, m: n V/A, n being the directions in which its core shrinks."""
    return float(scenario.particle.core_dimensions * geometry.volume_to_surface)


def _layer(section: LayerSection, scenario: ScenarioView, geometry: Geometry) -> Layer:
    layer = Layer(
        thickness=section.start.value,
        growth=section.growth,
        drive=Drive(section.driver, "layer_driver"),
        radius=layer_radius(scenario, geometry),
        dimensions=scenario.particle.core_dimensions,
        film=_film(section, scenario),
    )
    layer.start()
    return layer


def _film(section: LayerSection, scenario: ScenarioView) -> float:
    """The resistivity times zF, V m s/mol."""
    if section.resistivity is None:
        return 0.0
    return section.resistivity.value * float(scenario.material.ion.charge_number) * FARADAY_CONSTANT
