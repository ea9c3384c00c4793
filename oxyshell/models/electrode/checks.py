"""Contradictions between an electrode and the rest of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import problem
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.electrode.section import Electrode

# RT/F, V; which curves there are does not depend on it.
_ANY = 0.0257


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Values that no electrode of this scenario can have."""
    section = scenario.section("electrode")
    if section is None:
        return
    if section.thermodynamic_factor != "ideal":
        yield from _factor(section, scenario)
    sites = scenario.material.ion.sites_per_formula.value
    given = section.exchangeable_sites
    if given is not None and given.value > sites * (1 + 1e-9):
        expected = f"at most material.ion.sites_per_formula, {sites:g}"
        yield problem(given.text, expected, "electrode", "exchangeable_sites")


def _factor(section: Electrode, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    where = ("electrode", "thermodynamic_factor")
    found = f"'{section.thermodynamic_factor}'"
    potential = section.open_circuit.model(_ANY)
    if len(potential.curves) > 1:
        yield problem(f"{found} of a potential with hysteresis", "'ideal', or one curve", *where)
    elif not potential.bounded:
        yield problem(f"{found} of a constant potential, whose factor is 0", "'ideal', or a curve", *where)
    if scenario.material.drift == "dilute":
        yield problem(f"{found} beside material.drift: dilute", "'lattice' or 'none'", "material", "drift")
