"""pydantic's errors as mistakes with lines, columns and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from oxyshell.language import kinds
from oxyshell.language.documents import Document, KeySpan, Location
from oxyshell.language.kinds import FileKind
from oxyshell.language.library import FROM
from oxyshell.language.mistakes import (
    CUSTOM,
    NOTHING,
    Mistake,
    MistakeKind,
    ScenarioError,
    describe,
    dotted,
    listed,
    nearest,
    unknown_key,
)
from oxyshell.language.parameters import expected_key
from oxyshell.language.sections import Context, Section

# What a comma leaves behind in a mapping on one line: {volume_change: 2,69 %}.
_PART_OF_A_NUMBER = re.compile(r"\d+(\s*\D.*)?")

# Words for a repetition, where they are no keys.
_REPEATED = "an entry 'repeat' of the protocol, with its 'times' and 'steps'"
_WORDS = dict.fromkeys(("repeat", "repeats", "cycle", "cycles", "loop", "times"), _REPEATED)

# What a built-in pydantic check expects, by its error type.
_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda ctx: f"{ctx['expected']}",
    "int_type": lambda _: "a whole number",
    "float_type": lambda _: "a number",
    "finite_number": lambda _: "a finite number",
    "bool_type": lambda _: "true or false",
    "string_type": lambda _: "a text (in quotes, if it looks like a number)",
    "string_too_short": lambda _: "a text that is not empty",
    "string_pattern_mismatch": lambda ctx: f"a text that matches {ctx['pattern']}",
    "tuple_type": lambda _: "a list",
    "dict_type": lambda _: "a mapping of keys to values",
    "model_type": lambda _: "a mapping of keys to values",
    "model_attributes_type": lambda _: "a mapping of keys to values",
    "too_short": lambda ctx: f"at least {ctx['min_length']} entry",
    "too_long": lambda ctx: f"at most {ctx['max_length']} entries",
    "greater_than": lambda ctx: f"a number above {ctx['gt']:g}",
    "greater_than_equal": lambda ctx: f"a number of at least {ctx['ge']:g}",
    "less_than": lambda ctx: f"a number below {ctx['lt']:g}",
    "less_than_equal": lambda ctx: f"a number of at most {ctx['le']:g}",
}


def validated[Model: Section](
    model: type[Model], document: Document, context: Context, kind: FileKind | None = None
) -> Model:
    """A section from a document.

    Args:
        model: Type of the section.
        document: Text that was read.
        context: Folder of relative paths, and the kinds of files that there are.
        kind: Kind of file that is expected; any if None.

    Raises:
        ScenarioError: With every mistake at its line, or with the command that runs a file of another kind.
    """
    other = kinds.kind_of(document.data, context.kinds)
    if kind is not None and other not in (kind, None):
        raise ScenarioError([located(document, other.with_command(document.name), kind.article)])
    try:
        return model.from_file(document.data, context)
    except ValidationError as error:
        raise ScenarioError(mistakes_of(error, document, context)) from None


def mistakes_of(error: ValidationError, document: Document, context: Context) -> list[Mistake]:
    """The errors of pydantic, located in the document and in its order."""
    document = context.taken_over.in_document(context.present.in_document(document))
    details = [(entry, _location(entry, document)) for entry in error.errors(include_url=False)]
    # A misspelt key is also a missing one: say it once.
    misspelt = {
        (*location[:-1], nearest(str(location[-1]), _valid_keys(location[:-1], document, context)))
        for entry, location in details
        if entry["type"] == "extra_forbidden"
    }
    found = [
        _mistake(entry, location, document, context)
        for entry, location in details
        if not (entry["type"] == "missing" and {location, (*location[:-1], FROM)} & misspelt)
    ]
    return sorted(found, key=lambda mistake: (mistake.line or 0, mistake.column or 0))


def located(
    document: Document,
    found: str,
    expected: str,
    *location: str | int,
    key: bool = False,
    kind: MistakeKind = MistakeKind.VALUE,
    offset: int | None = None,
) -> Mistake:
    """A mistake at a value in a document, or at its key, or after some characters of a text."""
    _, place = document.place(location)
    line, column = place.key if key else _inside(place, offset)
    return Mistake(document.name, line, column, dotted(location), found, expected, kind)


def _location(entry: ErrorDetails, document: Document) -> Location:
    """The path in the file: pydantic's, without the names of variants and its own marks."""
    location: Location = ()
    for part in entry["loc"]:
        mark = str(part).startswith(("<", "["))
        if not mark or (*location, part) in document.places:
            location = (*location, part)
    key = entry.get("ctx", {}).get("key")
    return location if key is None else (*location, key)


def _mistake(entry: ErrorDetails, location: Location, document: Document, context: Context) -> Mistake:
    known, place = document.place(location)
    details = entry.get("ctx", {})
    kind = details.get("kind", MistakeKind.VALUE)
    if entry["type"] == "extra_forbidden":
        kind = MistakeKind.UNKNOWN_KEY
        found = unknown_key(str(location[-1]))
        expected = _in_place_of(location, _valid_keys(location[:-1], document, context), context)
    elif entry["type"] == "missing":
        found, expected = NOTHING, f"the key '{location[-1]}'"
    elif entry["type"] == CUSTOM:
        # Where no variant could be chosen, pydantic's input is the mapping around the key.
        found = details.get("found") or describe(_at(document.data, location))
        expected = details["expected"]
    else:
        found = describe(entry["input"])
        expected = _EXPECTED[entry["type"]](details) if entry["type"] in _EXPECTED else entry["msg"]
        if entry["type"] == "literal_error" and isinstance(entry["input"], str):
            allowed = [part.strip("'") for part in expected.replace(" or ", ", ").split(", ")]
            near = nearest(entry["input"], allowed)
            expected += f" (did you mean '{near}'?)" if near else ""
    absent = found == NOTHING and known != location
    if place.taken_from:
        found += f" ({place.taken_from})"
    elif absent and (giver := document.places.get((*known, FROM))):
        found += f", nor does {giver.taken_from} have it"
    at_key = absent or kind is MistakeKind.UNKNOWN_KEY
    line, column = place.key if at_key else _inside(place, details.get("offset"))
    return Mistake(document.name, line, column, dotted(location if absent else known), found, expected, kind)


def _inside(place: KeySpan, offset: int | None) -> tuple[int, int]:
    """The place of a value, or that behind some characters of a text that stands there as it is."""
    if offset is None or place.text is None:
        return place.value_start
    return place.text[0], place.text[1] + offset


def _in_place_of(location: Location, valid: tuple[str, ...], context: Context) -> str:
    """The expected key in place of an unknown one."""
    key = str(location[-1])
    foreign = kinds.owner_of(key, context.kinds) if len(location) == 1 else None
    if _PART_OF_A_NUMBER.fullmatch(key):
        return "a decimal point in place of the comma before it, which begins another key"
    if key in _WORDS:
        return f"{_WORDS[key]}; there is no key '{key}' here"
    if foreign is not None:
        return f"a key of this kind of file ({listed(valid)}); it belongs to {foreign.article}"
    return expected_key(key, valid)


def _valid_keys(location: Location, document: Document, context: Context) -> tuple[str, ...]:
    return context.keys.get(id(_at(document.data, location)), ())


def _at(data: Any, location: Location) -> Any:
    for part in location:
        match data, part:
            case Mapping(), _ if part in data:
                data = data[part]
            case list() | tuple(), int() if part < len(data):
                data = data[part]
            case _:
                return None
    return data
