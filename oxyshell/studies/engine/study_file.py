"""The file of a kind of study: its content, and what reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.figure_format import FigureFormat
from oxyshell.language.sections import Section
from oxyshell.studies.engine.references import References

if TYPE_CHECKING:
    from oxyshell.outputs import Progress
    from oxyshell.presentation.table import Table
    from oxyshell.studies.engine.executors import ExecutorFor


@dataclass(frozen=True)
class StudyRun:
    """Circumstances under which a study is run.

    Attributes:
        out: Folder for its results.
        executor_for: Makes what runs points, in as many processes as were asked for.
        progress: Progress reporter.
        retry: Whether points that failed before are tried again.
        overwrite: Whether the results of another study in `out` are replaced.
        figures: Format of its figures.
    """

    out: Path
    executor_for: ExecutorFor
    progress: Progress
    retry: bool = False
    overwrite: bool = False
    figures: FigureFormat = FigureFormat.PNG


@dataclass(frozen=True)
class StudyFile[Study]:
    """The file of a kind of study.

    Attributes:
        section: Its content.
        resolve: Makes the study of a section and of what it refers to; mistakes are left in the references,
            or raised as `ScenarioError`.
        run: Runs it for the command `oxyshell study`, and gives the texts and tables of its report; None for
            a study that has a command of its own.
    """

    section: type[Section]
    resolve: Callable[[Any, References], Study]
    run: Callable[[Study, StudyRun], Iterable[str | Table]] | None = None
