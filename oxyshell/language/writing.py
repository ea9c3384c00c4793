"""Plain data as YAML that a person likes to read."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString


def to_yaml(data: Mapping[str, Any]) -> str:
    """YAML text; mappings and lists without further ones inside stand on one line."""
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _data: True
    yaml.representer.add_representer(
        type(None), lambda representer, _none: representer.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    stream = io.StringIO()
    yaml.dump(_styled(data), stream)
    return stream.getvalue()


def _styled(value: Any, depth: int = 0) -> Any:
    match value:
        case Mapping():
            mapping = CommentedMap({key: _styled(entry, depth + 1) for key, entry in value.items()})
            if depth > 0 and _flat(value.values()):
                mapping.fa.set_flow_style()
            return mapping
        case list():
            sequence = CommentedSeq([_styled(entry, depth + 1) for entry in value])
            if _flat(value):
                sequence.fa.set_flow_style()
            return sequence
        case str() if not value.isprintable():
            # Other styles fold the rarer ends of lines.
            return DoubleQuotedScalarString(value)
        case _:
            return value


def _flat(values: Any) -> bool:
    return not any(isinstance(value, Mapping | list) and value for value in values)
