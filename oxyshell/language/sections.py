"""Base of the sections of a file: frozen, no unknown keys, no NaN, paths into them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from oxyshell.language import former
from oxyshell.language.field_docstrings import field_docstrings
from oxyshell.language.former import FORMER, Formerly, Present, Renamed
from oxyshell.language.kinds import FileKind
from oxyshell.language.library import Source, TakenOver
from oxyshell.language.mistakes import CUSTOM, listed, nearest, problem, refused
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import Parameter
from oxyshell.printable import shortened

_LONGEST_REPR = 150

type Text = Annotated[str, Field(min_length=1)]


def _not_empty(data: Any) -> Any:
    if isinstance(data, list | tuple) and not data:
        raise refused(problem("an empty list", "at least one entry"))
    return data


type Entries[Entry] = Annotated[tuple[Entry, ...], Field(strict=False)]
"""A list in the file; strict pydantic would want a tuple there."""

type SomeEntries[Entry] = Annotated[
    tuple[Entry, ...], Field(strict=False, json_schema_extra={"minItems": 1}), BeforeValidator(_not_empty)
]
"""A list of at least one. (pydantic's own minimum length also counts wrong entries as absent.)"""


@dataclass
class Context:
    """The folder that a validation needs besides the data, and what it learns on the way.

    Attributes:
        folder: Start of relative paths in the file.
        kinds: Kinds of files that messages may name.
        keys: The valid keys of each mapping in the data, by `id` of the mapping: for error messages.
        sources: Materials that have been read, by the names that keys `from` have for them: a file that has
            changed since is not read again.
        taken_over: What the data has from them: for error messages.
        present: The data with present names: for error messages.
        notices: Former names in the data.
    """

    folder: Path = field(default_factory=Path.cwd)
    kinds: tuple[FileKind, ...] = ()
    keys: dict[int, tuple[str, ...]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    taken_over: TakenOver = field(default_factory=TakenOver)
    present: Present = field(default_factory=Present)
    notices: list[Renamed] = field(default_factory=list)


class Section(BaseModel):
    """A mapping in a file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        # Validation is compiled for the sections that are used, with those that hold them.
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _note_keys(cls, data: Any, info: ValidationInfo) -> Any:
        match info.context:
            case Context(keys=keys) if isinstance(data, Mapping):
                keys[id(data)] = cls.keys()
        return data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, entry in cls.model_fields.items():
            if (text := described(cls, name)) is not None:
                properties[entry.alias or name]["description"] = " ".join(text.split())
            if names := [mark.name for mark in entry.metadata if isinstance(mark, Formerly)]:
                properties[entry.alias or name][FORMER] = names
        return schema

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys that the mapping may have."""
        return tuple(entry.alias or name for name, entry in cls.model_fields.items())

    def entries(self) -> dict[str, Any]:
        """The section's values by their keys in the file."""
        values = self.__dict__
        return {key: values[name] for key, name in _names(type(self))}

    def to_data(self) -> dict[str, Any]:
        """Plain data of this section, every default included."""
        return {key: to_data(value) for key, value in self.entries().items()}

    def __dir__(self) -> list[str]:
        """Its keys, methods and properties, without those that every model of pydantic has."""
        names = {*type(self).model_fields, *super().__dir__()} - set(dir(BaseModel))
        return sorted(name for name in names if not name.startswith("_"))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({shortened(in_words(self), _LONGEST_REPR)})"

    def __str__(self) -> str:
        return repr(self)

    @classmethod
    def from_data(cls, data: Any, context: Context | None = None) -> Self:
        """Validate plain data; raises pydantic's ValidationError."""
        return cls.model_validate(data, context=context or Context())

    @classmethod
    def from_file(cls, data: Any, context: Context) -> Self:
        """Validate the plain data of a whole file, which may have former names, as `from_data`."""
        context.present = cls.in_present_names(data)
        context.notices += [one for one in context.present.notices if one not in context.notices]
        return cls.from_data(context.present.data, context)

    @classmethod
    def in_present_names(cls, data: Any) -> Present:
        """Plain data of the section with the present names of its keys."""
        return former.present(cls, data)

    @classmethod
    def present_path(cls, data: Any, path: str) -> str:
        """A path into the section with the present names of its keys; `data` tells alternatives apart."""
        return former.present_path(cls, data, path)


def described(section: type[BaseModel], name: str) -> str | None:
    """The meaning of a field in words: as it was given, or the docstring below the field; None without."""
    return section.model_fields[name].description or field_docstrings(section).get(name)


@functools.cache
def _names(section: type[Section]) -> tuple[tuple[str, str], ...]:
    """The keys of a section in a file, each with the name of its field."""
    return tuple((entry.alias or name, name) for name, entry in section.model_fields.items())


def to_data(value: Any) -> Any:
    """Plain data (mappings, lists, texts, numbers, None) of a value in a section."""
    match value:
        case Section() | Parameter() | OccupancyProperty():
            return value.to_data()
        case Mapping():
            return {key: to_data(entry) for key, entry in value.items()}
        case tuple():
            return [to_data(entry) for entry in value]
        case Path():
            return str(value)
        case _:
            return value


def in_words(value: Any) -> str:
    """A value of a section in a few words: what is given, without sources, keys before their values."""
    match value:
        case Parameter() | OccupancyProperty():
            return value.text
        case Section() | Mapping():
            entries = value.entries() if isinstance(value, Section) else value
            given = {key: in_words(entry) for key, entry in entries.items() if entry not in (None, (), {})}
            return ", ".join(f"{key.replace('_', ' ')} {words}" for key, words in given.items())
        case tuple():
            return "; ".join(map(in_words, value))
        case _:
            return str(value)


def children(value: Any) -> Mapping[str, Any]:
    """All that one more key of a path reaches from a value; empty for a leaf."""
    match value:
        case Section():
            return value.entries()
        case Parameter() | OccupancyProperty() | float() | str() | None:  # nearly all leaves
            return {}
        case tuple():
            return {str(index): entry for index, entry in enumerate(value)}
        case Mapping():
            return value
        case _:
            return {}


def optional_key(section: type[BaseModel]) -> Any:
    """The key of a section, whose docstring says in its first line what it is about."""
    # Of alternatives, marked by an annotation, that of the base that they have in common.
    base = getattr(section, "__origin__", section)
    summary = (base.__doc__ or base.__name__).strip().partition("\n")[0]
    return Field(default=None, description=f"{summary.rstrip('.')}; null: none.")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All paths below a value that end in something other than a section or a list."""
    ahead = [(path, value)]
    while ahead:
        here, value = ahead.pop()
        below = children(value)
        if not below and here:
            yield here, value
        ahead += [(f"{here}.{key}" if here else key, entry) for key, entry in below.items()][::-1]


class Choice(Section):
    """A section whose keys are alternatives: those that are absent stay out of a written file."""

    def to_data(self) -> dict[str, Any]:
        """Plain data of what is given."""
        return {key: to_data(value) for key, value in self.entries().items() if value not in (None, (), {})}


def one_of(*keys: str) -> dict[str, Any]:
    """For `json_schema_extra`: exactly one of some alternative keys, as `require_one` checks it."""
    given = ({"required": [key], "properties": {key: {"not": {"type": "null"}}}} for key in keys)
    return {"oneOf": list(given)}


def require_one(section: Section, keys: Sequence[str], nothing: str, hint: str = "") -> None:
    """Refuse a section that has none or several of some alternative keys.

    Args:
        section: The section.
        keys: The alternatives; one that is absent is None.
        nothing: Their absence in words, such as "no current".
        hint: More about them, for the message.

    Raises:
        ValidationError: Unless exactly one is given.
    """
    given = [key for key in keys if getattr(section, key) is not None]
    if len(given) != 1:
        expected = f"exactly one of {listed(keys)}{hint}"
        raise refused(problem(listed(given) or nothing, expected, *given[1:2]))


def tag(section: type[Section]) -> Tag:
    """The name of a variant in pydantic's locations; `reporting` leaves such names out."""
    return Tag(f"<{section.__name__}>")


def alternatives(choose: Callable[[Any], str | None], expected: str) -> Discriminator:
    """Choice between tagged types; where `choose` gives none of them, `expected` is what is expected."""
    return Discriminator(
        choose,
        custom_error_type=CUSTOM,
        custom_error_message="{expected}",
        custom_error_context={"expected": expected},
    )


def by_keys(*variants: type[Section]) -> Callable[[Any], str | None]:
    """Choose the variant of a section whose keys the data has, near misses included."""

    # The points of a sweep have the same keys, and near misses take long to find.
    @functools.lru_cache(maxsize=256)
    def chosen(keys: frozenset[str]) -> str | None:
        scores = {variant: sum(_score(key, variant.keys()) for key in keys) for variant in variants}
        best = max(variants, key=lambda variant: scores[variant])
        return tag(best).tag if scores[best] > 0 else None

    def choose(data: Any) -> str | None:
        return chosen(frozenset(map(str, data))) if isinstance(data, Mapping) else tag(variants[0]).tag

    return choose


def told_by_keys(expected: str, *variants: type[Section]) -> Discriminator:
    """Mark of a union of variants, each with its `tag`, that their keys tell apart.

    Args:
        expected: Keys that a message names where the file has those of no variant.
        variants: At least one; the first is compared with data that is no mapping.
    """
    return alternatives(by_keys(*variants), expected)


def _score(key: str, keys: tuple[str, ...]) -> int:
    return 2 if key in keys else int(nearest(key, keys) is not None)
