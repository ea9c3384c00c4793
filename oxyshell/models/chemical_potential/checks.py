"""Contradictions between the chemical potential and the rest of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import problem
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.chemical_potential.facts import PhaseFacts

_KEY = "chemical_potential"


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Scenarios in which ions that interact cannot be solved for."""
    section = scenario.section(_KEY)
    if section is None:
        return
    basic = [*_elsewhere(scenario), *_electrode(section, scenario)]
    yield from basic
    if not basic:
        yield from _phases(section, scenario)


def _elsewhere(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    if scenario.material.drift != "lattice":
        expected = f"'lattice' beside {_KEY}: the excess potential drives ions on a lattice of sites"
        yield problem(f"'{scenario.material.drift}'", expected, "material", "drift")
    for layer in scenario.layers[:1]:
        found = "layers of other hosts" if scenario.parts[1:] else "a layer with fewer sites"
        expected = f"null beside {_KEY}, whose energy of a gradient holds where all sites are alike"
        yield problem(found, expected, layer.path[0])
    oxygen = scenario.section("oxygen")
    if oxygen is not None and oxygen.vacancies is not None:
        expected = f"null beside {_KEY}, whose energy of a gradient holds where no sites are lost"
        yield problem("vacancies", expected, "oxygen", "vacancies")
    if scenario.numerics.strategy == "split":
        expected = f"'monolithic' or 'auto' beside {_KEY}: its potential and the content are solved together"
        yield problem("'split'", expected, "numerics", "strategy")


def _electrode(section: Any, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    electrode, where = scenario.section("electrode"), (_KEY, "model")
    if electrode is None:
        if section.needs_electrode:
            yield problem(f"'{section.model}' without the key 'electrode'", "an electrode", *where)
        return
    if section.excludes_electrode:
        expected = (
            "'open_circuit' beside an electrode, or no electrode: its open-circuit potential and this "
            "interaction would be two equilibria of the same ions"
        )
        yield problem(f"'{section.model}'", expected, *where)
    if electrode.thermodynamic_factor != "ideal":
        expected = f"'ideal' beside {_KEY}, which has a factor of its own"
        yield problem(f"'{electrode.thermodynamic_factor}'", expected, "electrode", "thermodynamic_factor")
    if not electrode.stress_shifts_potential:
        expected = f"true beside {_KEY}: flux and voltage come from one potential"
        yield problem("false", expected, "electrode", "stress_shifts_potential")
    if section.needs_electrode and not hasattr(electrode.open_circuit, "curve"):
        expected = "one curve without hysteresis, of which the chemical potential is a function"
        yield problem("two branches", expected, "electrode", "open_circuit")


def _phases(section: Any, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    width = section.entries().get("front_width")
    facts = PhaseFacts.of(scenario)
    if facts.phases is None:
        if width is not None:
            expected = "'gradient_energy': ions of this model do not separate into phases"
            yield problem("a width of a front", expected, _KEY, "front_width")
        return
    cells = facts.radius / facts.finest * 2
    if cells > MOST_CELLS:
        key = "gradient_energy" if width is None else "front_width"
        expected = f"a wider one: R = {facts.radius:.3g} m asks for {cells:.0f} of {MOST_CELLS} cells"
        yield problem(f"a front of {facts.width:.3g} m", expected, _KEY, key)
    theta, coherent = scenario.material.ion.occupancy, facts.coherent
    if coherent is not None and coherent.unstable[0] < theta.value < coherent.unstable[1]:
        low, high = facts.phases.dilute, facts.phases.concentrated
        expected = (
            f"at most {coherent.unstable[0]:.4g} or at least {coherent.unstable[1]:.4g}: in between, a "
            f"particle separates into phases of {low:.4g} and {high:.4g} before anything is done to it "
            "(count occupancies in sites that are full in the most concentrated phase)"
        )
        yield problem(theta.text, expected, "material", "ion", "occupancy")


MOST_CELLS = 10000
"""Cells along a radius beyond which no mesh is made."""
