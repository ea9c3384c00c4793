"""Sentences that a reader of a run's results has to know, each from one module by its subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from oxyshell.models.oxygen.remarks import about_oxygen
from oxyshell.scenario.circumstances import about_circumstances
from oxyshell.scenario.scale_remarks import about_scales
from oxyshell.scenario.table_remarks import about_tables

if TYPE_CHECKING:
    from oxyshell.scenario.scenario import Scenario

# A subject is a function of the scenario and V/A of the particle, m (None: that of its shape).
_SUBJECTS: tuple[Callable[[Scenario, float | None], Iterator[str]], ...] = (
    about_scales,
    about_circumstances,
    about_oxygen,
    about_tables,
)


def about(scenario: Scenario, volume_to_surface: float | None) -> Iterator[str]:
    """All sentences about a scenario; see `Scenario.remarks`."""
    for subject in _SUBJECTS:
        yield from subject(scenario, volume_to_surface)
