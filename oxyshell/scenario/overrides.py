"""Other values for a scenario, by path, and values read by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from oxyshell.errors import InputError
from oxyshell.language import documents, units
from oxyshell.language.documents import Document, KeySpan, Location
from oxyshell.language.former import Renamed, present_key
from oxyshell.language.library import FROM
from oxyshell.language.marks import mark_of
from oxyshell.language.mistakes import (
    Mistake,
    MistakeKind,
    Refusal,
    ScenarioError,
    describe,
    listed,
    nearest,
)
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import UNDER_KEYS, Parameter, Quantity
from oxyshell.language.quantities_in_scripts import plain
from oxyshell.language.reporting import mistakes_of
from oxyshell.language.sections import Context, Section, children, leaves
from oxyshell.scenario.materials import take_over
from oxyshell.scenario.protocol.expansion import expanded_text


def parse_time(given: Any, name: str) -> float:
    """Read a time such as "30 s" as it comes from a command line or a script, in s.

    Args:
        given: A number with a unit, as a text or of pint, or a bare one in s.
        name: Its purpose, for the message.

    Raises:
        InputError: If it is no time, or a negative one.
    """
    try:
        seconds = units.read(plain(given), "s").value
    except Refusal as refusal:
        raise InputError(f"{name}: found {refusal.found}, expected {refusal.expected}") from None
    if seconds < 0:
        raise InputError(f"{name}: found {describe(given)}, expected a time of at least 0 s")
    return seconds


def parse_assignment(text: str) -> tuple[str, Any]:
    """Read "particle.radius=200 nm" as it comes from a command line.

    Args:
        text: A path, an equals sign, and a value in YAML: "shell=null", "protocol.0.charge.rate=1 C".

    Returns:
        The path and the value, for `Scenario.with_values`.

    Raises:
        ScenarioError: If there is no path, or the value is no YAML.
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        expected = "path=value, for example particle.radius='200 nm'"
        raise ScenarioError([Mistake("override", None, None, "", describe(text), expected)])
    if not value.strip():
        raise _mistake(path.strip(), "no value", "a value; 'null' for none")
    return path.strip(), documents.parse(value.strip(), f"override {path.strip()}").data


def get(scenario: Section, path: str) -> Any:
    """See `Scenario.get`."""
    match value := _leaf(scenario, path):
        case Parameter() | OccupancyProperty():
            try:
                return value.value
            except InputError as error:
                raise _mistake(
                    path, f"{describe(value.text)}, which depends on the occupancy", "one number"
                ) from error
    return value


def unit(scenario: Section, path: str) -> str:
    """See `Scenario.unit`."""
    path = in_present_names(scenario, path)
    match _leaf(scenario, path):
        case Parameter(unit=text) | OccupancyProperty(unit=text):
            return text
        case None:
            above, _, key = path.rpartition(".")
            return _unit_if_given(_found(scenario, above) if above else scenario, key)
        case _:
            return "1"


def _unit_if_given(section: Any, key: str) -> str:
    """The unit that a key would have that is null."""
    mark = mark_of(section, key)
    return "1" if mark is None else mark.unit


def in_present_names(scenario: Section, path: str) -> str:
    """A path into a scenario with the present names of its keys."""
    value: Any = scenario
    parts = []
    for part in path.split("."):
        parts.append(present_key(type(value), part))
        value = children(value).get(parts[-1])
    return ".".join(parts)


def quantity_at(scenario: Section, path: str) -> Quantity | None:
    """The unit, the bounds and the scale of the number at a path; None where there is no such number."""
    path = in_present_names(scenario, path)
    above, _, key = path.rpartition(".")
    try:
        section = _found(scenario, above) if above else scenario
    except ScenarioError:
        return None
    if isinstance(section, tuple):
        # The entries of a list are alike, and the list's own field says what they are.
        return quantity_at(scenario, above)
    return mark_of(section, key)


def _leaf(scenario: Section, path: str) -> Any:
    value = _found(scenario, path)
    if children(value):
        raise _mistake(path, f"a section with {listed(children(value))}", "a single value")
    return value


def _found(scenario: Section, path: str) -> Any:
    value: Any = scenario
    for part in in_present_names(scenario, path).split("."):
        below = children(value)
        if part not in below:
            raise _unknown(path, scenario)
        value = below[part]
    return value


def apply[Model: Section](
    kind: type[Model], scenario: Section, document: Any, context: Context, values: Mapping[str, Any]
) -> Model:
    """See `Scenario.with_values`; `document` is changed."""
    written: dict[str, str] = {}
    # What another material brings along comes before what is changed in it.
    for path in sorted(values, key=lambda path: not path.endswith(f".{FROM}")):
        here = kind.present_path(document, path)
        if here in written:
            raise _mistake(path, f"a value beside that of {describe(written[here])}", "one of both")
        written[here] = path
        context.notices += [notice for notice in _renamed(path, here) if notice not in context.notices]
        try:
            take_over(document, here, context)
            _set(document, here, plain(values[path]), scenario)
        except Refusal as refusal:
            raise _mistake(path, refusal.found, refusal.expected) from None
    try:
        return kind.from_file(document, context)
    except ValidationError as error:
        everywhere = Document("override", document, places_in(document))
        found = mistakes_of(error, everywhere, context)
        raise ScenarioError(_blamed(mistake, written) for mistake in found) from None


def _renamed(path: str, present: str) -> Iterator[Renamed]:
    if path != present:
        yield Renamed(path, present)


def _set(document: Any, path: str, value: Any, scenario: Section) -> None:
    parts = path.split(".")
    parent = document
    known: list[str] = []
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(parent, list):
            if not part.isdecimal() or int(part) >= len(parent):
                expected = f"a position from 0 to {len(parent) - 1}"
                found = f"'{part}' after '{'.'.join(known)}'"
                raise _mistake(path, found, expected, MistakeKind.UNKNOWN_PATH)
            key: str | int = int(part)
        else:
            key = part
        if following is None:
            parent[key] = value
            return
        below = parent[key] if isinstance(key, int) else parent.get(key)
        if not isinstance(below, Mapping | list):
            # A bare value makes room for its own parts (`particle.radius.status`), nothing for a new section,
            # and the text of a step for its typed form.
            bare = below is not None and following in UNDER_KEYS
            below = {"value": below} if bare else expanded_text(below)
            parent[key] = below
        parent = below
        known.append(part)


def places_in(data: Any, location: Location = ()) -> dict[Location, KeySpan]:
    """The first place of all for everything in plain data, which was read from no file."""
    below = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    places: dict[Location, KeySpan] = {location: KeySpan((1, 1), (1, 1))}
    for key, entry in below:
        places |= places_in(entry, (*location, key))
    return places


def _blamed(mistake: Mistake, written: Mapping[str, str]) -> Mistake:
    """The mistake with the overrides that caused it in place of a file and a line.

    Args:
        mistake: As it was found in the changed data.
        written: The paths of the overrides as they are written, by the same with present names.
    """
    touching = [path for path in written if f"{mistake.path}.".startswith(f"{path}.")]
    touching = (
        touching or [path for path in written if f"{path}.".startswith(f"{mistake.path}.")] or list(written)
    )
    touching = [written[path] for path in touching]
    name = "override " + ", ".join(touching)
    return replace(mistake, file=name, line=None, column=None, overrides=tuple(touching))


def _mistake(path: str, found: str, expected: str, kind: MistakeKind = MistakeKind.VALUE) -> ScenarioError:
    mistake = Mistake(f"override {path}", None, None, path, found, expected, kind, (path,))
    return ScenarioError([mistake])


def _unknown(path: str, scenario: Section) -> ScenarioError:
    names = [known for known, _ in leaves(scenario)]
    near = nearest(path, names)
    expected = f"'{near}'" if near else f"a path such as {listed(names[:4])}"
    return _mistake(path, "an unknown path", expected, MistakeKind.UNKNOWN_PATH)
