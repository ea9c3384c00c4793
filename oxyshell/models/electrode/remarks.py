"""Sentences on an electrode that a reader of a run's results has to know."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.models.base.physics import ScenarioView


def about_electrode(scenario: ScenarioView) -> Iterator[str]:
    """Assumptions under which the voltage holds."""
    section = scenario.section("electrode")
    if section is None:
        return
    yield from section.open_circuit.remarks("electrode.open_circuit")
    ideal = section.thermodynamic_factor == "ideal"
    if ideal and scenario.material.drift != "none":
        yield (
            f"material.drift: {scenario.material.drift} moves ions as in an ideal solution (thermodynamic "
            "factor 1), while the voltage at the surface follows the open-circuit potential: the drift "
            "inside and the equilibrium at the surface belong to two chemical potentials. With one curve, "
            "electrode.thermodynamic_factor: chemical makes them one."
        )
