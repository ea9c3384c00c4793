"""Contradictions between an electrode and the rest of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import problem
from oxyshell.models.base.physics import ScenarioView


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Values that no electrode of this scenario can have."""
    section = scenario.section("electrode")
    if section is None:
        return
    sites = scenario.material.ion.sites_per_formula.value
    given = section.exchangeable_sites
    if given is not None and given.value > sites * (1 + 1e-9):
        expected = f"at most material.ion.sites_per_formula, {sites:g}"
        yield problem(given.text, expected, "electrode", "exchangeable_sites")
