"""A scenario in a line, and in a short table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import in_words
from oxyshell.models import registry
from oxyshell.presentation.table import Table
from oxyshell.printable import shortened

if TYPE_CHECKING:
    from oxyshell.scenario.content import Content

_MOST_STEPS = 6
_LONGEST = 160


def one_line(scenario: Content) -> str:
    """Name, particle and material, for `repr`."""
    particle = scenario.particle
    told = [f"{particle.shape} of radius {particle.radius.text}", shortened(scenario.material.formula)]
    told += [f"{one.name} {_thickness(one.section.thickness)}".strip() for one in scenario.layers[:3]]
    steps = len(scenario.steps)
    told.append(f"{steps} step" + "s" * (steps > 1))
    return f"<Scenario '{shortened(scenario.name)}': {', '.join(told)}>"


def table(scenario: Content) -> Table:
    """Subject, particle, material, layers and protocol in words."""
    return Table("", ("", ""), [(name, shortened(text, _LONGEST)) for name, text in _rows(scenario)])


def _rows(scenario: Content) -> Iterator[tuple[str, str]]:
    if scenario.about:
        yield "about", scenario.about
    yield "particle", in_words(scenario.particle)
    material = scenario.material
    yield "material", f"{material.formula}, D = {material.diffusivity.text}"
    for layer in scenario.layers:
        told = (in_words(value) for value in (layer.section.thickness, layer.section.formula) if value)
        yield layer.name, ", ".join(told)
    physics = [one.name for one in registry.physics() if scenario.section(one.name) is not None]
    if physics:
        yield "physics", ", ".join(name.replace("_", " ") for name in physics)
    yield "temperature", scenario.temperature.text
    for index, step in enumerate(scenario.steps[:_MOST_STEPS]):
        yield "" if index else "protocol", step.words()
    if (more := len(scenario.steps) - _MOST_STEPS) > 0:
        yield "", f"and {more} more"


def _thickness(thickness: Parameter | None) -> str:
    return "" if thickness is None else thickness.text
