"""Contradictions between the sections of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import describe, listed, nearest, problem
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.models.base.physics import Physics
from oxyshell.scenario.content import Content
from oxyshell.scenario.protocol.ends import VOLTAGE, Location
from oxyshell.scenario.protocol.entry import SingleEntry
from oxyshell.scenario.reach import ROUND_OFF, Reach, Sites


def problems(scenario: Content) -> Iterator[InitErrorDetails]:
    """All contradictions, those that each physics finds among them."""
    if scenario.shell is not None and scenario.regions is not None:
        yield problem(
            "regions beside a shell", "one of both: the shell as the last of the regions", "regions"
        )
        return
    yield from _once(_currents(scenario))
    yield from _protocol(scenario)
    yield from _once(_columns(scenario))
    yield from _cycle_columns(scenario)
    yield from _once(_limits(scenario))
    for physics in registry.physics():
        yield from physics.problems(scenario)


def _columns(scenario: Content) -> Iterator[InitErrorDetails]:
    """Ends at values of columns that a run has not, or that end no step."""
    present = [one for one in registry.physics() if one.is_in(scenario)]
    names = _ending(present)
    for here, single in _singles(scenario):
        wrong = [(column, place) for column, place in single.columns() if column not in names]
        for column, place in wrong:
            missing = [one.name for one in registry.physics() if column in _ending([one])]
            if missing and place[-1] != column:
                # Asked for in words of the protocol, not by the name of the column: said once for a step.
                found = f"{describe(place[-1])} without an electrode"
                yield problem(found, f"the key '{missing[0]}', a section of the scenario", *here, *place)
                break
            near = nearest(column, names)
            expected = f"'{near}'" if near else f"one of {listed(names)}"
            found = f"the column {describe(column)}, at which no step of this scenario can end"
            yield problem(found, expected, *here, *place)
        if single.holds_occupancy and VOLTAGE in names:
            expected = "a hold at a voltage, with 'voltage' and 'until': an electrode's surface is not held"
            yield problem("a hold at a surface occupancy", expected, *here)


def _cycle_columns(scenario: Content) -> Iterator[InitErrorDetails]:
    """Columns of the table of cycles that are read and that a run has not, or that are texts."""
    present = [one for one in registry.physics() if one.is_in(scenario)]
    names = [name for name, one in registry.observables(Where.CYCLE, present).items() if one.unit]
    for physics in present:
        for column, place in physics.cycle_columns(scenario):
            if column not in names:
                owner, near = registry.physics_of(Where.CYCLE, column), nearest(column, names)
                expected = f"'{near}'" if near else f"one of {listed(names)}"
                if owner is not None and owner not in present:
                    expected = f"the key '{owner.name}', a section of the scenario, beside it"
                found = (
                    f"{describe(column)}, which is no column of numbers in this scenario's table of cycles"
                )
                yield problem(found, expected, *place)


def _ending(physics: Iterable[Physics]) -> list[str]:
    """Columns at whose values steps end."""
    return [entry.name for one in physics for entry in one.observables if entry.ends_steps]


def _singles(scenario: Content) -> Iterator[tuple[Location, SingleEntry]]:
    """The different steps of the protocol, each with the place of its keys."""
    for index, entry in enumerate(scenario.steps):
        yield from entry.singles("protocol", index)


def _once(problems: Iterable[InitErrorDetails]) -> Iterator[InitErrorDetails]:
    """Each problem once, though several steps may come from one place."""
    seen = set[tuple[object, str]]()
    for one in problems:
        known = (one["loc"], str(one["type"]))
        if known not in seen:
            seen.add(known)
            yield one


def _currents(scenario: Content) -> Iterator[InitErrorDetails]:
    for here, single in _singles(scenario):
        for rate, place in single.rates():
            if scenario.cell is None:
                found = f"{describe(rate.text)} without it"
                yield problem(found, "the key cell.one_c, which says what 1 C is", *here, *place)


def _limits(scenario: Content) -> Iterator[InitErrorDetails]:
    """Limits without an electrode, and voltages that are not between them."""
    if scenario.limits is None:
        return
    present = [one for one in registry.physics() if one.is_in(scenario)]
    if VOLTAGE not in _ending(present):
        yield problem(
            "limits of a voltage", "the key 'electrode', a section of the scenario", "limits", "voltage"
        )
    low, high = scenario.limits.voltage
    for here, single in _singles(scenario):
        for voltage, place in single.voltages():
            if not low.value < voltage.value < high.value:
                expected = f"a voltage between the limits, {low.text} and {high.text}"
                yield problem(describe(voltage.text), expected, *here, *place)


def _protocol(scenario: Content) -> Iterator[InitErrorDetails]:
    sites = _sites(scenario)
    outermost = scenario.parts[-1].material.ion.occupancy.value
    now = Reach(0.0, 0.0, outermost, uniform=len(scenario.parts) == 1)
    low = high = duration = 0.0
    for index, entry in enumerate(scenario.steps):
        unreachable = list(entry.unreachable(now, sites, "protocol", index))
        if unreachable:
            # What follows it cannot be judged.
            yield from unreachable
            return
        for after in entry.through(now, sites):
            low, high = min(low, after.least), max(high, after.most)
            now = after
        duration += entry.longest()
    yield from _outputs(scenario, low, high, duration)


def _sites(scenario: Content) -> Sites:
    """Sites of the particle; of one whose mesh has to be read first, the most that there can be."""
    if scenario.particle.geometry() is None:
        parts = scenario.parts
        return Sites(max(one.filled for one in parts), max(one.sites - one.filled for one in parts))
    found = scenario.amounts(scenario.geometry())
    return Sites(found.filled, found.sites - found.filled)


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
