"""A kind of study as the program knows it before its modules are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.figure_format import SUFFIXES, TWO_COLUMNS, FigureFormat
from oxyshell.language.kinds import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxyshell.presentation.table import Table
    from oxyshell.studies.engine.study_file import StudyFile


@dataclass(frozen=True)
class StudyKind[Study]:
    """A kind of study.

    Attributes:
        file: Its file: name, keys, command.
        results: Files that it leaves at the top of its folder; the first one holds its title.
        module: Module that reads its file, and has `FILE`.
        figures: Names of figures beside them, without endings.
    """

    file: FileKind
    results: tuple[str, ...]
    module: str
    figures: tuple[str, ...] = ()

    def load(self) -> StudyFile[Study]:
        """Load what reads its file."""
        file: StudyFile[Study] = import_module(self.module).FILE
        return file

    @property
    def package(self) -> str:
        """The package of its modules `run`, `report` and `figures`."""
        return self.module.rpartition(".")[0]

    def figure_files(self) -> tuple[str, ...]:
        """Its figures in all formats."""
        return tuple(f"{name}{suffix}" for name in self.figures for suffix in SUFFIXES)

    def draw(
        self, result: Any, figures: FigureFormat, width: float = TWO_COLUMNS, into: Path | None = None
    ) -> None:
        """Draw the figures of a result into a folder; loads nothing where none are wanted.

        Args:
            result: A result of this kind, with a folder.
            figures: Their format.
            width: Their width in inches.
            into: The folder of the figures; by default that of the result.

        Raises:
            OutputError: If the disk refuses.
        """
        for suffix in figures.suffixes:
            import_module(f"{self.package}.figures").draw(result, into or result.path, suffix, width)

    def report(self, result: Any) -> Iterator[Table | str]:
        """The parts of the report on a result, as a terminal, a page and a notebook show them.

        Args:
            result: A result of this kind.
        """
        parts: Iterator[Table | str] = import_module(f"{self.package}.report").render(result)
        return parts

    def stored(self, folder: Path) -> Any:
        """Read the result of a finished study back, with all that its figures show.

        Args:
            folder: Its folder.

        Raises:
            InputError: If its figures show more than its files hold.
            OutputError: If a file cannot be read.
        """
        return import_module(f"{self.package}.stored").read(folder)
