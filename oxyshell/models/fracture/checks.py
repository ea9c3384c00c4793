"""Contradictions between the section `toughness` and others."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import describe, problem
from oxyshell.models.base.physics import ScenarioView

_KEY = "toughness"


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Particles in which no flaw is followed; none without the section."""
    section = scenario.section(_KEY)
    if section is None:
        return
    particle = scenario.particle
    if particle.dimension != 1:
        found = f"a fracture toughness with {particle.noun} of dimension {particle.dimension or 3}"
        expected = (
            "null, or a particle along a line (dimension: 1): flaws are followed along the radius, and a "
            "solid has no single one"
        )
        yield problem(found, expected, _KEY)
    elif not section.flaw.value < particle.radius.value:
        expected = f"less than the radius, {particle.radius.text}"
        yield problem(describe(section.flaw.text), expected, _KEY, "flaw")
