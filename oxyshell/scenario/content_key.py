"""Name of what a scenario computes: equal for scenarios that give the same results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oxyshell import version
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import leaves, to_data
from oxyshell.scenario.scenario import Scenario

UNPHYSICAL = ("name", "about")
"""Keys that change no result."""
_LENGTH = 16


def content_key(scenario: Scenario) -> str:
    """A hash of a scenario's numbers in SI and its choices.

    What it is called and where its numbers come from does not count, nor how they are written. Circumstances
    of a calibration do, of which a run may have to speak; so does the version of oxyshell, since another one
    may compute something else, and what is in an imported mesh file.
    """
    return key_of({path: text_of(leaf) for path, leaf in leaves(scenario)})


def key_of(texts: Mapping[str, str]) -> str:
    """The key of a scenario by the texts of its leaves, as `text_of` gives them, by path."""
    lines = [f"{path}={text}" for path, text in texts.items() if path not in UNPHYSICAL]
    content = "\n".join([f"oxyshell {version.__version__}", *lines])
    return hashlib.sha256(content.encode()).hexdigest()[:_LENGTH]


def text_of(leaf: Any) -> str:
    """A leaf of a scenario as it counts for the key."""
    match leaf:
        case Parameter():
            return repr(leaf.value) + _under(leaf)
        case OccupancyProperty():
            number = leaf.constant
            text = repr(leaf.value) if number else json.dumps(leaf.written, sort_keys=True, default=str)
            return text + _under(leaf)
        case Path():
            return hashlib.sha256(leaf.read_bytes()).hexdigest()
        case _:
            return json.dumps(to_data(leaf), sort_keys=True, default=str)


def _under(leaf: Parameter | OccupancyProperty) -> str:
    """Circumstances of a calibration: what a run says about its results depends on them."""
    return f" under {json.dumps(leaf.under)}" if leaf.under else ""
