"""Contradictions between an electrode and the rest of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pydantic_core import InitErrorDetails

from oxyshell.errors import InputError
from oxyshell.language.mistakes import describe, problem
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.electrode.hosts import host_potential, share_by_potentials
from oxyshell.models.electrode.section import Electrode

# RT/F, V; which curves there are does not depend on it.
_ANY = 0.0257
_ROUND_OFF = 1e-9


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Values that no electrode of this scenario can have."""
    section = scenario.section("electrode")
    for layer in scenario.layers:
        own = layer.section
        if own.exchangeable_sites is not None and own.open_circuit is None:
            expected = "null without an open_circuit of its own"
            yield problem(describe(own.exchangeable_sites.text), expected, *layer.path, "exchangeable_sites")
    if section is None:
        yield from _without(scenario)
        return
    if section.thermodynamic_factor != "ideal":
        yield from _factor(section, scenario)
    yield from _reversals(section, scenario)
    yield from _phases(section, scenario)
    sharing = list(_sharing(section, scenario))
    yield from sharing
    beyond = list(_exchangeable(section, scenario))
    yield from beyond
    if not sharing and not beyond:
        yield from _as_made(section, scenario)


def _without(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Open-circuit potentials of layers where there is none of the particle's own material."""
    for part in scenario.parts[1:]:
        if part.section.open_circuit is not None:
            found = "the open-circuit potential of a layer without one of the particle's material"
            expected = "the key 'electrode', whose open_circuit is the latter, or a 'potential_offset' alone"
            yield problem(found, expected, *part.path, "open_circuit")


def _sharing(section: Electrode, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Potentials by which hosts cannot share ions."""
    shared, seen = share_by_potentials(section, scenario), set[tuple[str, ...]]()
    for part in scenario.parts[1:]:
        layer = part.section
        if layer.open_circuit is not None and layer.potential_offset is not None:
            expected = "null beside an open_circuit of its own, which says what an ion in it is worth"
            yield problem(describe(layer.potential_offset.text), expected, *part.path, "potential_offset")
    for part in scenario.parts if shared else ():
        host = host_potential(section, part, scenario)
        potential = host.section.model(_ANY)
        expected = "one curve that changes with the content, by which the hosts share their ions"
        if host.path not in seen and (len(potential.curves) > 1 or not potential.bounded):
            kind = "a potential with hysteresis" if len(potential.curves) > 1 else "a constant potential"
            yield problem(f"{kind} beside layers with potentials of their own", expected, *host.path)
        elif host.path not in seen and getattr(host.section, "separates", False):
            yield problem("a potential of two phases", expected, *host.path)
        seen.add(host.path)


def _exchangeable(section: Electrode, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """More exchangeable sites than there are."""
    for part in scenario.parts:
        host = host_potential(section, part, scenario)
        if host.exchangeable > host.sites * (1 + 1e-9):
            own = host.path[0] != "electrode"
            given: Any = part.section.exchangeable_sites if own else section.exchangeable_sites
            key = ".".join(part.place("ion"))
            expected = f"at most {key}.sites_per_formula, {host.sites:g}"
            yield problem(given.text, expected, *host.path[:-1], "exchangeable_sites")


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

    outermost, temperature = scenario.parts[-1], scenario.temperature
    ion, host = outermost.material.ion, host_potential(section, outermost, scenario)
    theta, least, where = ion.occupancy.value, host.least, (*outermost.place("ion"), "occupancy")
    if theta < least - _ROUND_OFF:
        expected = f"at least {least:.6g}: electrode.exchangeable_sites leaves that share of the sites filled"
        yield problem(ion.occupancy.text, expected, *where)
        return
    try:
        potential = host.model(GAS_CONSTANT * temperature.value / FARADAY_CONSTANT)
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
    for place in dict.fromkeys(
        part.place("drift") for part in scenario.parts if part.material.drift == "dilute"
    ):
        yield problem(f"{found} beside {'.'.join(place)}: dilute", "'lattice' or 'none'", *place)
