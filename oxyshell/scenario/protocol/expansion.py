"""Texts of a document's protocol in their typed form, with the place of each part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from oxyshell.language.documents import Document, KeySpan, Location
from oxyshell.scenario.protocol import texts


def expanded(document: Document) -> Document:
    """The document with the typed form of each text of its protocol that is one.

    Others stay as they are, to be refused where they are validated.
    """
    places = dict(document.places)
    data = document.data
    for location, text in list(_texts(data)):
        try:
            typed = texts.parse(text)
        except texts.TextRefusal:
            continue
        data = _with(data, location, typed.data)
        around = document.places[location]
        for path in _paths(typed.data):
            places[(*location, *path)] = _span(around, typed.offset(path))
    return replace(document, data=data, places=places)


def expanded_text(text: Any) -> dict[str, Any]:
    """The typed form of one text; an empty mapping if it is none."""
    try:
        return texts.parse(text).data if isinstance(text, str) else {}
    except texts.TextRefusal:
        return {}


def _texts(data: Any) -> Iterator[tuple[Location, str]]:
    """The texts among the entries of the protocol, and among the steps that entries repeat."""
    for index, entry in _entries(data, "protocol"):
        yield from _text(entry, ("protocol", index))
        inner = entry.get("repeat") if isinstance(entry, Mapping) else None
        for number, step in _entries(inner, "steps"):
            yield from _text(step, ("protocol", index, "repeat", "steps", number))


def _entries(data: Any, key: str) -> Iterator[tuple[int, Any]]:
    entries = data.get(key) if isinstance(data, Mapping) else None
    return enumerate(entries if isinstance(entries, list) else [])


def _text(entry: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(entry, str):
        yield location, entry


def _with(data: Any, location: Location, value: Any) -> Any:
    """The data with another value at a place, whatever else refers to what stands there."""
    if not location:
        return value
    first, *others = location
    changed: Any = dict(data) if isinstance(data, Mapping) else list(data)
    changed[first] = _with(data[first], tuple(others), value)
    return changed


def _paths(data: Mapping[str, Any], above: Location = ()) -> Iterator[Location]:
    for key, entry in data.items():
        yield (*above, key)
        if isinstance(entry, Mapping):
            yield from _paths(entry, (*above, key))


def _span(around: KeySpan, offset: int) -> KeySpan:
    """The place of a part of a text that stands at a place."""
    if around.text is None:
        return around
    here = (around.text[0], around.text[1] + offset)
    return KeySpan(here, here)
