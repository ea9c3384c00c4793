"""Contradictions between the sections of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import describe, listed, nearest, problem
from oxyshell.models import registry
from oxyshell.scenario.content import Content
from oxyshell.scenario.reach import ROUND_OFF, Reach, Sites


def problems(scenario: Content) -> Iterator[InitErrorDetails]:
    """All contradictions, those that each physics finds among them."""
    yield from _currents(scenario)
    yield from _protocol(scenario)
    yield from _ends(scenario)
    for physics in registry.physics():
        yield from physics.problems(scenario)


def _ends(scenario: Content) -> Iterator[InitErrorDetails]:
    """Ends at values of columns that a run has not, or that end no step."""
    present = [one for one in registry.physics() if one.in_every_run or scenario.section(one.name)]
    names = [one.name for physics in present for one in physics.observables if one.ends_steps]
    for index, entry in enumerate(scenario.steps):
        for name in entry.reaches:
            if name not in names:
                near = nearest(name, names)
                expected = f"'{near}'" if near else f"one of {listed(names)}"
                found = f"the column {describe(name)}, at which no step of this scenario can end"
                yield problem(found, expected, "protocol", index, entry.key, "until", "reaches", name)


def _currents(scenario: Content) -> Iterator[InitErrorDetails]:
    for index, entry in enumerate(scenario.steps):
        if entry.c_rate is not None and scenario.cell is None:
            found = f"{describe(entry.c_rate.text)} without it"
            expected = "the key cell.one_c, which says what 1 C is"
            yield problem(found, expected, "protocol", index, entry.key, "rate")


def _protocol(scenario: Content) -> Iterator[InitErrorDetails]:
    ion = scenario.material.ion
    filled = ion.sites_per_formula.value * ion.occupancy.value
    sites = Sites(filled, ion.sites_per_formula.value - filled)
    now = Reach(0.0, 0.0, ion.occupancy.value, uniform=True)
    low = high = duration = 0.0
    for index, entry in enumerate(scenario.steps):
        unreachable = list(entry.unreachable(now, sites, "protocol", index))
        if unreachable:
            # What follows it cannot be judged.
            yield from unreachable
            return
        now = entry.after(now, sites)
        low, high = min(low, now.least), max(high, now.most)
        duration += math.inf if entry.length is None else entry.length.value
    yield from _outputs(scenario, low, high, duration)


def _outputs(scenario: Content, low: float, high: float, duration: float) -> Iterator[InitErrorDetails]:
    moments = scenario.output.at
    for index, entry in enumerate(moments.extracted):
        if not low - ROUND_OFF <= entry.value <= high + ROUND_OFF:
            expected = f"a value that the protocol reaches, from {low:.6g} to {high:.6g}"
            yield problem(f"{entry.value:.6g}", expected, "output", "at", "extracted", index)
    for index, entry in enumerate(moments.time):
        if entry.value > duration * (1 + ROUND_OFF):
            expected = f"a time within the protocol's {duration:.6g} s"
            yield problem(describe(entry.text), expected, "output", "at", "time", index)
