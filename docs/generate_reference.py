"""Reference pages from the code: every key of every kind of file, and every quantity that runs report.

`write(folder)` writes `keys-<kind>.md` for each kind of file, and `columns.md`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.studies.registry import json_schema, studies

type Node = Mapping[str, Any]
type Path_ = tuple[str, ...]

_HEAD = "| key | value | default | meaning |\n|---|---|---|---|"
_ITEM = "[]"
_BOUNDS = {
    "exclusiveMinimum": "above",
    "minimum": "at least",
    "exclusiveMaximum": "below",
    "maximum": "at most",
}
_PLACES = {
    Where.SUMMARY: ("Summary", "Entries of `summary.json`, by path."),
    Where.HISTORY: ("History", "Columns of `history.csv`: one row after every time step."),
    Where.STEP: ("Steps", "Columns of `steps.csv`: one row for every step of the protocol."),
    Where.CYCLE: ("Cycles", "Columns of `cycles.csv`: one row for every cycle."),
    Where.PROFILE: ("Profiles", "Arrays of `profiles.h5`: values along the radius at output times."),
    Where.FIELD: ("Fields", "Arrays of the fields for ParaView: values over the particle at output times."),
}


def kinds() -> tuple[str, ...]:
    """The kinds of files that have a page."""
    return ("scenario", "material", *(study.file.name for study in studies()))


def file_name(kind: str) -> str:
    """Name of the page of a kind of file."""
    return f"keys-{kind.replace(' ', '-')}.md"


def write(folder: Path) -> list[Path]:
    """Write all pages.

    Args:
        folder: Where to; it is made if it is not there.

    Returns:
        The pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = {file_name(kind): keys_page(kind) for kind in kinds()} | {"columns.md": columns_page()}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def keys_page(kind: str) -> str:
    """The page of a kind of file: a table for each section."""
    schema = json_schema(kind)
    page = [
        f"# Keys of a {kind} file",
        (
            "Numbers with a unit are texts such as `150 nm`; bare numbers are in the SI unit that the "
            "column *value* names. A number may also be a mapping `{value, status, source}`, which says "
            "where it comes from. Generated from the JSON Schema that "
            f"`oxyshell schema --kind '{kind}'` prints."
        ),
    ]
    for path, section in sections(schema):
        title = ".".join(path).replace(f".{_ITEM}", _ITEM)
        heading = f"## `{title}`{_variant(section)}" if path else "## The file"
        page += [heading, _text(section.get("description", ""))]
        rows = [_row(key, entry, section, schema) for key, entry in section["properties"].items()]
        page += ["\n".join([_HEAD, *(row for row in rows if row)])]
    return "\n\n".join(part for part in page if part) + "\n"


def sections(schema: Node) -> Iterator[tuple[Path_, Node]]:
    """The sections of a file with the path at which each stands first, in the order of the file."""
    seen: set[str] = set()
    ahead: list[tuple[Path_, Node]] = [((), schema)]
    while ahead:
        path, section = ahead.pop(0)
        yield path, section
        found: list[tuple[Path_, Node]] = []
        for key, entry in section["properties"].items():
            if entry.get("deprecated"):
                continue
            for below, name, inner in _below(entry, schema, (*path, key)):
                if name not in seen:
                    seen.add(name)
                    found.append((below, inner))
        ahead = [*found, *ahead]


def _variant(section: Node) -> str:
    """The key and the value by which a section is told from others at the same place; empty without one."""
    named = (f": `{key}: {one['const']}`" for key, one in section["properties"].items() if "const" in one)
    return next(named, "")


def _below(entry: Node, schema: Node, path: Path_) -> Iterator[tuple[Path_, str, Node]]:
    """The sections that a value may be, each with its path and its name in the schema."""
    if "$ref" in entry:
        name = entry["$ref"].rpartition("/")[2]
        named = schema["$defs"][name]
        if "properties" in named:
            yield path, name, named
        else:
            yield from _below(named, schema, path)
    for one in (*entry.get("anyOf", ()), *entry.get("oneOf", ())):
        yield from _below(one, schema, path)
    if isinstance(entry.get("items"), Mapping):
        yield from _below(entry["items"], schema, (*path, _ITEM))
    if isinstance(entry.get("additionalProperties"), Mapping):
        yield from _below(entry["additionalProperties"], schema, (*path, "NAME"))


def _row(key: str, entry: Node, section: Node, schema: Node) -> str:
    if entry.get("deprecated"):
        return ""
    required = key in section.get("required", ()) or _under_other_names(key, section)
    from_material = any(key in one.get("required", ()) for one in section.get("anyOf", ()))
    default = "required" if required else "required, or that of `from`" if from_material else _default(entry)
    cells = (f"`{key}`", _value(entry, schema), default, entry.get("description", ""))
    return f"| {' | '.join(_text(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _under_other_names(key: str, section: Node) -> bool:
    """Whether a key has to be there, which may have a former name."""
    rules = [rule["oneOf"] for rule in section.get("allOf", ()) if "oneOf" in rule]
    return any({"required": [key]} in rule and not any("not" in one for one in rule) for rule in rules)


def _default(entry: Node) -> str:
    if "default" not in entry:
        return "–"
    value = entry["default"]
    if isinstance(value, Mapping) and set(value) <= {"value", "status", "source"} and value:
        value = value["value"]
    if isinstance(value, Mapping | list) and value:
        return "as of its keys"
    return f"`{value if isinstance(value, str) and value else json.dumps(value)}`"


def _value(entry: Node, schema: Node) -> str:
    """What a value may be, in words."""
    alternatives = (*entry.get("anyOf", ()), *entry.get("oneOf", ()))
    if any(one.get("type") == "number" for one in alternatives) and "title" in entry:
        return str(entry["title"])
    if "$ref" in entry:
        named = schema["$defs"][entry["$ref"].rpartition("/")[2]]
        return "a section" if "properties" in named else _value(named, schema)
    if alternatives and "properties" not in entry:
        words = dict.fromkeys(_value(one, schema) for one in alternatives)
        return " or ".join(words)
    if "enum" in entry or "const" in entry:
        values = entry.get("enum", [entry.get("const")])
        return ", ".join(f"`{value}`" for value in values)
    return _simple(entry, schema)


def _simple(entry: Node, schema: Node) -> str:
    kind = entry.get("type", "any value")
    match kind:
        case "array":
            items = entry.get("items")
            return f"a list: {_value(items, schema)}" if isinstance(items, Mapping) else "a list"
        case "object":
            inner = entry.get("additionalProperties")
            named = isinstance(inner, Mapping) and inner
            return f"a mapping of names: {_value(inner, schema)}" if named else "a mapping"
        case "null":
            return "`null`"
        case "integer" | "number":
            limits = [f"{word} {entry[bound]:g}" for bound, word in _BOUNDS.items() if bound in entry]
            noun = "a whole number" if kind == "integer" else "a number"
            return ", ".join([noun, " and ".join(limits)]) if limits else noun
        case "string":
            return "a path" if entry.get("format") == "path" else "a text"
        case "boolean":
            return "`true` or `false`"
        case _:
            return str(kind)


def columns_page() -> str:
    """The page of all quantities that runs report."""
    page = [
        "# Quantities that runs report",
        (
            "Columns, arrays and entries of the files of a run, with the physics that has them. A number "
            "that a study asks for is named as here: `stress.hoop.peak_MPa`, `max of "
            "history.surface_hoop_MPa`, `row 2 of steps.duration_s`. Generated from the declarations in the "
            "code."
        ),
    ]
    for where, (title, about) in _PLACES.items():
        rows = [
            f"| `{one.name}` | {one.unit or 'text'} | {_text(one.label) or '–'} | "
            f"{_text(one.description).replace('|', chr(92) + '|')} | {_owner(where, one.name)} |"
            for one in registry.observables(where).values()
        ]
        head = "| name | unit | words | meaning | physics |\n|---|---|---|---|---|"
        page += [f"## {title}", about, "\n".join([head, *rows])]
    former = [
        f"| `{old}` | `{new}` |" for names in registry.former_names().values() for old, new in names.items()
    ]
    page += [
        "## Former names",
        "They are still read: in files, in quantities of studies, and in folders of earlier runs.",
        "\n".join(["| former | present |", "|---|---|", *dict.fromkeys(former)]),
    ]
    return "\n\n".join(page) + "\n"


def _owner(where: Where, name: str) -> str:
    physics = registry.physics_of(where, name)
    return "every run" if physics is None or physics.in_every_run else f"`{physics.name}`"


def _text(words: str) -> str:
    """Words on one line of Markdown."""
    return " ".join(words.split())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
