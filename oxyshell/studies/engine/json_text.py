"""JSON of results: readable, complete, and valid for every reader."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def json_text(content: Any) -> str:
    """Content as a JSON file; numbers that are none are null, arrays of NumPy are lists."""
    return json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


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
