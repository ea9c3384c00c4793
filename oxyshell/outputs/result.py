"""Result of a run, in memory: the same object after a run and when a folder is read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oxyshell.errors import InputError, OutputError
from oxyshell.outputs.labelled_arrays import Labelled, dataset_of
from oxyshell.outputs.records import (
    POINT_COLUMNS,
    TIME_COLUMNS,
    Array,
    Columns,
    FieldSnapshot,
    Profile,
    beginning_of,
)
from oxyshell.outputs.table import Table

if TYPE_CHECKING:
    import pandas
    import xarray

# Another number of processes may find a point with other round-off, as a share of the largest coordinate.
_ROUND_OFF = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class Profiles(Mapping[str, Array]):
    """All radial profiles of a run: a mapping from name to an array of shape (times, points).

        >>> import oxyshell
        >>> oxyshell.run("scenarios/lrmo-ru1.yaml").profiles["hoop_Pa"].shape
        (6, 306)

    Attributes:
        times: Output times in s, shape (times,).
        extracted: Amount extracted per formula unit at those times, shape (times,).
        radius_m: Distance from the centre, shape (points,).
        depth_m: Distance from the outer surface, shape (points,).
        by_name: The arrays that change in time, shape (times, points), by name; none before the first output
            time.
        columns: Unit and meaning of each of them.
    """

    times: Array
    extracted: Array
    radius_m: Array
    depth_m: Array
    by_name: Mapping[str, Array]
    columns: Columns = field(default_factory=dict)

    @classmethod
    def stack(cls, profiles: Sequence[Profile]) -> Profiles:
        """Put single profiles together.

        Raises:
            OutputError: If the profiles do not share their points or their names.
        """
        points = {name: np.empty(0) for name in POINT_COLUMNS}
        if profiles:
            points = {name: np.asarray(getattr(profiles[0], name), dtype=float) for name in POINT_COLUMNS}
        for profile in profiles:
            for name, first in points.items():
                if not _alike(first, np.asarray(getattr(profile, name), dtype=float)):
                    raise OutputError(
                        f"The profile at {profile.time_s:g} s has other points ({name}) than the first one; "
                        "a run samples the same as-made points at all times."
                    )
            if profile.columns.keys() != profiles[0].columns.keys():
                raise OutputError(
                    f"The profile at {profile.time_s:g} s has other arrays ({', '.join(profile.columns)}) "
                    f"than the first one ({', '.join(profiles[0].columns)}); a run samples the same at all "
                    "times."
                )
        shape = (len(profiles), len(points["radius_m"]))
        columns = profiles[-1].columns if profiles else {}
        return cls(
            times=np.array([profile.time_s for profile in profiles], dtype=float),
            extracted=np.array([profile.extracted_per_formula for profile in profiles], dtype=float),
            by_name={
                name: np.array([profile.values[name] for profile in profiles], dtype=float).reshape(shape)
                for name in columns
            },
            columns=columns,
            **points,
        )

    def single(self) -> list[Profile]:
        """The profiles one by one, as `stack` takes them."""
        return [
            Profile(
                time_s=float(time),
                extracted_per_formula=float(extracted),
                radius_m=self.radius_m,
                depth_m=self.depth_m,
                values={name: values[index] for name, values in self.by_name.items()},
                columns=self.columns,
            )
            for index, (time, extracted) in enumerate(zip(self.times, self.extracted, strict=True))
        ]

    def table(self) -> Table:
        """All of them below each other: a row for each point at each output time."""
        times, points = self.times.size, self.radius_m.size
        along = {
            "time_s": np.repeat(self.times, points),
            "extracted_per_formula": np.repeat(self.extracted, points),
            "radius_m": np.tile(self.radius_m, times),
            "depth_m": np.tile(self.depth_m, times),
        }
        arrays = {name: values.ravel() for name, values in self.by_name.items()}
        return Table({**TIME_COLUMNS, **POINT_COLUMNS, **self.columns}, along | arrays)

    def coordinates(self) -> dict[str, Labelled]:
        """Time and depth, with the extracted amount and the radius that belong to them."""
        return {
            "time": (("time",), self.times, TIME_COLUMNS["time_s"]),
            "extracted": (("time",), self.extracted, TIME_COLUMNS["extracted_per_formula"]),
            "depth": (("depth",), self.depth_m, POINT_COLUMNS["depth_m"]),
            "radius": (("depth",), self.radius_m, POINT_COLUMNS["radius_m"]),
        }

    def labelled(self) -> dict[str, Labelled]:
        """The arrays over `time` and `depth`."""
        return {name: (("time", "depth"), values, self.columns[name]) for name, values in self.items()}

    def __repr__(self) -> str:
        shape = f"{self.times.size} times, {self.radius_m.size} points, {len(self)} arrays"
        return f"<Profiles: {shape}{beginning_of(self.by_name)}>"

    def __getitem__(self, name: str) -> Array:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """Everything that a run recorded.

    Attributes:
        summary: The numbers of `summary.json`; empty if the run did not end.
        history: One array (steps,) per history column, by column name, with units in `history.columns`.
        profiles: The radial profiles at the output times.
        fields: The field snapshots at the output times; read from disk when asked for if there is a folder.
        scenario: Text of the scenario as it was run.
        path: The run folder, or None for a run without one.
        step_table: One row for each step of the protocol that has ended, one array (steps,) per column.
        cycle_table: The same of cycles; empty for a protocol without any.
    """

    summary: Mapping[str, Any]
    history: Table
    profiles: Profiles
    fields: Sequence[FieldSnapshot]
    scenario: str
    path: Path | None
    step_table: Table = field(default_factory=Table)
    cycle_table: Table = field(default_factory=Table)

    @property
    def steps(self) -> pandas.DataFrame:
        """`step_table` in pandas; `result.steps.attrs["units"]` has the units.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        return self.step_table.frame()

    @property
    def cycles(self) -> pandas.DataFrame:
        """`cycle_table` in pandas; `result.cycles.attrs["units"]` has the units.

        Raises:
            OxyshellError: If pandas is not installed.
        """
        return self.cycle_table.frame()

    def to_dataframe(self, table: str = "history") -> pandas.DataFrame:
        """A table of the run in pandas; its `attrs["units"]` has the unit of every column.

        Args:
            table: "history" (a row for each time step), "steps", "cycles", or "profiles" (a row for each
                point at each output time).

        Raises:
            InputError: If there is no such table.
            OxyshellError: If pandas is not installed.
        """
        tables = {
            "history": lambda: self.history,
            "steps": lambda: self.step_table,
            "cycles": lambda: self.cycle_table,
            "profiles": self.profiles.table,
        }
        if table not in tables:
            raise InputError(f"found the table '{table}', expected one of {', '.join(tables)}")
        return tables[table]().frame()

    def to_xarray(self) -> xarray.Dataset:
        """Profiles and history as one dataset of xarray.

        The profiles are over `time` and `depth`, the history over `history_time` (s). Each variable has its
        unit (`units`) and its meaning (`long_name`). Where two regions meet there is a point on either side,
        at the same depth: `drop_duplicates("depth")` keeps the inner one, for a selection by depth.

        Raises:
            OxyshellError: If xarray is not installed.
        """
        over = ("history_time",)
        history = {name: (over, values, self.history.columns[name]) for name, values in self.history.items()}
        times = {"history_time": history.pop("time_s")} if history else {}
        variables = self.profiles.labelled() | history
        return dataset_of(variables, self.profiles.coordinates() | times, self.scenario)


def _alike(points: Array, others: Array) -> bool:
    scale = np.abs(points).max(initial=0.0)
    return points.shape == others.shape and bool(np.all(np.abs(points - others) <= _ROUND_OFF * scale))
