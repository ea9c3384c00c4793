"""Contradictions between the section `degradation` and others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
    other = next((part for part in scenario.parts[1:] if _is_other(part, scenario)), None)
    if other is not None:
        name = ".".join(other.path)
        found = f"a surface layer that grows beside {name}, of another material than the particle's"
        expected = f"null beside {name}: it would be consumed, while a core that shrinks keeps all its layers"
        yield problem(found, expected, "degradation", "layer")
    geometry = scenario.particle.geometry()
    if geometry is not None and not layer.start.value < layer_radius(scenario, geometry):
        expected = f"less than the {layer_radius(scenario, geometry) * 1e9:.6g} nm to the centre"
        yield problem(describe(layer.start.text), expected, "degradation", "layer", "start")
    if layer.resistivity is not None and scenario.section("electrode") is None:
        expected = "null without an electrode, the voltage of which it changes"
        yield problem("a resistivity", expected, "degradation", "layer", "resistivity")


def _is_other(part: Any, scenario: ScenarioView) -> bool:
    """Whether a region is of another material, and not the particle's own with fewer sites or another D."""
    apart = (part.section.potential_offset, part.section.open_circuit, part.section.interface)
    return part.material.formula != scenario.material.formula or any(one is not None for one in apart)
