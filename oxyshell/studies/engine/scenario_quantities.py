"""Quantities that runs of a scenario have, and numbers in a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from oxyshell.language.mistakes import Refusal, ScenarioError, describe
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.quantities import Interest


def quantity_of(text: str, scenario: Scenario) -> Interest:
    """Read a quantity as in a sweep.

    Raises:
        Refusal: If no run of the scenario has such a number.
    """
    interest = quantities.read(text)
    require_section(interest, scenario)
    return interest


def require_section(interest: Interest, scenario: Scenario) -> None:
    """Make sure that a scenario has the section that a quantity needs.

    Raises:
        Refusal: If it does not.
    """
    section = missing_section(interest, scenario)
    if section:
        raise Refusal(
            f"{describe(interest.text)} without {section}", f"a scenario with {interest.requirement}"
        )


def missing_section(interest: Interest, scenario: Scenario) -> str:
    """Key of the section that a quantity needs and a scenario lacks; empty if there is none."""
    return "" if interest.is_in(scenario) else interest.needs


def is_valid(scenario: Scenario, changes: Mapping[str, Any]) -> bool:
    """Whether a scenario with other values is one."""
    try:
        scenario.with_values(changes)
    except ScenarioError:
        return False
    return True


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value of a scenario is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
