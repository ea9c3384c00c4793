"""Entries of several kinds in one list, told apart by their keys, or written as short texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, InitErrorDetails, core_schema

from oxyshell.language.mistakes import describe, listed, problem, refused
from oxyshell.language.sections import by_keys, tag
from oxyshell.scenario.protocol import texts
from oxyshell.scenario.protocol.entry import ProtocolEntry

# Words of other programs for what is written in another way here.
_CYCLES = ("cycle", "cycles", "loop", "loops", "times")
_REPEATED = "'repeat', with 'times' and 'steps'"


class OneOf:
    """Marks a field that holds an entry of one of several kinds: `Annotated[ProtocolEntry, OneOf(Rest)]`."""

    def __init__(self, *kinds: type[ProtocolEntry], elsewhere: Mapping[str, str] | None = None) -> None:
        """List the kinds.

        Args:
            kinds: At least one.
            elsewhere: What is expected in place of keys that are entries of other lists, by key.
        """
        self._kinds = {tag(kind).tag: kind for kind in kinds}
        self._by_key = {kind.key: kind for kind in kinds}
        self._choose = by_keys(*kinds)
        self._elsewhere = elsewhere or {}

    def possible(self, data: Any) -> tuple[type[ProtocolEntry], ...]:
        """The kinds that plain data may be one of."""
        kind = self._kinds.get(self._choose(data) or "") if isinstance(data, Mapping) else None
        return () if kind is None else (kind,)

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        kinds: list[CoreSchema | tuple[CoreSchema, str]] = [
            kind.__pydantic_core_schema__ for kind in self._kinds.values()
        ]
        typed = handler(core_schema.union_schema(kinds))
        text = {"type": "string", "description": texts.SUMMARY, "examples": list(texts.EXAMPLES)}
        return {"anyOf": [*typed["anyOf"], text]}

    def _validate(self, data: Any, info: core_schema.ValidationInfo) -> ProtocolEntry:
        if isinstance(data, str):
            return self._from_text(data, info)
        if not isinstance(data, Mapping):
            expected = (
                f"a mapping with one of {listed(self._by_key)}, or a text such as '{texts.EXAMPLES[0]}'"
            )
            raise refused(problem(describe(data), expected))
        for key in data:
            if key in self._elsewhere:
                raise refused(problem(f"'{key}' among repeated steps", self._elsewhere[key], key))
        kind = self._kinds.get(self._choose(data) or "")
        if kind is None:
            words = f"one of {listed(self._by_key)}"
            expected = next((_REPEATED for key in data if f"{key}".lower() in _CYCLES), words)
            raise refused(problem(describe(data), f"{expected}; an entry has one key"))
        return kind.from_data(data, info.context)

    def _from_text(self, text: str, info: core_schema.ValidationInfo) -> ProtocolEntry:
        try:
            typed = texts.parse(text)
        except texts.TextRefusal as refusal:
            raise refused(problem(refusal.found, refusal.expected, offset=refusal.offset)) from None
        (key,) = typed.data
        try:
            return self._by_key[key].from_data(typed.data, info.context)
        except ValidationError as error:
            raise refused(*(_in_text(entry, typed) for entry in error.errors(include_url=False))) from None


def _in_text(error: ErrorDetails, typed: texts.Typed) -> InitErrorDetails:
    """A mistake of the typed form at its place in the text."""
    details = error.get("ctx", {})
    location = tuple(part for part in error["loc"] if not str(part).startswith("<"))
    found = details.get("found") or describe(error["input"])
    return problem(found, details.get("expected", error["msg"]), offset=typed.offset(location))
