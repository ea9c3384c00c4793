"""Mobile oxygen as one of the list of physics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Physics, ScenarioView

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import InitErrorDetails


class Oxygen(Physics):
    """Mobile O2 in the lattice, its source, its way out, and what lost oxygen does to the host."""

    name = "oxygen"

    def section(self) -> type[BaseModel]:
        from oxyshell.models.oxygen import section

        return section.Oxygen

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.oxygen import checks

        return checks.problems(scenario)

    def particle_model(self, model: Any, scenario: ScenarioView) -> Any:
        from oxyshell.models.oxygen import from_scenario

        return from_scenario.with_vacancies(model, scenario)

    def model(self, scenario: ScenarioView, geometry: Geometry) -> Any:
        from oxyshell.models.oxygen import from_scenario

        return from_scenario.oxygen_model(scenario, geometry)

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        from oxyshell.models.oxygen import remarks

        return remarks.about_oxygen(scenario, geometry)
