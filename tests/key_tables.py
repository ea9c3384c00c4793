"""Reference tables of keys in a page of the documentation, and the keys that a schema has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

type Path = tuple[str, ...]

_NAME = r"[a-z][a-z_0-9]*"


@dataclass(frozen=True)
class Row:
    """A row of a table `| key | meaning |`.

    Attributes:
        section: Path of the section in which the row stands.
        keys: The keys in its first cell; none in a row that opens the section, which is in bold.
        words: Names in code type in its second cell.
        braced: Those of them in braces: keys of what the row's own keys hold.
    """

    section: Path
    keys: tuple[str, ...]
    words: frozenset[str]
    braced: frozenset[str]


def read_tables(text: str) -> list[Row]:
    """The rows of all tables of keys.

    The first table is that of the file, under the heading "Keys"; any other is that of the section after
    which the heading above it is called. A row in bold opens a section of it, which lasts to the next.
    """
    rows: list[Row] = []
    root: Path = ()
    section: Path = ()
    inside = False
    for line in text.splitlines():
        if title := re.match(r"## (\w+)", line):
            root = () if title[1] == "Keys" else (title[1].lower(),)
        if line == "| key | meaning |":
            inside, section = True, root
        elif inside and line.startswith("|"):
            first, meaning = (cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:3])
            opened = re.fullmatch(rf"\*\*`({_NAME})`\*\*", first)
            section = (*root, opened[1]) if opened else section
            keys = () if opened else tuple(re.findall(rf"`({_NAME})`", first))
            code = re.findall(r"`([^`]*)`", meaning)
            braced = [name for one in code if one.startswith("{") for name in re.findall(_NAME, one)]
            words = [one for one in code if re.fullmatch(_NAME, one)]
            if opened or keys:
                rows.append(Row(section, keys, frozenset(words + braced), frozenset(braced)))
        else:
            inside = False
    return rows


def paths_of(schema: Mapping[str, Any]) -> set[Path]:
    """Every key that a file may have, after the keys of the sections that it is in.

    What a number or a property consists of (a value, a unit, a source) is not among them.
    """
    return {path for path, _ in _keys(schema, schema["$defs"], ())}


def choices_of(schema: Mapping[str, Any]) -> set[Path]:
    """Every word that can be the value of a key, after the key's path."""
    return {(*path, word) for path, part in _keys(schema, schema["$defs"], ()) for word in _words(part)}


def _keys(
    section: Mapping[str, Any], named: Mapping[str, Any], above: Path
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Keys of a section and of the sections in it, with what the schema says of each."""
    for key, part in section.get("properties", {}).items():
        if part.get("deprecated"):
            continue  # a former name
        yield (*above, key), part
        yield from _inside(part, named, (*above, key))
    yield from _inside(section, named, above)


def _inside(
    part: Mapping[str, Any], named: Mapping[str, Any], above: Path
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Keys of the sections that a part may be: those have names in a schema, numbers have none."""
    if reference := part.get("$ref"):
        yield from _keys(named[reference.rpartition("/")[2]], named, above)
    several = [part["items"]] if "items" in part else []
    for other in (*part.get("anyOf", ()), *part.get("oneOf", ()), *several):
        yield from _inside(other, named, above)


def _words(part: Mapping[str, Any]) -> Iterator[str]:
    yield from (one for one in (*part.get("enum", ()), part.get("const")) if isinstance(one, str))
    for other in part.get("anyOf", ()):
        yield from _words(other)


@dataclass(frozen=True)
class Documented:
    """What tables say about the keys of a file.

    Attributes:
        paths: Keys that have a row in their section, or a word in the row of the key that holds them.
        choices: Words that are in the row of the key whose value they can be.
        unknown: Sections, keys of rows, and keys in braces that no file may have.
    """

    paths: frozenset[Path]
    choices: frozenset[Path]
    unknown: frozenset[Path]


def documented_keys(rows: Iterable[Row], paths: set[Path], choices: set[Path]) -> Documented:
    """Compare tables with the keys that a file may have, and with the words that can be their values."""
    rows = list(rows)
    opened = {row.section for row in rows if not row.keys}
    unknown = opened - paths
    found, chosen = opened & paths, set[Path]()
    # The innermost section above a key.
    sections = {
        path: max((one for one in opened if one == path[: len(one)] and one != path), key=len, default=())
        for path in paths
    }
    for row in rows:
        own = {path for path, section in sections.items() if section == row.section}
        meant = {path for path in own if path[-1] in row.keys}
        held = {path for path in own if path[:-1] in meant}
        found |= meant | {path for path in held if path[-1] in row.words}
        chosen |= {path for path in choices if path[:-1] in meant and path[-1] in row.words}
        unknown |= {(*row.section, key) for key in row.keys if not any(path[-1] == key for path in meant)}
        unknown |= {(*row.section, *row.keys, name) for name in row.braced - {path[-1] for path in held}}
    return Documented(frozenset(found), frozenset(chosen), frozenset(unknown))
