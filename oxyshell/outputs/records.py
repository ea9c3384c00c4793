"""Records that a run hands to its outputs: rows of tables, profiles and field snapshots, as plain arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oxyshell.errors import OutputError
from oxyshell.models.base.observable import Cell

type Array = NDArray[np.float64]
type Summary = Mapping[str, object]
"""Content of `summary.json`: nested mappings and sequences of text, numbers and booleans."""


@dataclass(frozen=True)
class Column:
    """A stored quantity.

    Attributes:
        unit: Unit of the stored number, "1" where it has none; empty where the values are texts.
        description: Meaning of the number, in a few words.
    """

    unit: str
    description: str

    @property
    def is_text(self) -> bool:
        """Whether its values are texts."""
        return not self.unit


_NAMED = 3
"""Names that a short `repr` has."""

type Columns = Mapping[str, Column]
"""Quantities by name, in the order of the file."""

NO_COLUMNS: Columns = {"time_s": Column("s", "time t since the start of the protocol")}
"""The columns of a history before its first row has said which there are."""
TIME_COLUMNS: Columns = {
    "time_s": Column("s", "output times"),
    "extracted_per_formula": Column("1", "amount taken out, per formula unit of the as-made particle"),
}
"""The arrays of a file of profiles that have one number per output time."""
POINT_COLUMNS: Columns = {
    "radius_m": Column("m", "distance r from the centre, as made"),
    "depth_m": Column("m", "distance from the outer surface, as made"),
}
"""The arrays of a profile that stay the same through a run."""


@dataclass(frozen=True, eq=False)
class Row:
    """One row of the history, or of another table of a run.

    Attributes:
        columns: The columns of the table.
        values: One number or text for each of them, by name.

    Raises:
        OutputError: If a column has no value, or a value no column.
    """

    columns: Columns
    values: Mapping[str, Cell]

    def __post_init__(self) -> None:
        if found := _differences(self.columns, self.values):
            raise OutputError(f"A row has one value for every column; {found}.")


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """The state along a radius at one time; every array has shape (points,).

    The points are the same at all times of a run (they belong to the as-made particle). An array is an
    attribute too: `profile.hoop_Pa` is `profile.values["hoop_Pa"]`.

    Attributes:
        time_s: Time t in s.
        extracted_per_formula: Amount taken out, per formula unit of the as-made particle.
        radius_m: Distance r from the centre in m, as made.
        depth_m: Distance from the outer surface in m, as made.
        values: The arrays that change in time, by name.
        columns: Unit and meaning of each of them, in the order of the file.

    Raises:
        OutputError: If the arrays differ in shape or are not one-dimensional, or an array has no column or a
            column no array.
    """

    time_s: float
    extracted_per_formula: float
    radius_m: Array
    depth_m: Array
    values: Mapping[str, Array]
    columns: Columns

    def __post_init__(self) -> None:
        if found := _differences(self.columns, self.values):
            raise OutputError(f"A profile has one array for every column; {found}.")
        expected = np.shape(self.radius_m)
        shapes = {name: np.shape(values) for name, values in {"depth_m": self.depth_m, **self.values}.items()}
        wrong = [f"{name} {shape}" for name, shape in shapes.items() if shape != expected]
        if wrong or len(expected) != 1:
            raise OutputError(
                f"A profile's arrays all have shape (points,); radius_m has {expected}"
                + "".join(f", {text}" for text in wrong)
                + "."
            )

    def __repr__(self) -> str:
        count = f"{len(self.radius_m)} points, {len(self.values)} arrays"
        return f"<Profile at {self.time_s:g} s: {count}{beginning_of(self.values)}>"

    def __getattr__(self, name: str) -> Array:
        # Asked for only what is no field; while an object is unpickled it has none yet.
        try:
            found: Array = self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(f"a profile of this run has no '{name}'", name=name, obj=self) from None
        return found


@dataclass(frozen=True, eq=False, repr=False)
class FieldSnapshot:
    """The fields over the whole particle at one time, on the finite-element cells themselves.

    The points are given cell by cell, so a value that jumps between cells is kept as it is.

    Attributes:
        time_s: Time t in s.
        points: As-made positions in m, shape (n, 3).
        cells: Connectivity (m, k) by meshio cell type ("line", "triangle6", "tetra10"), VTK node order.
        point_data: Values by name: scalars (n,), vectors (n, 3), tensors (n, 9) row by row.
        cell_data: Values by name, shape (m,) over the cells of all types in the order of `cells`.

    Raises:
        OutputError: If an array does not fit the points or the cells.
    """

    time_s: float
    points: Array
    cells: Mapping[str, NDArray[np.int64]]
    point_data: Mapping[str, Array]
    cell_data: Mapping[str, NDArray[np.generic]]

    def __post_init__(self) -> None:
        if np.ndim(self.points) != 2 or np.shape(self.points)[1] != 3:
            raise OutputError(f"Points of a field snapshot have shape (n, 3), not {np.shape(self.points)}.")
        points, cells = len(self.points), sum(len(block) for block in self.cells.values())
        allowed: dict[str, tuple[Mapping[str, NDArray[np.generic]], list[tuple[int, ...]]]] = {
            "point_data": (self.point_data, [(points,), (points, 3), (points, 9)]),
            "cell_data": (self.cell_data, [(cells,)]),
        }
        for kind, (data, shapes) in allowed.items():
            for name, values in data.items():
                if np.shape(values) not in shapes:
                    raise OutputError(
                        f"{kind} '{name}' has shape {np.shape(values)}; expected one of {shapes} "
                        f"for {points} points and {cells} cells."
                    )

    def __repr__(self) -> str:
        count = f"{len(self.points)} points, {len(self.point_data)} arrays"
        return f"<FieldSnapshot at {self.time_s:g} s: {count}{beginning_of(self.point_data)}>"


def beginning_of(names: Iterable[str]) -> str:
    """The first names of a mapping, for a short `repr`; empty without any."""
    first = list(itertools.islice(names, _NAMED + 1))
    return "".join([" (", ", ".join(first[:_NAMED]), ", ..." * (len(first) > _NAMED), ")"]) if first else ""


def _differences(columns: Columns, values: Mapping[str, object]) -> str:
    """The names that only one of both has, in words; empty if they are the same."""
    if columns.keys() == values.keys():
        return ""
    missing = ", ".join(sorted(columns.keys() - values.keys())) or "none"
    unknown = ", ".join(sorted(values.keys() - columns.keys())) or "none"
    return f"missing: {missing}; unknown: {unknown}"
