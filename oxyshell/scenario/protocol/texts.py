"""Short texts for steps, "charge at 0.1 C until 4.8 V", and the typed form that they stand for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from oxyshell.language.mistakes import NOTHING, Refusal, describe, listed, nearest
from oxyshell.scenario.protocol.ends import Location
from oxyshell.scenario.protocol.quantities_in_texts import (
    CURRENT,
    NUMBER,
    TIME,
    VOLTAGE,
    Meaning,
    Misplaced,
    quantity,
)

SUMMARY = (
    "A step as a text: 'charge at CURRENT until END or END', 'discharge …', 'hold at VOLTAGE until CURRENT "
    "or TIME', 'rest for TIME'; 'for TIME' is an end too."
)
EXAMPLES = (
    "charge at 0.1 C until 4.8 V",
    "charge at 25 mA/g until 4.8 V or 5 h",
    "discharge at C/2 for 30 min",
    "hold at 4.8 V until C/50 or 5 h",
    "rest for 1 h",
)

# Words that divide a text, besides its first one.
_DIVIDING = re.compile(r"(?<!\S)(at|until|for|or)(?!\S)", re.IGNORECASE)
_NAMED_END = re.compile(r"(extracted|passed|surface[ _]occupancy)(?!\S)\s*", re.IGNORECASE)
_OCCUPANCY = re.compile(r"surface[ _]occupancy(?!\S)\s*", re.IGNORECASE)


class TextRefusal(Refusal):
    """A text that is no step; says after how many of its characters the mistake is."""

    def __init__(self, found: str, expected: str, offset: int) -> None:
        super().__init__(found, expected)
        self.offset = offset


@dataclass(frozen=True)
class Typed:
    """The typed form of a text.

    Attributes:
        data: As it would stand in a file: `{"rest": {"time": "1 h"}}`.
        places: By the path in the data, the number of characters of the text before what stands there.
    """

    data: dict[str, Any]
    places: dict[Location, int]

    def offset(self, location: Location) -> int:
        """Characters of the text before the entry at a path, or before the deepest one above it."""
        while location not in self.places:
            location = location[:-1]
        return self.places[location]


@dataclass(frozen=True)
class _Clause:
    """A part of a text: the word that begins it in lower case, and the rest.

    Attributes:
        word: "at", "until", "for" or "or"; empty for what follows the verb at once.
        at: Position of the word.
        rest: What follows it.
        start: Position of the rest.
    """

    word: str
    at: int
    rest: str
    start: int


@dataclass
class _Writer:
    """The typed form as it grows."""

    verb: str
    places: dict[Location, int] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    def put(self, offset: int, value: str, *path: str) -> None:
        """Set a value below the verb; refuses one that is there already."""
        inside = self.body
        for key in path[:-1]:
            inside = inside.setdefault(key, {})
        if path[-1] in inside:
            raise TextRefusal(describe(value), f"one end of this kind, which '{inside[path[-1]]}' is", offset)
        inside[path[-1]] = value
        for depth in range(1, len(path) + 1):
            self.places.setdefault((self.verb, *path[:depth]), offset)


def parse(text: str) -> Typed:
    """Read a text.

    Raises:
        TextRefusal: If it is none of the language.
    """
    first = re.match(r"\s*(\S*)", text)
    word = first[1] if first else ""
    start = len(text) - len(text.lstrip())
    verb = word.lower()
    if verb not in _VERBS:
        near = nearest(verb, _VERBS)
        hint = f"'{near}'" if near else f"one of {listed(_VERBS)} as its first word"
        raise TextRefusal(describe(word) if word else NOTHING, f"{hint}, as in '{EXAMPLES[0]}'", start)
    clauses = list(_clauses(text, start + len(word)))
    writer = _Writer(verb, {(): start, (verb,): start})
    _VERBS[verb](clauses, writer, len(text.rstrip()))
    return Typed({verb: writer.body}, writer.places)


def _clauses(text: str, start: int) -> Iterator[_Clause]:
    word, at = "", start
    for found in _DIVIDING.finditer(text, start):
        yield from _clause(text, word, at, start, found.start())
        word, at, start = found[1].lower(), found.start(), found.end()
    yield from _clause(text, word, at, start, len(text))


def _clause(text: str, word: str, at: int, start: int, end: int) -> Iterator[_Clause]:
    rest = text[start:end]
    if word or rest.strip():
        yield _Clause(word, at, rest.strip(), start + len(rest) - len(rest.lstrip()))


def _current(clauses: list[_Clause], writer: _Writer, end: int) -> None:
    at = _taken_at(clauses, f"'{writer.verb} at' with a current, such as '0.1 C'", end)
    key = _written(at, CURRENT)
    writer.put(at.start, at.rest, key)
    _ends(clauses[1:], writer, (*VOLTAGE, *TIME), end, "'until 4.8 V' or 'for 1 h'")


def _hold(clauses: list[_Clause], writer: _Writer, end: int) -> None:
    at = _taken_at(clauses, "'hold at' with a voltage, such as '4.8 V'", end)
    if occupancy := _OCCUPANCY.match(at.rest):
        value = at.rest[occupancy.end() :]
        start = at.start + occupancy.end()
        _written(_Clause(at.word, at.at, value, start), NUMBER)
        writer.put(start, value, "surface_occupancy")
        _one_time(clauses[1:], writer, end, ("for",))
        return
    _written(at, VOLTAGE)
    writer.put(at.start, at.rest, "voltage")
    _ends(clauses[1:], writer, (*CURRENT, *TIME), end, "'until C/50' or 'for 5 h'")


def _rest(clauses: list[_Clause], writer: _Writer, end: int) -> None:
    _one_time(clauses, writer, end, ("", "for"))


_VERBS = {"charge": _current, "discharge": _current, "hold": _hold, "rest": _rest}


def _taken_at(clauses: list[_Clause], expected: str, end: int) -> _Clause:
    """The clause that says at what."""
    if not clauses:
        raise TextRefusal("the end of the text", expected, end)
    if clauses[0].word != "at":
        raise _unexpected(clauses[0], expected)
    return clauses[0]


def _one_time(clauses: list[_Clause], writer: _Writer, end: int, words: tuple[str, ...]) -> None:
    """A time, and nothing after it."""
    expected = "'for' with a time, such as 'for 1 h'"
    if not clauses:
        raise TextRefusal("the end of the text", expected, end)
    first, *more = clauses
    if first.word not in words:
        raise _unexpected(first, expected)
    _written(first, TIME)
    writer.put(first.start, first.rest, "time")
    if more:
        raise _unexpected(more[0], "the end of the text")


def _ends(
    clauses: list[_Clause], writer: _Writer, kinds: tuple[Meaning, ...], end: int, example: str
) -> None:
    """One end after the other; an "until" or a "for" may follow an "or"."""
    leading = [one for one, after in itertools.pairwise(clauses) if _introduces(one, after)]
    ends = [one for one in clauses if one not in leading]
    if not ends:
        raise TextRefusal("no end", example, end)
    for number, clause in enumerate(ends):
        if clause.word in ("", "at") or (clause.word == "or" and number == 0):
            raise _unexpected(clause, example)
        named = _NAMED_END.match(clause.rest) if VOLTAGE[0] in kinds else None
        if named is None:
            key = _written(clause, TIME if clause.word == "for" else kinds)
        else:
            start, value = clause.start + named.end(), clause.rest[named.end() :]
            clause = _Clause(clause.word, clause.at, value, start)
            _written(clause, NUMBER)
            key = named[1].lower().replace(" ", "_")
        writer.put(clause.start, clause.rest, "until", key)


def _unexpected(clause: _Clause, expected: str) -> TextRefusal:
    """The mistake that a clause stands where it has no meaning."""
    found = describe(f"{clause.word} {clause.rest}")
    return TextRefusal(found, expected, clause.at if clause.word else clause.start)


def _introduces(one: _Clause, after: _Clause) -> bool:
    """Whether an "or" only leads to the "until" or "for" after it."""
    return one.word == "or" and not one.rest and after.word in ("until", "for")


def _written(clause: _Clause, kinds: tuple[Meaning, ...]) -> str:
    """The key of the quantity that a clause is."""
    try:
        return quantity(clause.rest, kinds)
    except Misplaced as wrong:
        raise TextRefusal(wrong.found, wrong.expected, clause.start + wrong.offset) from None
