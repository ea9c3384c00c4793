"""Sentences on an electrode that a reader of a run's results has to know."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.electrode.checks import in_potential

# RT/F, V; what kind of curves there are does not depend on it.
_ANY = 0.0257
_TITRATION = "gitt"


def about_electrode(scenario: ScenarioView) -> Iterator[str]:
    """Assumptions under which the voltage holds."""
    section = scenario.section("electrode")
    if section is None:
        return
    yield from section.open_circuit.remarks("electrode.open_circuit")
    if scenario.parts[1:] and any(entry.key == _TITRATION for entry in scenario.steps):
        yield (
            "The titration is evaluated as that of a sphere of one host with the sites of the outermost one: "
            "of a particle with regions, its diffusivities are those of no host."
        )
    ideal = section.thermodynamic_factor == "ideal"
    curves = section.open_circuit.model(_ANY).curves.values()
    if not ideal and any(curve.domain is not None for curve in curves):
        yield (
            f"electrode.thermodynamic_factor: {section.thermodynamic_factor} takes dU/dx of a table, which "
            "jumps at each of its points and is 0 beyond the last: a formula or MSMR has a smooth one."
        )
    if ideal and scenario.material.drift != "none" and not in_potential(scenario):
        yield (
            f"material.drift: {scenario.material.drift} moves ions as in an ideal solution (thermodynamic "
            "factor 1), while the voltage at the surface follows the open-circuit potential: the drift "
            "inside and the equilibrium at the surface belong to two chemical potentials. With one curve, "
            "electrode.thermodynamic_factor: chemical makes them one."
        )
