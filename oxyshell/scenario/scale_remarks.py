"""What a reader has to know of numbers that are out of the ordinary and were given with their unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.language import scales
from oxyshell.language.marks import numbers
from oxyshell.language.parameters import Parameter

if TYPE_CHECKING:
    from oxyshell.scenario.scenario import Scenario


def about_scales(scenario: Scenario, volume_to_surface: float | None) -> Iterator[str]:
    """A sentence for each single number outside the range that is usual for its quantity."""
    for path, number, mark in numbers(scenario):
        if not isinstance(number, Parameter) and not number.constant:
            continue
        if not mark.scale.is_usual(number.value):
            usual = scales.words(mark.scale.usual)
            yield f"{path} = {number.text} is outside the usual range of {mark.scale.name}, {usual}."
