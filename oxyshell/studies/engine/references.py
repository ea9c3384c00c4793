"""What a study's file refers to: systems, numbers at paths, bounds; and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from oxyshell.language import units
from oxyshell.language.documents import Document, Location
from oxyshell.language.mistakes import (
    UNKNOWN_KEY,
    Mistake,
    Refusal,
    ScenarioError,
    describe,
    listed,
    nearest,
)
from oxyshell.language.reporting import located
from oxyshell.scenario import overrides
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.quantities import Interest

type Key = str | int
type Written = float | str
"""A number with or without unit, read in the unit of the parameter that it is meant for."""


def read_quantity(text: str, scenario: Scenario) -> Interest:
    """Read a quantity as in a sweep.

    Raises:
        Refusal: If no run of the scenario has such a number.
    """
    interest = quantities.read(text)
    refuse_missing(text, interest, scenario)
    return interest


def refuse_missing(text: str, interest: Interest, scenario: Scenario) -> None:
    """Refuse a quantity of a physics that a scenario is without.

    Raises:
        Refusal: If it is.
    """
    if interest.is_missing(scenario):
        raise Refusal(without(text, interest), section_expected(interest))


def without(text: str, interest: Interest) -> str:
    """A quantity that was found where there is no section of its physics."""
    return f"{describe(text)} without {interest.needs}"


def section_expected(interest: Interest) -> str:
    """The scenario that is expected in its place."""
    return f"a scenario with the section '{interest.needs}'"


def unknown_name(
    document: Document, name: str, names: Iterable[str], what: str, *location: Key
) -> Iterator[Mistake]:
    """A mistake if a name is none of `names`."""
    known = list(names)
    if name not in known:
        near = nearest(name, known)
        expected = f"'{near}'" if near else f"one of {listed(known)}"
        yield located(document, f"the unknown {what} '{name}'", expected, *location)


def no_number(document: Document, scenario: Scenario, path: str, *location: Key) -> Iterator[Mistake]:
    """A mistake if there is no number at a path of a scenario."""
    try:
        value = scenario.get(path)
    except ScenarioError as error:
        for mistake in error.mistakes:
            found = f"{mistake.found} {describe(path)} in {describe(scenario.name)}"
            yield located(document, found, mistake.expected, *location)
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        found = f"{describe(path)}, which is {describe(value)}"
        yield located(document, found, "the path of a number", *location)


def no_real_number(document: Document, scenario: Scenario, path: str, *location: Key) -> Iterator[Mistake]:
    """A mistake if there is no number at a path of a scenario that may take any value between two others."""
    missing = list(no_number(document, scenario, path, *location))
    if missing:
        yield from missing
    elif isinstance(scenario.get(path), int):
        found = f"{describe(path)}, which is a whole number ({scenario.get(path)})"
        expected = (
            "the path of a quantity that can take every value between two others; "
            "whole numbers can be listed in a sweep"
        )
        yield located(document, found, expected, *location, key=True)


def wrong_together(
    document: Document,
    scenario: Scenario,
    ends: Mapping[str, tuple[Any, Any]],
    places: Mapping[str, Location],
) -> Iterator[Mistake]:
    """Mistakes of two parameters at an end of their ranges together, where each alone may be.

    Args:
        document: Where the ranges stand.
        scenario: The scenario that they belong to.
        ends: Both ends of each parameter, by path; each alone is valid.
        places: Where each range stands, by path.
    """
    for (first, ours), (second, others) in combinations(ends.items(), 2):
        for one, other in product(ours, others):
            try:
                scenario.with_values({first: one, second: other})
            except ScenarioError as error:
                mistake = next(iter(error.mistakes))
                here = second if mistake.path.startswith(second) else first
                beside, value = (first, one) if here == second else (second, other)
                at = f"at {mistake.path} of {describe(scenario.name)}, with {beside} = {value}"
                yield located(document, f"{mistake.found} ({at})", mistake.expected, *places[here])
                break


def read_bounds(
    document: Document, bounds: Sequence[Written], unit: str, *location: Key
) -> tuple[tuple[float, float], list[Mistake]]:
    """Two positive bounds in SI, the smaller one first, and what is wrong with them."""
    nothing = (0.0, 0.0)
    if len(bounds) != 2:
        found = f"{len(bounds)} bounds"
        return nothing, [located(document, found, "two: the smallest and the largest value", *location)]
    mistakes, values = [], []
    for index, written in enumerate(bounds):
        try:
            value = units.read(written, unit).value
        except Refusal as refusal:
            mistakes.append(located(document, refusal.found, refusal.expected, *location, index))
            continue
        if value <= 0:
            expected = "a number above 0, which has a logarithm"
            mistakes.append(located(document, describe(written), expected, *location, index))
        values.append(value)
    if mistakes:
        return nothing, mistakes
    low, high = values
    if not low < high:
        found = f"{describe(bounds[0])} and {describe(bounds[1])}"
        return nothing, [located(document, found, "the smaller bound first", *location)]
    return (low, high), []


def unusual(
    document: Document, scenario: Scenario, path: str, written: Any, *location: Key
) -> Iterator[Mistake]:
    """A mistake if a number is out of scale for a path.

    What lies between the ends of a range has a unit, even where the ends are bare: they are looked at by
    themselves.
    """
    quantity = overrides.quantity_at(scenario, path)
    if quantity is None:
        return
    try:
        value = units.read(written, quantity.unit).value
    except Refusal:
        return  # reported where it is read
    try:
        quantity.scale.check(written, value, quantity.bounds.hold)
    except Refusal as refusal:
        yield located(document, refusal.found, refusal.expected, *location)


def tried(
    document: Document, scenario: Scenario, changes: Mapping[str, Any], *location: Key
) -> tuple[Scenario, list[Mistake]]:
    """The scenario with changed values, and what is wrong with them, at the change's place in the file."""
    try:
        return scenario.with_values(changes), []
    except ScenarioError as error:
        found = []
        for mistake in error.mistakes:
            blamed = mistake.file.removeprefix("override ").split(", ")
            inside = next(
                (
                    (*location, path)
                    for path in changes
                    if path in blamed and (*location, path) in document.places
                ),
                location,
            )
            words = f"{mistake.found} (at {mistake.path} of {describe(scenario.name)})"
            wrong_key = mistake.found.startswith((UNKNOWN_KEY, "an unknown path"))
            found.append(located(document, words, mistake.expected, *inside, key=wrong_key))
        return scenario, found
