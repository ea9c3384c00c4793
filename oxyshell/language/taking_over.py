"""Sections that can take over keys from a material, and how a schema says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from oxyshell.language.library import FROM, names
from oxyshell.language.sections import Section


class TakingOver(Section):
    """A section that may name a material under the key `from`, which stands in no validated section."""

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys that the mapping may have."""
        return (*super().keys(), FROM)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(super().__get_pydantic_json_schema__(core_schema, handler))
        schema["properties"] = {FROM: _from_schema(), **schema["properties"]}
        required = schema.pop("required", None)
        if required:
            schema["anyOf"] = [{"required": [FROM]}, {"required": required}]
        return schema


def given_by_material(*keys: str) -> Callable[[dict[str, Any]], None]:
    """For `json_schema_extra`: required keys that a file may leave to the particle's material."""

    def relax(schema: dict[str, Any]) -> None:
        schema["required"] = [key for key in schema["required"] if key not in keys]

    return relax


def _from_schema() -> JsonSchemaValue:
    return {
        "anyOf": [{"enum": list(names())}, {"type": "string", "pattern": r"\.ya?ml$"}],
        "description": "A material of the library, or the path of a file of one's own: all keys that are not "
        "here are taken from it.",
    }
