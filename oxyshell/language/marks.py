"""The marks of a section's fields: which quantity each number is."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, get_args

from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import Parameter, Quantity
from oxyshell.language.sections import Section, children


def mark_of(section: Any, key: str) -> Quantity | None:
    """The mark of a key of a section, also where its value is null or a list; None where it is no number."""
    return _mark_in(type(section), key)  # type: ignore[arg-type]  # a type can be a key


@functools.cache
def _mark_in(kind: type, key: str) -> Quantity | None:
    for name, field in getattr(kind, "model_fields", {}).items():
        if (field.alias or name) == key:
            return next(_marks(field), None)
    return None


def numbers(value: Any, path: str = "", mark: Quantity | None = None) -> Iterator[tuple[str, Any, Quantity]]:
    """All numbers below a value that are marked: path, number and mark."""
    ahead = [(path, value, mark)]
    while ahead:
        path, value, mark = ahead.pop()
        match value:
            case Parameter() | OccupancyProperty():
                if mark is not None:
                    yield path, value, mark
            case _:
                below, has_marks = children(value), isinstance(value, Section)
                found = [
                    (f"{path}.{key}" if path else key, entry, mark_of(value, key) if has_marks else mark)
                    for key, entry in below.items()
                ]
                ahead += found[::-1]


def _marks(annotation: Any) -> Iterator[Quantity]:
    for name in ("metadata", "__metadata__"):
        for mark in getattr(annotation, name, ()):
            if isinstance(mark, Quantity):
                yield mark
    # Of a field, of a name for a type, of a type with parameters.
    named = (getattr(annotation, name, None) for name in ("annotation", "__value__"))
    for inner in (*named, *get_args(annotation)):
        if inner is not None:
            yield from _marks(inner)
