"""Numbers that can be asked of a run: entries of its summary, and of columns of its tables."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from oxyshell.language.former import Renamed
from oxyshell.language.mistakes import Refusal, describe, listed, nearest
from oxyshell.models import registry
from oxyshell.models.base.observable import Observable, Where, nested
from oxyshell.presentation import numbers

if TYPE_CHECKING:
    from oxyshell.outputs import Result
    from oxyshell.scenario.scenario import Scenario

REDUCTIONS: Mapping[str, Callable[[Any], float]] = {"max": max, "min": min, "last": itemgetter(-1)}
"""Each makes one number of a column: "max of history.surface_hoop_MPa"."""
TABLES: Mapping[str, Where] = {"history": Where.HISTORY, "steps": Where.STEP, "cycles": Where.CYCLE}
"""The tables of a run by the names that quantities have for them."""
# A row of the history is a time step, which depends on the tolerance; a step or a cycle does not.
_PRINTED = {"umol/g": "µmol/g", "umol/g/min": "µmol/(g min)"}
_ROW = re.compile(r"row\s+(?P<number>[1-9][0-9]{0,5})")


@dataclass(frozen=True)
class Interest:
    """A number that is asked of every run.

    Attributes:
        text: As it was written, also with a former name.
        reduction: One of `REDUCTIONS`, or "row 2" for a single row; empty for an entry of the summary.
        name: Path in the summary, or column of a table.
        where: The summary, or the table.
    """

    text: str
    reduction: str
    name: str
    where: Where = Where.SUMMARY

    @property
    def notices(self) -> tuple[Renamed, ...]:
        """The former name that it was written with, if it was."""
        written = self.text.rpartition(" of ")[2]
        present = f"{written.partition('.')[0]}.{self.name}" if self.reduction else self.name
        return () if written == present else (Renamed(written, present),)

    @property
    def needs(self) -> str:
        """Name of the physics whose section a scenario needs for it; empty if every run has it."""
        physics = registry.physics_of(self.where, self.name)
        return "" if physics is None or physics.in_every_run else physics.name

    def is_in(self, scenario: Scenario) -> bool:
        """Whether runs of a scenario have it."""
        physics = registry.physics_of(self.where, self.name)
        return physics is None or physics.is_in(scenario)

    @property
    def has_section(self) -> bool:
        """Whether it is a section of its physics that says which runs have it."""
        physics = registry.physics_of(self.where, self.name)
        return physics is not None and physics.section() is not None

    @property
    def requirement(self) -> str:
        """Words for what a scenario needs for it; empty if every run has it."""
        physics = registry.physics_of(self.where, self.name)
        return "" if physics is None or physics.in_every_run else physics.requirement

    @property
    def unit(self) -> str:
        """The unit of the number, "1" where it has none."""
        return _asked(self.where)[self.name].unit

    @property
    def label(self) -> str:
        """Words for it along the axis of a figure, without the unit."""
        label = _asked(self.where)[self.name].label
        if self.where is Where.SUMMARY:
            return label or self.text
        return f"{label}, {self.text.partition('.')[0]}" if label else self.text

    def of(self, result: Result) -> float:
        """The number.

        Raises:
            KeyError: If the run has no such number.
        """
        if self.where is Where.SUMMARY:
            return _number(result.summary, self.name)
        column = _columns(result, self.where)[self.name]
        row = _ROW.fullmatch(self.reduction)
        if len(column) < (int(row["number"]) if row else 1):
            raise KeyError(self.name)
        return float(column[int(row["number"]) - 1] if row else REDUCTIONS[self.reduction](column))


def _columns(result: Result, where: Where) -> Mapping[str, Sequence[float] | Any]:
    """The columns of one table of a run."""
    if where is Where.HISTORY:
        return result.history
    return result.step_table if where is Where.STEP else result.cycle_table


def summary_names() -> tuple[str, ...]:
    """Paths of the numbers of `summary.json`, but for the wall time, which is no result."""
    return tuple(_asked(Where.SUMMARY))


def history_names() -> tuple[str, ...]:
    """Columns of the history."""
    return tuple(_asked(Where.HISTORY))


def _asked(where: Where) -> Mapping[str, Observable]:
    """The observables of one place that studies can ask for: numbers that are always there."""
    known = registry.observables(where).items()
    return {name: one for name, one in known if one.unit and not one.conditional}


def printed_unit(text: str) -> str:
    """The unit of a quantity as the files of studies have it."""
    unit = read(text).unit
    return _PRINTED.get(unit, unit)


def axis_label(text: str, words: str = "") -> str:
    """Words and unit of a quantity, for the axis of a figure: `words`, or those that are declared."""
    return numbers.named_with_unit(words or read(text).label, read(text).unit)


def no_column(text: str, name: str, form: str = "{}", where: Where = Where.HISTORY) -> Refusal:
    """The refusal of a column that a table does not have.

    Args:
        text: The column as it was written.
        name: Its name alone.
        form: What is expected around the name of a column, as `str.format` takes it.
        where: The table.
    """
    names = tuple(_asked(where))
    near = nearest(name, names)
    expected = f"'{form.format(near)}'" if near else f"a column such as {listed(names[-3:])}"
    return Refusal(f"the unknown column {describe(text)}", expected)


def read(text: str) -> Interest:
    """Read a quantity of interest.

    Args:
        text: A path into the summary ("stress.hoop.peak_MPa"), a reduction of a column of a table ("max of
            history.surface_hoop_MPa"), or one row of a column of the tables of steps and cycles ("row 2 of
            steps.duration_s").

    Raises:
        Refusal: If no run has such a number.
    """
    before, of, column = (part.strip() for part in text.partition(" of "))
    if not of:
        names, name = summary_names(), _present(before, Where.SUMMARY)
        if name not in names:
            near = nearest(before, names)
            example = (
                "a path into summary.json such as 'stress.first_principal.peak_MPa', or 'max of history.…'"
            )
            raise Refusal(f"the unknown quantity {describe(text)}", f"'{near}'" if near else example)
        return Interest(before, "", name)
    row = _ROW.fullmatch(before)
    if row is None and before not in REDUCTIONS:
        expected = f"one of {listed(REDUCTIONS)}, or a row of steps or cycles such as 'row 2'"
        raise Refusal(f"the unknown reduction {describe(before)}", expected)
    table, _, written = column.rpartition(".")
    where = TABLES.get(table, Where.HISTORY)
    name = _present(written, where)
    if table not in TABLES or name not in _asked(where):
        shown = table if table in TABLES else "history"
        raise no_column(column, name, f"{before} of {shown}.{{}}", where)
    if row is not None and where is Where.HISTORY:
        found = f"{describe(before)} of the history, where a row is a time step"
        raise Refusal(found, f"one of {listed(REDUCTIONS)}, or a row of steps or cycles")
    return Interest(f"{before} of {table}.{written}", before, name, where)


def _present(name: str, where: Where) -> str:
    """The present name of a quantity."""
    return registry.former_names()[where].get(name, name)


def numbers_of(summary: Mapping[str, object]) -> dict[str, float]:
    """The numbers that can be asked for and that a summary has, by path."""
    found = {}
    for path in summary_names():
        try:
            found[path] = _number(summary, path)
        except KeyError:
            continue
    return found


def _number(summary: Mapping[str, object], path: str) -> float:
    value = nested(summary, path)
    if value is None:
        return math.nan  # a ratio of nothing
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise KeyError(path)
    return float(value)
