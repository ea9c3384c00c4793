"""The lattice that holds the ions, and its layers: of fewer sites, or of other materials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Physics, ScenarioView

if TYPE_CHECKING:
    from pydantic_core import InitErrorDetails


class Host(Physics):
    """The host lattice of every run."""

    name = "host"
    in_every_run = True

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.host import checks

        return checks.problems(scenario)

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        from oxyshell.models.host import remarks

        return remarks.about_layers(scenario)
