"""The values of a material in words, and the results that a run of it can have.

From plain data, so that a command that shows it loads no models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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

# A number at the beginning of a value; as a file has it, it may have the digits of a calculation.
_NUMBER = re.compile(r"[-+]?\d+\.\d+(?:[eE][-+]?\d+)?(?=$| )")
_DIGITS = 6


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

    @property
    def shown(self) -> str:
        """The text for a screen, where a number has at most six digits."""
        return _NUMBER.sub(_rounded, self.text, count=1) if _NUMBER.match(self.text) else self.text


def _rounded(found: re.Match[str]) -> str:
    written = found[0]
    digits = re.sub(r"[eE].*|\D", "", written).lstrip("0")
    return written if len(digits) <= _DIGITS else f"{float(written):.{_DIGITS}g}"


def title(source: Source) -> str:
    """The material's name; of one that is no material of the library, the path of its file as well."""
    name = str(source.document.data.get("name") or source.name)
    return name if name == source.name else f"{name} ({source.name})"


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
        case Mapping() if _is_one_value(entry):
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


def _is_one_value(entry: Mapping[str, Any]) -> bool:
    """Whether a mapping is one number or one property; the table of a potential has its source inside."""
    match entry:
        case {"value": _} | {"expression": _}:
            return True
        case {"table": Mapping() as table}:
            return "values" in table
    return "table" in entry


def _text(entry: Mapping[str, Any]) -> str:
    """A number, a formula, or the size and the ends of a table."""
    unit = f" {entry['unit']}" if "unit" in entry else ""
    match entry:
        case {"value": [[_, _], *_] as pairs} | {"table": [[_, _], *_] as pairs}:
            places, values = zip(*pairs, strict=True)
            return _table("x", places, values, unit)
        case {"value": Mapping() as inside}:
            return _text(inside)
        case {"value": value}:
            return " ".join(str(value).split())
        case {"expression": expression}:
            return f"{expression}{unit}"
        case {"table": {"occupancy": occupancy, "values": values}}:
            return _table("occupancy", occupancy, values, unit)
    return f"the table in {entry['table']}"


def _table(over: str, places: Sequence[Any], values: Sequence[Any], unit: str) -> str:
    ends = f"first {values[0]}{unit}, last {values[-1]}{unit}"
    return f"{len(values)} values over {over} {places[0]} to {places[-1]}, {ends}"
