"""Tables of the results in a folder, made again from its files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from oxyshell.errors import InputError
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.outputs.table import Table as Columns
from oxyshell.presentation.numbers import duration, with_unit
from oxyshell.presentation.table import RIGHT, Table
from oxyshell.running.overwrite_protection import holds_run
from oxyshell.running.reading import read_run
from oxyshell.studies.registry import load_scenario, study_in


def report(folder: Path) -> Iterable[Table | str]:
    """The report of a finished run or study, as the command that made it has printed it.

    Args:
        folder: Its folder.

    Raises:
        InputError: If there are no finished results, or such as do not hold all that their tables show.
        OutputError: If a file cannot be read.
    """
    if holds_run(folder):
        from oxyshell.running.report import render

        return render(read_run(folder), load_scenario(folder / "scenario.yaml"))
    kind = study_in(folder)
    found: Iterable[Table | str] = import_module(f"{kind.package}.report").render(kind.stored(folder))
    return found


def tables(folder: Path, steps: bool, cycles: bool) -> Iterator[Table | str]:
    """The tables of steps and of cycles of a finished run; a sentence in place of one without rows.

    Raises:
        InputError: If the folder is not that of a finished run.
    """
    if not holds_run(folder):
        raise InputError(f"found no finished run in {folder}, expected the folder of one")
    result = read_run(folder)
    if steps:
        yield _table("Steps", result.step_table, Where.STEP)
    if cycles:
        yield _table("Cycles", result.cycle_table, Where.CYCLE)


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
