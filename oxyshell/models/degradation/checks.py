"""Contradictions between the section `degradation` and others."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import describe, problem
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.degradation.from_scenario import layer_radius, section_of

_CYCLES, _PULSES = ("repeat", "rate_test"), "gitt"


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """All contradictions; none without degradation."""
    section = section_of(scenario)
    if section is None:
        return
    keys = [entry.key for entry in scenario.steps]
    if not any(key in _CYCLES for key in keys):
        expected = "null without cycles in the protocol (repeat): the losses grow from cycle to cycle"
        yield problem("losses", expected, "degradation")
    for index, key in enumerate(keys):
        if key == _PULSES:
            expected = "a protocol without it beside degradation: each of its pulses would count as a cycle"
            yield problem(describe(key), expected, "protocol", index, key)
    layer = section.layer
    if layer is None:
        return
    geometry = scenario.particle.geometry()
    if geometry is not None and not layer.start.value < layer_radius(scenario, geometry):
        expected = f"less than the {layer_radius(scenario, geometry) * 1e9:.6g} nm to the centre"
        yield problem(describe(layer.start.text), expected, "degradation", "layer", "start")
    if layer.resistivity is not None and scenario.section("electrode") is None:
        expected = "null without an electrode, the voltage of which it changes"
        yield problem("a resistivity", expected, "degradation", "layer", "resistivity")
