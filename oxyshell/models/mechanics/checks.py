"""Contradictions between the material's mechanics and other sections."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import problem
from oxyshell.models.base.physics import ScenarioView

_ROUND_OFF = 1e-9


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Stiffnesses that a mesh of the particle's dimension cannot represent."""
    yield from _stiffness(scenario)


def _stiffness(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Elements of discs and solids lock where the volume hardly changes; lines take all that is allowed."""
    dimension = scenario.particle.dimension
    if dimension == 1:
        return
    least = 2e-3 if dimension == 2 else 2e-2
    for part in scenario.parts:
        found, formula = part.material.elasticity.volumetric_compliance
        if not found >= least * (1 - _ROUND_OFF):
            body = scenario.particle.noun if dimension is None else f"dimension {dimension}"
            largest = f"poisson_ratio up to {(1 - least) / 2:g}"
            expected = f"at least {least:g} in {body} ({largest}), beyond which elements lock"
            yield problem(f"{formula} = {found:.4g}", expected, *part.place("elasticity"))
