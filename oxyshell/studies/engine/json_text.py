"""JSON of results: readable, complete, and valid for every reader."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oxyshell.outputs import disk


def json_text(content: Any) -> str:
    """Content as a JSON file; numbers that are none are null, arrays of NumPy are lists."""
    return json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@contextmanager
def content_of(path: Path, kind: str) -> Iterator[Any]:
    """The content of a JSON file, for the length of what is made of it.

    Args:
        path: The file.
        kind: Expected content, such as "a comparison".

    Raises:
        OutputError: If it cannot be read, or what is made of it fails.
    """
    with disk.errors_at(path), disk.readable(path, kind):
        yield json.loads(path.read_text(encoding="utf-8"))


def number(value: float | None) -> float:
    """A number of such a file, where null stands for none."""
    return math.nan if value is None else value


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case float():
            return float(value) if math.isfinite(value) else None
    listed = getattr(value, "tolist", None)
    return value if listed is None else _plain(listed())
