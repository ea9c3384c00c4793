"""A study on screen: a short table, what failed, and where everything is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.studies.engine import remarks
from oxyshell.studies.engine.study import Column, Study

if TYPE_CHECKING:
    from rich.table import Table

_MOST_ROWS = 20
_MOST_FAILURES = 5


def render(study: Study) -> Iterator[Table | str]:
    """What to print when a sweep has ended."""
    yield _table(study)
    rest = len(study) - _MOST_ROWS
    if rest > 0:
        yield f"... and {rest} more points\n"
    for index in study.failed[:_MOST_FAILURES]:
        yield f"point {index} {study.status[index]}: {study.reason[index]}"
    yield from remarks.told(study.remarks, "the column 'remarks' of study.csv")
    done = f"{study.status.count('completed')} of {len(study)} points completed"
    if study.failed:
        done += f", {len(study.failed)} failed (--retry tries them again)"
    yield f"{done}. Results in {study.path}: study.html, study.csv, study.h5"


def _table(study: Study) -> Table:
    from oxyshell.studies.engine.tables import PlainTable

    table = PlainTable(study.name)
    shown = [*_told_apart(study), *study.quantities]
    table.add_column("point", justify="right")
    for column in shown:
        table.add_column(column.name, justify="right" if column.numeric else "left", overflow="fold")
    table.add_column("status")
    for index, status in enumerate(study.status[:_MOST_ROWS]):
        table.add_row(str(index), *(_cell(column, index) for column in shown), status)
    return table


def _told_apart(study: Study) -> list[Column]:
    """The parameters that tell the points apart: their names, if they have some."""
    named = [column for column in study.parameters if column.name == "name"]
    return named or list(study.parameters)


def _cell(column: Column, index: int) -> str:
    value = column.values[index]
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return ""
    return f"{value:.5g}" if column.unit == "1" else f"{value:.5g} {column.unit}"
