"""Tables of the results in a folder, made again from its files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from oxyshell.errors import InputError
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.outputs.table import Table as Columns
from oxyshell.presentation.numbers import duration, with_unit
from oxyshell.presentation.table import RIGHT, Table
from oxyshell.running.overwrite_protection import holds_run, holds_unfinished_run
from oxyshell.running.reading import read_run
from oxyshell.running.run_result import RunResult
from oxyshell.studies.registry import study_in


def report(folder: Path) -> Iterable[Table | str]:
    """The report of a finished run or study, as the command that made it has printed it.

    Of a run that has not ended, how far it came.

    Args:
        folder: Its folder.

    Raises:
        InputError: If there are no results, or such as do not hold all that their tables show.
        OutputError: If a file cannot be read.
    """
    if _holds_a_run(folder):
        return RunResult.read(folder).report_parts()
    kind = study_in(folder)
    return kind.report(kind.stored(folder))


def tables(folder: Path, steps: bool, cycles: bool) -> Iterator[Table | str]:
    """The tables of steps and of cycles of a run, those that have ended; a sentence for one without rows.

    Raises:
        InputError: If the folder is not that of a run.
    """
    if not _holds_a_run(folder):
        raise InputError(f"found no run in {folder}, expected the folder of one")
    result = read_run(folder)
    if steps:
        yield _table("Steps", result.step_table, Where.STEP)
    if cycles:
        yield _table("Cycles", result.cycle_table, Where.CYCLE)


def _holds_a_run(folder: Path) -> bool:
    return holds_run(folder) or holds_unfinished_run(folder)


def _table(title: str, columns: Columns, where: Where) -> Table | str:
    if not columns.rows:
        return f"This run has no {title.lower()}."
    known = registry.observables(where)
    shown = [known[name] for name in columns if name in known]
    headings = [f"{RIGHT}{one.label}" if one.unit else one.name for one in shown]
    rows = [[_text(columns[one.name][row], one.unit) for one in shown] for row in range(columns.rows)]
    return Table(title, headings, rows)


def _text(value: object, unit: str) -> str:
    if not unit:
        return str(value)
    number = float(str(value))
    if math.isnan(number):
        return ""
    return duration(number) if unit == "s" else with_unit(number, unit)
