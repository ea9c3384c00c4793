"""Report of a sweep for the terminal: a short table, failures, and where everything is."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.presentation.table import Table
from oxyshell.studies.engine import remarks
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.tables import Column, heading

_MOST_ROWS = 20
_MOST_FAILURES = 5


def render(study: Study) -> Iterator[Table | str]:
    """The parts of the report, in order."""
    yield _table(study)
    rest = len(study) - _MOST_ROWS
    if rest > 0:
        yield f"... and {rest} more points\n"
    for index in study.failed[:_MOST_FAILURES]:
        yield f"point {index} {study.status[index]}: {study.reason[index]}"
    yield from remarks.render(study.remarks, "the column 'remarks' of study.csv")
    done = f"{study.status.count('completed')} of {len(study)} points completed"
    if study.failed:
        done += f", {len(study.failed)} failed (--retry tries them again)"
    yield f"{done}. Results in {study.path}: study.csv, study.h5"


def _table(study: Study) -> Table:
    columns = [*_identifying(study), *study.quantities]
    rows = [
        (f"{index}", *(column.text(index) for column in columns), status)
        for index, status in enumerate(study.status[:_MOST_ROWS])
    ]
    return Table(study.name, (">point", *map(heading, columns), "status"), rows)


def _identifying(study: Study) -> list[Column]:
    """The parameters that tell the points apart: their names, if they have some."""
    named = [column for column in study.parameters if column.name == "name"]
    return named or list(study.parameters)
