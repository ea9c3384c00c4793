"""Long tables that are used less closely than they were given: a sentence for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.language import tables
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.sections import leaves

if TYPE_CHECKING:
    from oxyshell.scenario.scenario import Scenario


def about_tables(scenario: Scenario, _volume_to_surface: float | None) -> Iterator[str]:
    """See `Scenario.remarks`."""
    for path, leaf in leaves(scenario):
        if isinstance(leaf, OccupancyProperty) and leaf.error > tables.ACCURACY:
            yield (
                f"{path} is {leaf.text}; it is used as {tables.MOST_LINES} straight lines, which miss "
                f"values by up to {100 * leaf.error:.2g} % (of the value, or of a hundredth of the largest "
                "one where this is more)."
            )
