"""Result of a run, in memory: the same object after a run and when a folder is read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oxyshell.errors import OutputError
from oxyshell.outputs.records import POINT_COLUMNS, Array, Columns, FieldSnapshot, Profile
from oxyshell.outputs.table import Table

if TYPE_CHECKING:
    import pandas

# Another number of processes may find a point with other round-off, as a share of the largest coordinate.
_ROUND_OFF = 1e-12


@dataclass(frozen=True, eq=False)
class Profiles(Mapping[str, Array]):
    """All radial profiles of a run: a mapping from name to an array of shape (times, points).

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

    def __getitem__(self, name: str) -> Array:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)


@dataclass(frozen=True, eq=False)
class Result:
    """Everything that a run recorded.

    Attributes:
        summary: The numbers of `summary.json`; empty if the run did not end.
        history: One array (steps,) per history column, by column name.
        profiles: The radial profiles at the output times.
        fields: The field snapshots at the output times; read from disk when asked for if there is a folder.
        scenario: Text of the scenario as it was run.
        path: The run folder, or None for a run without one.
        step_table: One row for each step of the protocol that has ended, one array (steps,) per column.
        cycle_table: The same of cycles; empty for a protocol without any.
    """

    summary: Mapping[str, Any]
    history: Mapping[str, Array]
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


def _alike(points: Array, others: Array) -> bool:
    scale = np.abs(points).max(initial=0.0)
    return points.shape == others.shape and bool(np.all(np.abs(points - others) <= _ROUND_OFF * scale))
