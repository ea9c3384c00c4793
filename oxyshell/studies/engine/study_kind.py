"""A kind of study as the program knows it before its modules are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
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
        module: Module that reads its file, and has `FILE`.
    """

    file: FileKind
    results: tuple[str, ...]
    module: str

    def load(self) -> StudyFile[Study]:
        """Load what reads its file."""
        file: StudyFile[Study] = import_module(self.module).FILE
        return file
