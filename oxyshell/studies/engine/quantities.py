"""Numbers that can be asked of a run: entries of its summary, and reductions of its history."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from oxyshell.language.mistakes import Refusal, describe, listed, nearest
from oxyshell.models import registry
from oxyshell.models.base.observable import Observable, Where, nested

REDUCTIONS: Mapping[str, Callable[[Any], float]] = {"max": max, "min": min, "last": itemgetter(-1)}
"""Each makes one number of a column: "max of history.surface_hoop_MPa"."""
_PRINTED = {"umol/g": "µmol/g", "umol/g/min": "µmol/(g min)"}


@dataclass(frozen=True)
class Interest:
    """A number that is asked of every run.

    Attributes:
        text: As it was written.
        reduction: "summary", or one of `REDUCTIONS`.
        name: Path in the summary, or column of the history.
    """

    text: str
    reduction: str
    name: str

    @property
    def needs(self) -> str:
        """Name of the physics whose section a scenario needs for it; empty if every run has it."""
        physics = registry.physics_of(self._where, self.name)
        return "" if physics is None or physics.in_every_run else physics.name

    @property
    def unit(self) -> str:
        """The unit of the number, "1" where it has none."""
        return _asked(self._where)[self.name].unit

    @property
    def _where(self) -> Where:
        return Where.SUMMARY if self.reduction == "summary" else Where.HISTORY

    def of(self, summary: Mapping[str, object], history: Mapping[str, Sequence[float] | Any]) -> float:
        """The number.

        Args:
            summary: What `summary.json` holds.
            history: One array (steps,) per column.

        Raises:
            KeyError: If the run has no such number.
        """
        if self.reduction == "summary":
            return _number(summary, self.name)
        column = history[self.name]
        if not len(column):
            raise KeyError(self.name)
        return float(REDUCTIONS[self.reduction](column))


def summary_names() -> tuple[str, ...]:
    """Paths of the numbers of `summary.json`, but for the wall time, which is no result."""
    return tuple(_asked(Where.SUMMARY))


def history_names() -> tuple[str, ...]:
    """Columns of the history."""
    return tuple(_asked(Where.HISTORY))


def _asked(where: Where) -> Mapping[str, Observable]:
    return {name: one for name, one in registry.observables(where).items() if not one.conditional}


def printed_unit(path: str) -> str:
    """The unit of a number of the summary as tables and figures show it."""
    unit = _asked(Where.SUMMARY)[path].unit
    return _PRINTED.get(unit, unit)


def axis_label(path: str) -> str:
    """Words and unit of a number of the summary, for the axis of a figure."""
    unit = printed_unit(path)
    label = _asked(Where.SUMMARY)[path].label or path
    return label if unit == "1" else f"{label} ({unit})"


def no_column(text: str, name: str, form: str = "{}") -> Refusal:
    """The refusal of a column that no history has.

    Args:
        text: The column as it was written.
        name: Its name alone.
        form: What is expected around the name of a column, as `str.format` takes it.
    """
    names = history_names()
    near = nearest(name, names)
    expected = f"'{form.format(near)}'" if near else f"a column such as {listed(names[-3:])}"
    return Refusal(f"the unknown column {describe(text)}", expected)


def read(text: str) -> Interest:
    """Read a quantity of interest.

    Args:
        text: A path into the summary ("stress.hoop.peak_MPa"), or a reduction of a column of the history
            ("max of history.surface_hoop_MPa").

    Raises:
        Refusal: If no run has such a number.
    """
    before, of, column = (part.strip() for part in text.partition(" of "))
    if not of:
        names = summary_names()
        if before not in names:
            near = nearest(before, names)
            example = (
                "a path into summary.json such as 'stress.first_principal.peak_MPa', or 'max of history.…'"
            )
            raise Refusal(f"the unknown quantity {describe(text)}", f"'{near}'" if near else example)
        return Interest(before, "summary", before)
    if before not in REDUCTIONS:
        raise Refusal(f"the unknown reduction {describe(before)}", f"one of {listed(REDUCTIONS)}")
    name = column.removeprefix("history.")
    if name == column or name not in history_names():
        raise no_column(column, name, f"{before} of history.{{}}")
    return Interest(f"{before} of history.{name}", before, name)


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
