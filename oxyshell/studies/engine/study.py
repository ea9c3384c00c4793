"""The study of an ensemble: a table of points, as pandas and pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.errors import InputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.language.mistakes import listed, nearest
from oxyshell.studies.engine.ensemble import Ensemble
from oxyshell.studies.engine.plans import shared_unit
from oxyshell.studies.engine.point_runner import PENDING, Outcome
from oxyshell.studies.engine.points import NONE
from oxyshell.studies.engine.reported import Reported
from oxyshell.studies.engine.tables import Column, frame, told_of
from oxyshell.studies.sweep import SWEEP

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class Study(Reported):
    """The points of an ensemble and their outcomes, in the plan's order.

        >>> import oxyshell
        >>> oxyshell.sweep("scenarios/lrmo-ru1.yaml", {"shell.thickness": ["4 nm", "5 nm"]})
        <Study 'LRMO Ru-1': 2 of 2 points completed, 1 parameters, 2 quantities>

    Attributes:
        name: Its title.
        about: Its subject.
        parameters: The values by path.
        quantities: The numbers that were asked for.
        keys: The name of each point's content, and of its run folder.
        status: "completed", "failed", "timed out", "killed", or "pending" if its turn has not come.
        reason: Why a point did not complete; empty otherwise.
        remarks: Remarks of each point.
        wall_time_s: Time that each point took a worker; NaN if pending.
        solve_time_s: Time that each run took; NaN if it did not complete.
        provenance: Versions of packages, revision, the scenario's text and the plan's.
        path: The study's folder, or None.
    """

    KIND = SWEEP

    name: str
    about: str
    parameters: tuple[Column, ...]
    quantities: tuple[Column, ...]
    keys: tuple[str, ...]
    status: tuple[str, ...]
    reason: tuple[str, ...]
    remarks: tuple[tuple[str, ...], ...]
    wall_time_s: tuple[float, ...]
    solve_time_s: tuple[float, ...]
    provenance: Mapping[str, str]
    path: Path | None = None

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def failed(self) -> tuple[int, ...]:
        """The points that ended without a result."""
        fine = ("completed", PENDING)
        return tuple(index for index, status in enumerate(self.status) if status not in fine)

    @property
    def units(self) -> dict[str, str]:
        """Unit of every column of the table."""
        return {name: column.unit for name, column in self.columns().items()}

    def columns(self) -> dict[str, Column]:
        """All columns of the table by name."""
        columns = (
            *self.parameters,
            *self.quantities,
            Column("status", "", self.status),
            Column("solve_time_s", "s", self.solve_time_s),
            Column("wall_time_s", "s", self.wall_time_s),
            Column("run", "", self.keys),
            Column("reason", "", self.reason),
            Column("remarks", "", ["\n".join(texts) for texts in self.remarks]),  # one a line
        )
        return {column.name: column for column in columns}

    def table(self) -> pandas.DataFrame:
        """The points as rows; `table.attrs["units"]` has the unit of every column.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        found = frame(self.columns().values())
        found.index.name = "point"
        return found

    def to_dataframe(self) -> pandas.DataFrame:
        """The same as `table`, under the name that all results have for it.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        return self.table()

    def __repr__(self) -> str:
        done = f"{self.status.count('completed')} of {len(self)} points completed"
        told = f"{done}, {len(self.parameters)} parameters, {len(self.quantities)} quantities"
        return f"<Study {told_of(self.name, told, self.path)}>"

    def column(self, name: str) -> Column:
        """A parameter or a quantity.

        Raises:
            InputError: If there is none of that name.
        """
        columns = {column.name: column for column in (*self.parameters, *self.quantities)}
        if name not in columns:
            near = nearest(name, columns)
            expected = f"'{near}'" if near else f"one of {listed(columns)}"
            raise InputError(f"this study has no column '{name}', expected {expected}")
        return columns[name]

    def plot(self, quantity: str, x: str | None = None, width: float = TWO_COLUMNS) -> Figure:
        """A quantity over a parameter, one line for each combination of the others.

        Args:
            quantity: Name of a quantity.
            x: Name of a parameter; by default the first one.
            width: Width of the figure in inches.

        Raises:
            InputError: If the study has no such column, or the quantity has no numbers.
        """
        from oxyshell.studies.engine.study_figures import figure

        over = self.column(x or self.parameters[0].name)
        return figure(over, self.column(quantity), self.parameters, width)


def study_of(
    ensemble: Ensemble, outcomes: Mapping[str, Outcome], provenance: Mapping[str, str], path: Path | None
) -> Study:
    """The study of an ensemble, as far as it has come."""
    keys = tuple(point.key for point in ensemble.points)
    found = [outcomes.get(key) or Outcome(key, PENDING, wall_time_s=math.nan) for key in keys]
    quantities = (
        Column(one.text, one.unit, tuple(outcome.numbers.get(one.text, math.nan) for outcome in found))
        for one in ensemble.interests
    )
    return Study(
        name=ensemble.name,
        about=ensemble.about,
        parameters=tuple(_parameter(ensemble, index, path) for index, path in enumerate(ensemble.paths)),
        quantities=tuple(quantities),
        keys=keys,
        status=tuple(one.status for one in found),
        reason=tuple(one.reason for one in found),
        remarks=tuple(tuple(one.remarks) for one in found),
        wall_time_s=tuple(one.wall_time_s for one in found),
        solve_time_s=tuple(one.solve_time_s if one.status == "completed" else math.nan for one in found),
        provenance=provenance,
        path=path,
    )


def _parameter(ensemble: Ensemble, index: int, path: str) -> Column:
    """The values of one path in the unit in which they are written, if that is one, else in SI."""
    shown = [point.shown[index] for point in ensemble.points]
    numbers_or_none = all(isinstance(value, float) or value == NONE for value in shown)
    if not numbers_or_none or set(shown) == {NONE}:
        return Column(path, "1", tuple(_text(value) for value in shown))
    unit = next(
        (found for found in (_unit(ensemble, point.values, path) for point in ensemble.points) if found), "1"
    )
    only, size = shared_unit(
        [_bare(point.values[path]) for point in ensemble.points if path in point.values], unit
    )
    numbers = (math.nan if isinstance(value, str) else _scaled(value, size) for value in shown)
    return Column(path, only or unit, tuple(numbers))


def _scaled(value: float, size: float) -> float:
    # 4.5e-9/1e-9 is not 4.5 in binary; twelve digits are more than anybody writes.
    return float(f"{value / size:.12g}") if size != 1.0 else value


def _unit(ensemble: Ensemble, values: Mapping[str, Any], path: str) -> str:
    """SI unit of a path, empty if this point has nothing there."""
    scenario = ensemble.base.with_values(values)
    try:
        return scenario.unit(path)
    except InputError:
        return ""


def _bare(value: Any) -> Any:
    return value.get("value") if isinstance(value, Mapping) else value


def _text(value: float | str) -> str:
    return f"{value:.9g}" if isinstance(value, float) else value
