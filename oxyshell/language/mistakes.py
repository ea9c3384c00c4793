"""Mistakes in a file: their place, the entry found and the one expected."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from oxyshell.errors import InputError
from oxyshell.printable import printable

CUSTOM = "mistake"
"""The pydantic error type of the problems that this package finds itself."""


# What a message holds of a file.
_MOST_TOLD, _MOST_LISTED = 20, 30
_LONGEST, _LONGEST_PATH = 60, 200
NOTHING = "nothing"


class MistakeKind(Enum):
    """Kinds of mistakes, for code that handles some of them in its own way."""

    VALUE = "value"
    """A value that cannot be used, or a key that is missing."""
    UNKNOWN_KEY = "unknown key"
    """A key that its mapping does not have."""
    UNKNOWN_PATH = "unknown path"
    """A path that leads nowhere in a scenario."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in a file or in an override.

    Attributes:
        file: The file's name as it was given, or what stands for it: "<string>", "override particle.radius".
        line: Line of the offending key or value, from 1; None where there is no file.
        column: Column, from 1; None where there is no file.
        path: Keys down to it, dots between them: "particle.radius"; empty for the whole document.
        found: The entry that is there.
        expected: The entry that should be there.
        kind: Kind of mistake.
        overrides: Paths of the changed values that cause it; empty for a mistake in a file.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    found: str
    expected: str
    kind: MistakeKind = field(default=MistakeKind.VALUE, compare=False)
    overrides: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        parts = (self.file, self.line, self.column)
        where = ":".join(str(part) for part in parts if part is not None)
        # What stands for the file of an override says its path.
        told = self.path and self.file != f"override {self.path}"
        path = f" {_short(self.path, _LONGEST_PATH)}:" if told else ""
        return printable(f"{where}:{path} found {self.found}, expected {self.expected}")


class ScenarioError(InputError):
    """A scenario or comparison file cannot be used.

    Attributes:
        mistakes: Everything that is wrong, in the order of the file; at least one.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        lines = [str(mistake) for mistake in self.mistakes[:_MOST_TOLD]]
        if len(self.mistakes) > _MOST_TOLD:
            name = self.mistakes[0].file
            lines.append(
                printable(f"{name}: {len(self.mistakes)} mistakes, of which these are the first {_MOST_TOLD}")
            )
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Mistake, ...]]]:
        return ScenarioError, (self.mistakes,)


class Refusal(Exception):  # noqa: N818 (a message between functions of this package, never raised to users)
    """A value that cannot be used; the caller knows where it stands."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected


def problem(
    found: str,
    expected: str,
    *location: str | int,
    kind: MistakeKind = MistakeKind.VALUE,
    offset: int | None = None,
) -> InitErrorDetails:
    """A mistake in the form in which pydantic collects them.

    Args:
        found: The entry that is there.
        expected: The entry that should be there.
        location: Place, relative to the validated value.
        kind: Kind of mistake.
        offset: Of a mistake inside a text: characters of the text before it; None if it is no such one.
    """
    details = {"found": found, "expected": expected, "kind": kind, "offset": offset}
    error = PydanticCustomError(CUSTOM, "found {found}, expected {expected}", details)
    return InitErrorDetails(type=error, loc=location, input=None)


def refused(*problems: InitErrorDetails) -> ValidationError:
    """The exception that hands problems to pydantic."""
    return ValidationError.from_exception_data("oxyshell", list(problems))


def refuse(problems: Sequence[InitErrorDetails]) -> None:
    """Hand problems to pydantic, if there are any.

    Raises:
        ValidationError: Unless `problems` is empty.
    """
    if problems:
        raise refused(*problems)


def unknown_key(key: str) -> str:
    """An unknown key in a message."""
    return f"the unknown key {describe(key)}"


def describe(value: Any) -> str:
    """A value as a person would name it in a message."""
    match value:
        case None:
            return NOTHING
        case bool():
            return str(value).lower()
        case str():
            text = " ".join(value.split())
            return f"'{_short(text, _LONGEST)}'" if text else "an empty text"
        case float():
            return f"{value:.12g}"
        case Mapping():
            return f"a mapping with {listed(value)}" if value else "an empty mapping"
        case Sequence():
            return f"a list of {len(value)}" if value else "an empty list"
        case _:
            return f"{value}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def listed(names: Iterable[Any]) -> str:
    """Names for a message: 'a', 'b' and 'c'."""
    named = list(names)
    texts = [f"'{_short(f'{name}', _LONGEST)}'" for name in named[:_MOST_LISTED]]
    if len(named) > _MOST_LISTED:
        texts.append(f"{len(named) - _MOST_LISTED} more")
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `name` was probably meant to be, if any."""
    by_lower = {candidate.lower(): candidate for candidate in names}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None


def dotted(location: Iterable[str | int]) -> str:
    """A path for people: keys and list positions with dots between them."""
    return ".".join(str(part) for part in location)
