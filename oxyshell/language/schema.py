"""JSON Schema of a kind of file: draft 2020-12, with everything that a schema can know of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from oxyshell.language.former import FORMER
from oxyshell.language.sections import Section, to_data
from oxyshell.version import __version__

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A pattern that many quantities have is written once.
_PATTERN = "quantity_text"


class FileSchema(GenerateJsonSchema):
    """Schemas whose defaults are what a file would have."""

    schema_dialect = DIALECT

    def encode_default(self, dft: Any) -> Any:
        return super().encode_default(to_data(dft))


def identifier(kind: str) -> str:
    """The `$id` of the schema of a kind of file."""
    return f"urn:oxyshell:schema:{__version__}:{kind.replace(' ', '-')}"


def of_file(section: type[Section], kind: str) -> dict[str, Any]:
    """JSON Schema of a kind of file, for editors and validators.

    Args:
        section: Content of the file.
        kind: Name of the kind.
    """
    schema = section.model_json_schema(by_alias=True, schema_generator=FileSchema)
    texts: dict[str, str] = {}
    named = schema.pop("$defs", {})
    body = _rewritten(schema, texts)
    named = {name: _rewritten(one, texts) for name, one in named.items()}
    patterns = {name: {"type": "string", "pattern": pattern} for pattern, name in texts.items()}
    return {
        "$schema": DIALECT,
        "$id": identifier(kind),
        **body,
        "$defs": {**named, **patterns},
    }


def _rewritten(node: Any, texts: dict[str, str]) -> Any:
    """A part of a schema with former keys, and with references to long patterns."""
    match node:
        case {"type": "string", "pattern": str() as pattern} if len(node) == 2 and len(pattern) > 200:
            name = texts.setdefault(pattern, f"{_PATTERN}_{len(texts) + 1}")
            return {"$ref": f"#/$defs/{name}"}
        case Mapping():
            # Of a key that a file may leave out, but not have with null.
            left_out = "default" in node and node["default"] is None and not _takes_null(node)
            kept = {key: entry for key, entry in node.items() if key != "default" or not left_out}
            return _with_former_keys({key: _rewritten(entry, texts) for key, entry in kept.items()})
        case list():
            return [_rewritten(entry, texts) for entry in node]
        case _:
            return node


def _takes_null(node: Mapping[str, Any]) -> bool:
    alternatives = (*node.get("anyOf", ()), *node.get("oneOf", ()))
    return node.get("type") == "null" or any(_takes_null(one) for one in alternatives)


def _with_former_keys(section: dict[str, Any]) -> dict[str, Any]:
    """A section that also takes each key under its former names, of which one may be there."""
    properties = section.get("properties")
    if not isinstance(properties, dict):
        return section
    names = {
        key: entry.pop(FORMER)
        for key, entry in properties.items()
        if isinstance(entry, dict) and FORMER in entry
    }
    if not names:
        return section
    required = section.get("required", [])
    for key, former in names.items():
        entry = {**properties[key], "deprecated": True, "description": f"Former name of `{key}`."}
        properties |= dict.fromkeys(former, entry)
    # One of the names of a key that has to be there, at most one of others.
    several = [[{"required": [name]} for name in (key, *former)] for key, former in names.items()]
    missing = [{"not": {"anyOf": one}} for one in several]
    rules = [
        {"oneOf": one if key in required else [*one, none]}
        for key, one, none in zip(names, several, missing, strict=True)
    ]
    return {**section, "required": [key for key in required if key not in names], "allOf": rules}
