"""Circumstances under which a value was calibrated, compared with those of the scenario."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import InitErrorDetails

from oxyshell.language import units
from oxyshell.language.mistakes import Refusal, describe, listed, nearest, problem
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import UNDER_KEYS, Parameter
from oxyshell.language.sections import Section, children, leaves, to_data
from oxyshell.presentation.numbers import with_printed_units
from oxyshell.scenario.overrides import in_present_names
from oxyshell.scenario.words import of_path

# Two numbers that are written in different units are the same within round-off.
_ROUND_OFF = 1e-9


def problems(scenario: Section) -> Iterator[InitErrorDetails]:
    """Paths that no scenario can have, and values that cannot be read in the unit of their path."""
    content = dict(leaves(scenario))
    for path, parameter in _calibrated(content):
        for written, value in parameter.under:
            where, other = (*_location(path), "under", written), in_present_names(scenario, written)
            match content.get(other):
                case Parameter(unit=unit) | OccupancyProperty(unit=unit):
                    try:
                        units.read(value, unit)
                    except Refusal as refusal:
                        yield problem(refusal.found, refusal.expected, *where)
                case None if other not in content and not _possible(other, scenario):
                    near = nearest(other, content)
                    expected = f"'{near}'" if near else f"a path such as {listed(list(content)[2:6])}"
                    yield problem(f"the unknown path {describe(other)}", expected, *where)


def about_circumstances(scenario: Section) -> Iterator[str]:
    """A sentence for each value that was calibrated under other circumstances than these.

    Args:
        scenario: The scenario.
    """
    content = dict(leaves(scenario))
    for path, parameter in _calibrated(content):
        under = ((in_present_names(scenario, other), value) for other, value in parameter.under)
        others = [(other, value) for other, value in under if not _holds(content.get(other), value)]
        if others:
            then = " and ".join(f"{of_path(other)} = {value}" for other, value in others)
            now = " and ".join(f"{of_path(other)} {_state(content.get(other))}" for other, _ in others)
            yield with_printed_units(
                f"{of_path(path)} = {parameter.text} ({path}) was calibrated under {then}; here, {now}. "
                "Calibrate it anew under these circumstances, or set a value that is known to hold here."
            )


def _calibrated(content: Mapping[str, Any]) -> Iterator[tuple[str, Parameter | OccupancyProperty]]:
    """The parameters that say under which circumstances they were calibrated, by path."""
    for path, leaf in content.items():
        match leaf:
            case Parameter(under=under) | OccupancyProperty(under=under) if under:
                yield path, leaf


def _holds(leaf: Any, value: Any) -> bool:
    match leaf:
        case Parameter() | OccupancyProperty(constant=True):
            there = units.read(value, leaf.unit).value
            return math.isclose(leaf.value, there, rel_tol=_ROUND_OFF)
        case OccupancyProperty():
            return False
    return bool(to_data(leaf) == value)


def _state(leaf: Any) -> str:
    match leaf:
        case None:
            return "is absent"
        case Parameter() | OccupancyProperty():
            return f"= {leaf.text}"
    return f"= {to_data(leaf)}"


def _location(path: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdecimal() else part for part in path.split("."))


def _possible(path: str, scenario: Section) -> bool:
    """True if another scenario can have a value at a path that is not in this one."""
    parts = path.split(".")
    if parts[-1] in UNDER_KEYS or children(_at(scenario, parts)):
        return False
    if _leads_somewhere(parts, _schema(type(scenario))):
        return True
    # Sections that are alternatives of each other may have been registered since.
    _schema.cache_clear()
    return _leads_somewhere(parts, _schema(type(scenario)))


def _leads_somewhere(parts: list[str], schema: Mapping[str, Any]) -> bool:
    nodes: list[Any] = [schema]
    for part in parts:
        nodes = [below for node in nodes for below in _below(node, part, schema)]
    return bool(nodes)


def _at(value: Any, parts: list[str]) -> Any:
    for part in parts:
        value = children(value).get(part)
    return value


@functools.cache
def _schema(scenario: type[Section]) -> Mapping[str, Any]:
    return scenario.model_json_schema(by_alias=True)


def _below(node: Mapping[str, Any], part: str, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The nodes of a JSON Schema that a part of a path leads to, in each of its alternatives."""
    if "$ref" in node:
        yield from _below(schema["$defs"][node["$ref"].rpartition("/")[2]], part, schema)
    for alternatives in ("anyOf", "oneOf", "allOf"):
        for one in node.get(alternatives, ()):
            yield from _below(one, part, schema)
    if part in node.get("properties", {}):
        yield node["properties"][part]
    if isinstance(node.get("additionalProperties"), Mapping):
        yield node["additionalProperties"]
    if part.isdecimal() and isinstance(node.get("items"), Mapping):
        yield node["items"]
