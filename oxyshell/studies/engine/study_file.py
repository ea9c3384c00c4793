"""The file of a kind of study: its content, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oxyshell.language.sections import Section
from oxyshell.studies.engine.references import References


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
