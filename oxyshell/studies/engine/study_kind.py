"""A kind of study as the program knows it before its modules are loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxyshell.language.kinds import FileKind

if TYPE_CHECKING:
    from oxyshell.studies.engine.study_file import StudyFile


@dataclass(frozen=True)
class StudyKind[Study]:
    """A kind of study.

    Attributes:
        file: Its file: name, keys, command.
        results: Files that it leaves at the top of its folder; the first one holds its title.
        load: Loads what reads its file.
    """

    file: FileKind
    results: tuple[str, ...]
    load: Callable[[], StudyFile[Study]]
