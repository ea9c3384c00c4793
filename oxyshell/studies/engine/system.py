"""A system of a study: a scenario that has a name in it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from oxyshell.language.sections import Section, Text


class System(Section):
    """A scenario with other values."""

    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(default={}, alias="set")
    """Values that differ from the file, by path."""
