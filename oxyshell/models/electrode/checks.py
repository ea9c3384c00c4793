"""Contradictions between an electrode and the rest of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.errors import InputError
from oxyshell.language.mistakes import problem
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.electrode.section import Electrode

# RT/F, V; which curves there are does not depend on it.
_ANY = 0.0257
_ROUND_OFF = 1e-9


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Values that no electrode of this scenario can have."""
    section = scenario.section("electrode")
    if section is None:
        return
    if section.thermodynamic_factor != "ideal":
        yield from _factor(section, scenario)
    yield from _reversals(section, scenario)
    yield from _phases(section, scenario)
    sites = scenario.material.ion.sites_per_formula.value
    given = section.exchangeable_sites
    if given is not None and given.value > sites * (1 + 1e-9):
        expected = f"at most material.ion.sites_per_formula, {sites:g}"
        yield problem(given.text, expected, "electrode", "exchangeable_sites")
    else:
        yield from _as_made(section, scenario)


def in_potential(scenario: ScenarioView) -> bool:
    """Whether the ions move in the potential of which the voltage of the surface is."""
    solution = scenario.section("chemical_potential")
    return solution is not None and solution.needs_electrode


def _phases(section: Electrode, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """A potential of ions that separate into phases, beside ions that do not."""
    if getattr(section.open_circuit, "separates", False) and not in_potential(scenario):
        found = "an interaction above 2, by which ions separate into two phases"
        expected = "at most 2, or 'chemical_potential: {model: open_circuit, ...}' in the scenario"
        yield problem(found, expected, "electrode", "open_circuit", "regular", "interaction")


def _reversals(section: Electrode, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Currents that change their direction within a step, beside a memory that does so between steps only."""
    if not section.open_circuit.model(_ANY).changes_at_reversals:
        return
    for index, entry in enumerate(scenario.steps):
        for place, step in entry.singles("protocol", index):
            if step.reverses:
                found = "a current of both signs beside a potential that changes where the current reverses"
                expected = "a file for each direction, or hysteresis of first order between two branches"
                yield problem(found, expected, *place, "file")


def _as_made(section: Electrode, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """An occupancy as made at which the electrode has no voltage."""
    import numpy as np

    ion, temperature = scenario.material.ion, scenario.temperature
    theta, sites, where = ion.occupancy.value, ion.sites_per_formula.value, ("material", "ion", "occupancy")
    exchangeable = sites if section.exchangeable_sites is None else section.exchangeable_sites.value
    least = 1 - exchangeable / sites
    if theta < least - _ROUND_OFF:
        expected = f"at least {least:.6g}: electrode.exchangeable_sites leaves that share of the sites filled"
        yield problem(ion.occupancy.text, expected, *where)
        return
    try:
        potential = section.open_circuit.model(GAS_CONSTANT * temperature.value / FARADAY_CONSTANT)
    except InputError as error:
        yield problem(
            f"{temperature.text}, at which the potential has {error}", "a higher one", "temperature"
        )
        return
    content = min(max((theta - least) / (1 - least), 0.0), 1.0)
    with np.errstate(all="ignore"):
        voltage = potential.value(np.float64(content), potential.start(), NUMPY)
    if not math.isfinite(voltage):
        expected = f"more than {least:.6g} and less than 1, where the open-circuit potential is a number"
        yield problem(ion.occupancy.text, expected, *where)
    elif section.kinetics.law == "content" and theta in (0.0, 1.0):
        expected = "more than 0 and less than 1, where electrode.kinetics has an exchange current"
        yield problem(ion.occupancy.text, expected, *where)


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
