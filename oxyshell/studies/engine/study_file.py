"""Parts that the files of several kinds of studies have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from oxyshell.language.sections import Section, Text
from oxyshell.studies.engine.references import References

type Written = float | str
"""A number with or without unit, read in the unit of the parameter that it is meant for."""


class System(Section):
    """A scenario with other values."""

    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(default={}, alias="set")
    """Values that differ from the file, by path."""


@dataclass(frozen=True)
class StudyFile[Study]:
    """The file of a kind of study.

    Attributes:
        section: Its content.
        resolve: Makes the study of a section and of what it refers to; mistakes are left in the references,
            or raised as `ScenarioError`.
    """

    section: type[Section]
    resolve: Callable[[Any, References], Study]
