"""Properties that a scenario takes from the materials that its sections name under the key `from`."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import InitErrorDetails

from oxyshell.language import library
from oxyshell.language.documents import Location
from oxyshell.language.library import FROM, Source, TakenOver
from oxyshell.language.mistakes import Refusal, problem, refuse
from oxyshell.language.sections import Context
from oxyshell.models.oxygen.layer_section import LayerOxygen
from oxyshell.scenario import material_file

ANY = "*"
SECTIONS: tuple[Location, ...] = (("material",), ("shell",), ("regions", ANY))
"""The sections that may name a material; `ANY` stands for every key."""

# Properties of the particle's material that other sections of a scenario have, if the scenario has these.
_ELSEWHERE: Mapping[str, Location] = {
    "open_circuit": ("electrode", "open_circuit"),
    "exchangeable_sites": ("electrode", "exchangeable_sites"),
    "oxygen": ("oxygen",),
}

# Those of them that a layer has in its own section, and the keys that it has there on oxygen.
_OF_LAYERS = ("open_circuit", "exchangeable_sites")
_OXYGEN = "oxygen"
_OXYGEN_OF_LAYERS = tuple(LayerOxygen.model_fields)


def completed(data: Any, context: Context) -> Any:
    """The data of a scenario with all that it takes over from materials, and without the keys `from`.

    A key that the scenario has itself replaces that of the material. What the particle's material has for the
    electrode and for oxygen goes into the sections `electrode` and `oxygen`, if the scenario has them.

    Args:
        data: Plain data, which stays as it is.
        context: Of the validation; learns what was taken over.

    Raises:
        ValidationError: If a key `from` names nothing.
        ScenarioError: With every mistake in a file of one's own.
    """
    sections = (location for pattern in SECTIONS for location in _matching(data, pattern))
    named = [location for location in sections if _names_a_material(data, location)]
    if not named:
        return data
    problems: list[InitErrorDetails] = []
    whole, places, titles = dict(data), dict[Location, Location](), dict[Location, str]()
    for location in named:
        key = (*location, FROM)
        try:
            given = _source(_at(data, location)[FROM], context)
        except Refusal as refusal:
            problems.append(problem(refusal.found, refusal.expected, *key))
            continue
        titles[key] = given.title
        context.notices += [one for one in given.notices if one not in context.notices]
        for where, value in _properties(whole, location, given):
            above = _at(whole, where[:-1])
            if where[-1] not in above:
                whole = _with(whole, where, value)
                places |= dict.fromkeys(library.locations(value, where), key)
        places[key] = key
    for location in named:
        section = {key: value for key, value in _at(whole, location).items() if key != FROM}
        whole = _with(whole, location, section)
    context.taken_over = TakenOver(whole, places, titles)
    refuse(problems)
    return whole


def take_over(document: Any, path: str, context: Context) -> None:
    """Make what a path leads into a scenario's own, if it is taken over from a material.

    Args:
        document: Plain data of a scenario, with its keys `from`; is changed.
        path: Keys with dots between them.
        context: Of a validation.
    """
    own, parts = document, path.split(".")[:-1]
    while parts and isinstance(own, Mapping) and parts[0] in own:
        own = own[parts.pop(0)]
    if not parts or not isinstance(own, Mapping):
        return
    whole = completed(document, Context(context.folder, sources=context.sources))
    for part in path.split(".")[: -len(parts) - 1]:
        whole = whole[part]
    if parts[0] in whole:
        own[parts[0]] = copy.deepcopy(whole[parts[0]])  # type: ignore[index]


def _source(name: Any, context: Context) -> Source:
    if not isinstance(name, str) or name not in context.sources:
        source = material_file.given(name, context.folder)
        context.sources[source.name] = source
    return context.sources[name]


def _properties(data: Mapping[str, Any], section: Location, given: Source) -> Iterator[tuple[Location, Any]]:
    """The properties of a material, each with its location in a scenario that has room for it."""
    for key, value in given.properties.items():
        if key not in _ELSEWHERE:
            yield (*section, key), value
            continue
        where = _ELSEWHERE[key]
        if not isinstance(data.get(str(where[0])), Mapping):
            continue
        if section != ("material",):
            yield from _of_layer(data, section, key, value)
        elif len(where) > 1:
            yield where, value
        else:
            yield from (((*where, inner), entry) for inner, entry in value.items())


def _of_layer(
    data: Mapping[str, Any], section: Location, key: str, value: Any
) -> Iterator[tuple[Location, Any]]:
    """The part of a property of its material, for the electrode or for oxygen, that a layer takes over."""
    own = _at(data, section)
    if key == _OXYGEN:
        found = {inner: entry for inner, entry in value.items() if inner in _OXYGEN_OF_LAYERS}
        if not isinstance(own.get(key), Mapping):
            yield (*section, key), found
        else:
            yield from (((*section, key, inner), entry) for inner, entry in found.items())
    # Without a potential of its own, a layer has no use for the sites of one.
    elif key in _OF_LAYERS and _OF_LAYERS[0] not in own:
        yield (*section, key), value


def _matching(data: Any, pattern: Location, above: Location = ()) -> Iterator[Location]:
    """The locations in the data that a pattern stands for."""
    if not pattern:
        yield above
    elif isinstance(data, Mapping):
        first, *others = pattern
        for key in data if first == ANY else [key for key in data if key == first]:
            yield from _matching(data[key], tuple(others), (*above, key))


def _names_a_material(data: Any, location: Location) -> bool:
    section = _at(data, location)
    return isinstance(section, Mapping) and FROM in section


def _at(data: Any, location: Location) -> Any:
    for part in location:
        data = data[part]
    return data


def _with(data: Mapping[str, Any], location: Location, value: Any) -> dict[str, Any]:
    """The data with another value at a place, whatever else refers to what stands there."""
    first, *others = location
    key = str(first)
    return {**data, key: _with(data[key], tuple(others), value) if others else value}
