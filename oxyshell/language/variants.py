"""Sections that are alternatives of each other, told apart by a name; more can be registered at any time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from oxyshell.extensions import Installed
from oxyshell.language.mistakes import MistakeKind, describe, listed, nearest, problem, refused, unknown_key
from oxyshell.language.sections import Section


class Variants[Variant: Section]:
    """Marks a field that holds one of several sections: `Annotated[Law, Variants("law", Open, Sealed)]`."""

    def __init__(self, key: str, *kinds: type[Variant], extensions: str) -> None:
        """List the sections that there are.

        Args:
            key: Key under which a section states its name; in each of them annotated with a `Literal`.
            kinds: At least one.
            extensions: Kind of extension by which installed packages add more; see `extensions.Installed`.
        """
        self._key = key
        self._kinds: dict[str, type[Variant]] = {}
        self._installed = Installed(extensions, self.register)
        for kind in kinds:
            self.register(kind)

    @property
    def kinds(self) -> Mapping[str, type[Variant]]:
        """The sections by name, those of installed packages among them.

        Raises:
            OxyshellError: If a section of an installed package cannot be loaded.
        """
        self._installed.complete()
        return self._kinds

    def possible(self, data: Any) -> tuple[type[Variant], ...]:
        """The sections that plain data may be one of: that of the name in it, or all."""
        name = data.get(self._key) if isinstance(data, Mapping) else None
        found = self.kinds.get(name) if isinstance(name, str) else None
        return tuple(self.kinds.values()) if found is None else (found,)

    def register(self, kind: type[Variant]) -> type[Variant]:
        """Add a section, which files can name from now on; usable as a decorator.

        Raises:
            ValueError: If its key is no literal, or another section has its name.
        """
        names = get_args(kind.model_fields[self._key].annotation)
        if len(names) != 1:
            raise ValueError(f"{kind.__name__}: expected '{self._key}: Literal[\"its name\"]'")
        if self._kinds.get(names[0], kind) is not kind:
            raise ValueError(f"there is a {self._key} '{names[0]}' already; give the new one another name")
        self._kinds[names[0]] = kind
        return kind

    @contextmanager
    def registered(self, kind: type[Variant]) -> Iterator[None]:
        """Register a section for the length of a `with` block; see `register`."""
        before = {**self.kinds}
        self.register(kind)
        try:
            yield
        finally:
            self._kinds = before

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        kinds = {name: kind.__pydantic_core_schema__ for name, kind in self.kinds.items()}
        return handler(core_schema.tagged_union_schema(kinds, self._key))

    def _validate(self, data: Any, info: core_schema.ValidationInfo) -> Variant:
        if not isinstance(data, Mapping):
            # Reported by any of them as something that is no mapping.
            return next(iter(self.kinds.values())).from_data(data, info.context)
        near = None if self._key in data else nearest(self._key, map(str, data))
        if near is not None:
            misspelt = problem(unknown_key(near), f"'{self._key}'", near, kind=MistakeKind.UNKNOWN_KEY)
            raise refused(misspelt)
        name = data.get(self._key)
        if not isinstance(name, str) or name not in self.kinds:
            near = nearest(name, self.kinds) if isinstance(name, str) else None
            hint = f" (did you mean '{near}'?)" if near else ""
            raise refused(problem(describe(name), f"one of {listed(self.kinds)}{hint}", self._key))
        return self.kinds[name].from_data(data, info.context)
