"""Results of studies as a reader meets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from oxyshell.presentation import notebook
from oxyshell.presentation.table import Table
from oxyshell.studies.engine.study_kind import StudyKind


class Reported:
    """A result of a study, which a notebook shows as the command line prints it.

    Attributes:
        KIND: Kind of the study.
    """

    KIND: ClassVar[StudyKind[Any]]

    def report_parts(self) -> Iterator[Table | str]:
        """The parts of the report that the command line prints."""
        return self.KIND.report(self)

    def _repr_html_(self) -> str:
        return notebook.fragment(self.report_parts())
