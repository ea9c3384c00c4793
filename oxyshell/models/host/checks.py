"""Contradictions between the host lattice, its layers, and other sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic_core import InitErrorDetails

from oxyshell.language import chemistry
from oxyshell.language.mistakes import describe, listed, problem
from oxyshell.models.base.physics import ScenarioView

_ROUND_OFF = 1e-9
# Of the greatest distance from the surface. A thicker layer leaves no core.
_THICKEST = 0.99
# Of the radius. In a thinner layer round-off spoils the balance of ions.
_THINNEST = 1e-5


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """A c axis in a shape without one, layers that do not fit into the particle, ions that are not alike."""
    if any(part.material.layered for part in scenario.parts):
        yield from c_axis(scenario, "the material differs between the a-b plane and c")
    yield from _layers(scenario)
    for part in scenario.parts[1:]:
        yield from _ion(part, scenario)


def c_axis(scenario: ScenarioView, reason: str) -> Iterator[InitErrorDetails]:
    """A shape whose symmetry has no place for a c axis, or that does not say where it is.

    Args:
        scenario: The scenario.
        reason: Cause for which it has to have one, as a clause.
    """
    particle = scenario.particle
    if particle.paths is None:
        key, expected = particle.without_c()
        yield problem(describe(getattr(particle, key)), f"{expected}, since {reason}", "particle", key)


def _layers(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    yield from _nothing_of_its_own(scenario.shell)
    layers, particle = scenario.layers, scenario.particle
    regions = {part.name for part in scenario.parts[1:]}
    for layer in layers:
        outermost = layer is layers[-1]
        yield from _deficiency(layer, outermost)
        if particle.groups and layer.name in regions:
            yield from _group(layer)
        else:
            yield from _thickness(layer, scenario)
    given = [layer.section.thickness for layer in layers if layer.section.thickness is not None]
    total = sum(one.value for one in given)
    most, radius = _THICKEST * particle.deepest, particle.radius
    if not total / radius.value <= most * (1 + _ROUND_OFF):
        several = len(layers) > 1
        found = f"layers of {1e9 * total:.6g} nm together" if several else describe(given[0].text)
        what = "layers" if several else "a layer"
        where = layers[0].path[:1] if several else (*layers[0].path, "thickness")
        yield problem(
            found, f"{what} thinner than the radius {radius.text}: at most {most:.3g} of it", *where
        )


def _nothing_of_its_own(shell: Any) -> Iterator[InitErrorDetails]:
    """A shell that says nothing in which it differs from the particle's material."""
    if shell is not None and shell.model_fields_set <= {"thickness", "profile"} and shell.graded:
        expected = "the key 'deficiency', 'from', or a property of its own"
        yield problem("a layer like the particle's material", expected, "shell")


def _thickness(layer: Any, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """A layer without a thickness, or too thin."""
    thickness, radius, here = layer.section.thickness, scenario.particle.radius, (*layer.path, "thickness")
    if thickness is None:
        if not scenario.particle.groups or layer.section.deficiency.value > 0:
            yield problem("no thickness", "the key 'thickness', for example '20 nm'", *layer.path)
    elif thickness.value / radius.value < _THINNEST * (1 - _ROUND_OFF):
        expected = f"a layer of at least {_THINNEST:g} of the radius {radius.text}, or no {layer.path[-1]}"
        yield problem(describe(thickness.text), expected, *here)


def _group(layer: Any) -> Iterator[InitErrorDetails]:
    """A thickness of a group, which is as thick as its cells, or a deficit whose depth is not known."""
    section, here = layer.section, (*layer.path, "thickness")
    falls = section.graded and section.deficiency.value > 0
    if falls and section.thickness is None:
        expected = f"the key 'thickness', over which the {section.profile} deficit falls"
        yield problem("no thickness", expected, *layer.path)
    elif section.thickness is not None and not falls:
        expected = f"null: in an imported mesh the layer is the cells of its group '{layer.name}'"
        yield problem(describe(section.thickness.text), expected, *here)


def _deficiency(layer: Any, outermost: bool) -> Iterator[InitErrorDetails]:
    """A deficit that falls with the depth below the surface, in a layer that is not at the surface."""
    section = layer.section
    if section.graded and section.deficiency.value > 0 and not outermost:
        expected = f"0 in a layer below others, or 'profile: step': {section.profile} counts from the surface"
        yield problem(describe(section.deficiency.text), expected, *layer.path, "deficiency")


def _ion(part: Any, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """An ion that is not that of the core, or not in the formula of the layer."""
    ion, core = part.material.ion, scenario.material.ion
    elements = chemistry.composition(part.material.formula)
    if (ion.species, ion.charge_number) != (core.species, core.charge_number):
        found = f"{describe(ion.species)} of {ion.charge_number} charges"
        expected = f"the ion of the particle's material: '{core.species}' of {core.charge_number}"
        yield problem(found, expected, *part.place("ion"), "species")
    elif ion.species not in elements:
        key = "formula" if "formula" in part.section.own() else "ion"
        expected = f"a formula with the ion '{core.species}', not only {listed(elements)}"
        yield problem(describe(part.material.formula), expected, *part.place(key))
