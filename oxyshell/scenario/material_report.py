"""The values of a material in words, and the results that a run of it can have.

From plain data, so that a command that shows it loads no models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oxyshell.language.library import DESCRIPTION, Source

PARTICLE = ("formula", "molar_volume", "ion", "diffusivity", "chemical_strain", "elasticity")
"""Keys without which there is no run; with them it has stress."""

CARRIED: Mapping[str, tuple[str, ...]] = {
    "stress": PARTICLE,
    "voltage": (*PARTICLE, "open_circuit"),
    "oxygen": (*PARTICLE, "oxygen.diffusivity"),
}
"""Keys that results need, by what they are about."""

# Keys of which a mapping is one number or one property.
_OF_A_NUMBER = ("value", "table", "expression")


@dataclass(frozen=True)
class Value:
    """One value of a material.

    Attributes:
        path: Keys down to it, with dots between them.
        text: The value with its unit, as it was written.
        status: Kind of source; empty where the file states none.
        source: Its source in words.
        doi: Of the publication that the source names; empty if none is known.
    """

    path: str
    text: str
    status: str = ""
    source: str = ""
    doi: str = ""


def about(source: Source) -> str:
    """The material in a sentence or two; empty where its file says nothing."""
    return str(source.document.data.get("about", "")).strip()


def values(source: Source) -> list[Value]:
    """Every value of a material, in the order of its file."""
    data = source.document.data
    references = {one["citation"]: one.get("doi") or "" for one in data.get("references", [])}
    properties = {key: entry for key, entry in data.items() if key not in DESCRIPTION}
    return [value for key, entry in properties.items() for value in _values(entry, key, references)]


def missing(source: Source) -> dict[str, list[str]]:
    """Keys that each kind of result needs and the material does not have; none where it carries them."""
    return {
        name: [path for path in paths if not _has(source.document.data, path)]
        for name, paths in CARRIED.items()
    }


def carried_in_words(source: Source) -> list[str]:
    """A sentence for each kind of result."""
    return [
        *(f"{name}: {_told(name, lacking, source)}" for name, lacking in missing(source).items()),
        *_on_generation(source),
    ]


def _told(name: str, lacking: list[str], source: Source) -> str:
    if lacking:
        verb = "is" if len(lacking) == 1 else "are"
        return f"no: {', '.join(lacking)} {verb} missing, which a scenario can state itself"
    needed = tuple(f"{path}." for path in CARRIED[name])
    used = (one for one in values(source) if f"{one.path}.".startswith(needed))
    chosen = [one.path for one in used if one.status == "chosen"]
    return f"yes; chosen: {', '.join(chosen)}" if chosen else "yes"


def _on_generation(source: Source) -> list[str]:
    if missing(source)["oxygen"] or _has(source.document.data, "oxygen.source"):
        return []
    return ["generation of O2 on charge: no: oxygen.source is missing"]


def _has(data: Any, path: str) -> bool:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, Mapping) else None
    return data is not None


def _values(entry: Any, path: str, references: Mapping[str, str]) -> Iterator[Value]:
    match entry:
        case Mapping() if any(key in entry for key in _OF_A_NUMBER):
            source = entry.get("source", "")
            dois = dict.fromkeys(doi for citation, doi in references.items() if doi and citation in source)
            yield Value(path, _text(entry), entry.get("status", ""), source, ", ".join(dois))
        case Mapping():
            for key, inside in entry.items():
                yield from _values(inside, f"{path}.{key}", references)
        case [Mapping(), *_]:
            for index, inside in enumerate(entry):
                yield from _values(inside, f"{path}.{index}", references)
        case list():
            yield Value(path, ", ".join(str(one) for one in entry))
        case _:
            yield Value(path, " ".join(str(entry).split()))


def _text(entry: Mapping[str, Any]) -> str:
    """A number, a formula or the ends of a table."""
    unit = f" {entry['unit']}" if "unit" in entry else ""
    if "value" in entry:
        return " ".join(str(entry["value"]).split())
    if "expression" in entry:
        return f"{entry['expression']}{unit}"
    table = entry["table"]
    if not isinstance(table, Mapping):
        return f"a table of {len(table)} points" if isinstance(table, list) else f"the table in {table}"
    first, last = (f"{table['values'][end]}{unit} at {table['occupancy'][end]}" for end in (0, -1))
    return f"{first} to {last}, {len(table['values'])} points"
