"""Contradictions between the host lattice, its surface layer, and other sections."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import describe, problem
from oxyshell.models.base.physics import ScenarioView

_ROUND_OFF = 1e-9
# Of the greatest distance from the surface. A thicker layer leaves no core.
_THICKEST = 0.99
# Of the radius. In a thinner layer round-off spoils the balance of ions.
_THINNEST = 1e-5


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """A c axis in a shape without one, and a surface layer that is too thick or too thin for the particle."""
    if scenario.material.layered:
        yield from c_axis(scenario, "the material differs between the a-b plane and c")
    yield from _surface_layer(scenario)


def c_axis(scenario: ScenarioView, reason: str) -> Iterator[InitErrorDetails]:
    """A shape whose symmetry has no place for a c axis, or that does not say where it is.

    Args:
        scenario: The scenario.
        reason: Cause for which it has to have one, as a clause.
    """
    particle = scenario.particle
    if particle.paths is None:
        key, expected = particle.without_c()
        yield problem(describe(getattr(particle, key)), f"{expected}, since {reason}", "particle", key)


def _surface_layer(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    shell, radius = scenario.shell, scenario.particle.radius
    if shell is None:
        return
    share = shell.thickness.value / radius.value
    most = _THICKEST * scenario.particle.deepest
    if not share <= most * (1 + _ROUND_OFF):
        expected = f"a layer thinner than the radius {radius.text}: at most {most:.3g} of it"
        yield problem(describe(shell.thickness.text), expected, "shell", "thickness")
    if share < _THINNEST * (1 - _ROUND_OFF):
        expected = f"a layer of at least {_THINNEST:g} of the radius {radius.text}, or no shell"
        yield problem(describe(shell.thickness.text), expected, "shell", "thickness")
