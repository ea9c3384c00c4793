"""Former names of keys and of reported quantities: files that have them are read, and a notice says so."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAliasType, get_args, get_origin

from pydantic import BaseModel

from oxyshell.language.documents import Document, Location
from oxyshell.language.mistakes import dotted
from oxyshell.models.base.observable import FormerNames, Where

FORMER = "formerly"
"""Keyword of the former names of a key in the schema of its section, before it is one of a file."""


@dataclass(frozen=True)
class Formerly:
    """Marks a field with a name that its key had: `Annotated[Parameter, Quantity("1/s"), Formerly("rate")]`.

    The mark belongs to the field itself: around the alternatives of one that may be null, not inside them.

    Attributes:
        name: The former key.
    """

    name: str


@dataclass(frozen=True)
class Reported:
    """Marks a field whose text, or the keys of whose mapping, are names of quantities that runs report.

    Attributes:
        where: Where they are reported.
    """

    where: Where


@dataclass(frozen=True)
class Renamed:
    """A former name in a file.

    Attributes:
        former: Path or name as it is written.
        present: The same with the present names.
        file: The file, where it is another one than that of the scenario or study.
    """

    former: str
    present: str
    file: str = ""

    def __str__(self) -> str:
        where = f" in {self.file}" if self.file else ""
        return f"'{self.former}'{where} is now called '{self.present}'; the former name is still read."


@dataclass
class Present:
    """Data with present names only.

    Attributes:
        data: Plain data.
        places: Location in it of each entry with a former name: the location in the data that was given.
        notices: The former names.
    """

    data: Any = None
    places: dict[Location, Location] = field(default_factory=dict)
    notices: list[Renamed] = field(default_factory=list)

    def in_document(self, document: Document) -> Document:
        """The document with present names, each at the place of the former one."""
        if self.data is None:
            return document
        spans = {here: document.place(written)[1] for here, written in self.places.items()}
        return replace(document, data=self.data, places=document.places | spans)


def present(section: type[BaseModel], data: Any, reported: Callable[[], FormerNames] = dict) -> Present:
    """The data of a section with the present names of its keys and quantities.

    A former name beside the present one is left as it is, to be refused where the section is validated.

    Args:
        section: Type of the section.
        data: Plain data, which stays as it is.
        reported: Gives the present names of reported quantities by where they are reported and by their
            former names.
    """
    found = Present()
    found.data = _Renaming(reported, found).value((section,), data, (), ())
    return found


def present_path(section: type[BaseModel], data: Any, path: str) -> str:
    """A path with present names.

    Args:
        section: Type of the section in which the path starts.
        data: Plain data of the section, which tells alternatives apart.
        path: Keys with dots between them.
    """
    kinds: _Kinds = (section,)
    parts: list[str] = []
    for part in path.split("."):
        kinds = _possible(kinds, data)
        keys = _keys_in(kinds)
        key = keys.former.get(part, part)
        parts.append(key)
        data = _entry(data, key)
        kinds = (*keys.below.get(key, ()), *_contained(kinds))
    return ".".join(parts)


def present_key(kind: type, key: str) -> str:
    """The present name of a key of a section; the key itself where it has no other name."""
    return _keys_of(kind).former.get(key, key) if _is_section(kind) else key


# What a field may hold, without the types that have no names in them: sections, containers and marks.
type _Kinds = tuple[Any, ...]


@dataclass(frozen=True)
class _Container:
    """A list, or a mapping whose keys are free.

    Attributes:
        inner: What its entries may be.
    """

    inner: _Kinds


@dataclass(frozen=True)
class _Keys:
    """Keys of one section, or of several that are alternatives.

    Attributes:
        former: Present keys by former ones.
        below: What the values may be, by key.
    """

    former: Mapping[str, str]
    below: Mapping[str, _Kinds]


@dataclass(frozen=True)
class _Renaming:
    """Puts present names into data, and notes the former ones."""

    reported: Callable[[], FormerNames]
    found: Present

    def value(self, kinds: _Kinds, data: Any, here: Location, written: Location) -> Any:
        """The data at a place, with present names.

        Args:
            kinds: What it may be.
            data: As it is written.
            here: Its location with present names.
            written: Its location as it is written.
        """
        match data:
            case str() if kinds:
                return self._name(_possible(kinds, data), data, written)
            case Mapping() if kinds or here != written:
                return self._mapping(_possible(kinds, data), data, here, written)
            case list() if inner := _contained(_possible(kinds, data)):
                entries = [
                    self.value(inner, entry, (*here, index), (*written, index))
                    for index, entry in enumerate(data)
                ]
                return data if _alike(entries, data) else entries
            case _:
                return data

    def _mapping(self, kinds: _Kinds, data: Mapping[Any, Any], here: Location, written: Location) -> Any:
        keys, inner = _keys_in(kinds), _contained(kinds)
        former = {**keys.former, **self._reported(kinds)}
        changed: dict[Any, Any] = {}
        for key, entry in data.items():
            new = former.get(key, key)
            if new != key and new in data:
                new = key
            place, origin = (*here, new), (*written, key)
            if place != origin:
                self.found.places[place] = origin
            if new != key:
                self.found.notices.append(Renamed(dotted(origin), dotted(place)))
            changed[new] = self.value((*keys.below.get(new, ()), *inner), entry, place, origin)
        same = changed.keys() == data.keys() and _alike(changed.values(), data.values())
        return data if same else changed

    def _name(self, kinds: _Kinds, text: str, written: Location) -> str:
        new = self._reported(kinds).get(text, text)
        if new != text:
            place = dotted(written)
            self.found.notices.append(Renamed(f"{place}: {text}", f"{place}: {new}"))
        return new

    def _reported(self, kinds: _Kinds) -> dict[str, str]:
        marks = [kind for kind in kinds if isinstance(kind, Reported)]
        return {old: new for mark in marks for old, new in self.reported().get(mark.where, {}).items()}


def _alike(entries: Iterable[Any], others: Iterable[Any]) -> bool:
    return all(one is other for one, other in zip(entries, others, strict=True))


def _possible(kinds: _Kinds, data: Any) -> _Kinds:
    """The same with the sections that data may be in place of the marks that choose among sections."""
    if not any(hasattr(kind, "possible") for kind in kinds):
        return kinds
    return tuple(
        one for kind in kinds for one in (kind.possible(data) if hasattr(kind, "possible") else (kind,))
    )


def _flat(annotation: Any) -> _Kinds:
    """Sections, containers and marks in a type, alternatives and names of types resolved."""
    if _is_section(annotation) or isinstance(annotation, Reported) or hasattr(annotation, "possible"):
        return (annotation,)
    if isinstance(annotation, TypeAliasType):
        return _flat(annotation.__value__)
    origin = get_origin(annotation)
    parts = (*get_args(annotation), *getattr(annotation, "__metadata__", ()))
    found = tuple(kind for part in parts for kind in _flat(part))
    # A name with parameters is one of a list, such as `Entries[Step]`.
    is_container = isinstance(origin, TypeAliasType) or (
        isinstance(origin, type) and issubclass(origin, list | tuple | Mapping)
    )
    return ((_Container(found),) if found else ()) if is_container else found


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _contained(kinds: _Kinds) -> _Kinds:
    """Sections, containers and marks in the containers."""
    return tuple(inner for kind in kinds if isinstance(kind, _Container) for inner in kind.inner)


def _keys_in(kinds: _Kinds) -> _Keys:
    """Keys of the sections."""
    several = [_keys_of(kind) for kind in kinds if _is_section(kind)]
    if len(several) == 1:
        return several[0]
    below: dict[str, _Kinds] = {}
    for keys in several:
        below |= {key: (*below.get(key, ()), *kinds) for key, kinds in keys.below.items()}
    former = {old: new for keys in several for old, new in keys.former.items() if old not in below}
    return _Keys(former, below)


@functools.cache
def _keys_of(section: type[BaseModel]) -> _Keys:
    below: dict[str, _Kinds] = {}
    former: dict[str, str] = {}
    for name, entry in section.model_fields.items():
        key = entry.alias or name
        below[key] = tuple(kind for part in (entry.annotation, *entry.metadata) for kind in _flat(part))
        former |= {mark.name: key for mark in entry.metadata if isinstance(mark, Formerly)}
    return _Keys(former, below)


def _entry(data: Any, key: str) -> Any:
    match data:
        case Mapping():
            return data.get(key)
        case list() if key.isdecimal() and int(key) < len(data):
            return data[int(key)]
        case _:
            return None
