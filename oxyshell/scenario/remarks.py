"""Sentences that a reader of a run's results has to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.language import scales, tables
from oxyshell.language.marks import numbers
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import Section, leaves
from oxyshell.models import registry
from oxyshell.models.base.geometry import Geometry
from oxyshell.presentation.numbers import with_printed_units
from oxyshell.scenario.circumstances import about_circumstances
from oxyshell.scenario.content import Content


def about(content: Content, geometry: Geometry) -> Iterator[str]:
    """All sentences about a scenario; see `SizedScenario.remarks`."""
    everything = dict(leaves(content))
    yield from (f"{notice}" for notice in content.notices)
    yield from _about_scales(content)
    yield from about_circumstances(content)
    for physics in registry.physics():
        yield from physics.remarks(content, geometry)
    yield from _about_tables(everything)


def _about_scales(content: Section) -> Iterator[str]:
    """A sentence for each single number outside the range that is usual for its quantity."""
    for path, number, mark in numbers(content):
        if not isinstance(number, Parameter) and not number.constant:
            continue
        if not mark.is_usual(number):
            usual = scales.words(mark.scale.usual)
            yield with_printed_units(
                f"{path} = {number.text} is outside the usual range of {mark.scale.name}, {usual}."
            )


def _about_tables(content: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each long table that is used less closely than it was given."""
    for path, leaf in content.items():
        if isinstance(leaf, OccupancyProperty) and leaf.error > tables.ACCURACY:
            yield (
                f"{path} is {leaf.text}; it is used as {tables.MOST_LINES} straight lines, which miss "
                f"values by up to {100 * leaf.error:.2g} % (of the value, or of a hundredth of the largest "
                "one where this is more)."
            )
