"""What a run hands to its outputs: history rows, radial profiles and field snapshots, as plain arrays."""

# ruff: noqa: N815 (Pa is how the unit is written)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Annotated, get_type_hints

import numpy as np
from numpy.typing import NDArray

from oxyshell.errors import OutputError

type Array = NDArray[np.float64]
type HistoryRow = Mapping[str, float]
"""One value for every column of the history table, by column name."""
type Summary = Mapping[str, object]
"""What `summary.json` holds: nested mappings and sequences of text, numbers and booleans."""


@dataclass(frozen=True)
class Column:
    """What a stored quantity is.

    Attributes:
        unit: Unit of the stored number, "1" where it has none.
        description: What the number is, in a few words.
    """

    unit: str
    description: str


COLUMNS: Mapping[str, Column] = {
    "time_s": Column("s", "time t since the start of the protocol"),
    "time_step_s": Column("s", "length of the step that ended here"),
    "extracted_per_formula": Column("1", "ions taken out, per formula unit of the as-made particle"),
    "mean_occupancy": Column("1", "ions in the particle over host sites in the particle"),
    "surface_occupancy": Column("1", "occupancy θ = c/c_s at the surface, averaged over the surface"),
    "ions_in_particle_mol": Column("mol", "ions in the particle"),
    "ions_out_mol": Column("mol", "ions that have left through the surface"),
    "current_over_set": Column(
        "1", "ions through the surface over those that the protocol sets; 1 where it sets no current"
    ),
    "balance_error": Column("1", "|in + out − as made| over the host sites of the particle"),
    "first_principal_peak_MPa": Column("MPa", "largest first principal stress σ_1 in the particle"),
    "first_principal_depth_nm": Column("nm", "depth of that peak below the surface"),
    "hoop_peak_MPa": Column("MPa", "largest hoop stress σ_θ in the particle"),
    "hoop_depth_nm": Column("nm", "depth of that peak below the surface"),
    "von_mises_peak_MPa": Column("MPa", "largest von Mises stress in the particle"),
    "von_mises_depth_nm": Column("nm", "depth of that peak below the surface"),
    "surface_hoop_MPa": Column("MPa", "hoop stress σ_θ at the surface"),
    "centre_stress_MPa": Column("MPa", "hydrostatic stress σ_h = tr σ/3 at the centre"),
    "rejected_steps": Column("1", "steps tried and rejected since the start"),
}
"""The columns that every history has."""

OXYGEN_COLUMNS: Mapping[str, Column] = {
    "oxygen_in_lattice_mol": Column("mol", "mobile O2 in the lattice of the particle"),
    "oxygen_captured_mol": Column("mol", "O2 held by the sink on the surface"),
    "oxygen_escaped_mol": Column("mol", "O2 that has left the particle and its sink"),
    "oxygen_generated_mol": Column("mol", "O2 released from lattice sites since the start"),
    "oxygen_retention": Column("1", "O2 in the lattice over initial plus generated O2"),
    "oxygen_surface_to_centre": Column("1", "concentration of O2 at the surface over that at the centre"),
    "sink_filling": Column("1", "O2 held by the sink over its capacity; 0 where there is no sink"),
    "oxygen_release_umol_g_min": Column("umol/g/min", "O2 leaving per mass of as-made material, as in DEMS"),
    "oxygen_released_umol_g": Column("umol/g", "O2 that has left, per mass of as-made material"),
    "oxygen_balance_error": Column(
        "1", "|lattice + captured + escaped − initial − generated| over the most it can hold, largest so far"
    ),
    "oxygen_steps": Column("1", "time steps of the oxygen since the start"),
}
"""The columns that the history of a run with oxygen has besides."""

_FURTHER_TABLES = (OXYGEN_COLUMNS,)
ALL_COLUMNS: Mapping[str, Column] = {**COLUMNS, **OXYGEN_COLUMNS}
"""Every column that a history can have, in the order of the file."""


def columns_of(row: HistoryRow) -> Mapping[str, Column]:
    """Give the columns of a history that begins with this row: all of every table that it has a name of."""
    further = [table for table in _FURTHER_TABLES if not table.keys().isdisjoint(row)]
    return {name: column for table in (COLUMNS, *further) for name, column in table.items()}


OXYGEN_PROFILE_COLUMNS: Mapping[str, Column] = {
    "oxygen_mol_m3": Column("mol/m^3", "concentration of mobile O2 in the lattice"),
    "oxygen_generated_mol_m3": Column("mol/m^3", "O2 released from lattice sites so far, per volume"),
}
"""The arrays that a profile of a run with oxygen has besides."""

_NOTHING_MORE: Mapping[str, Array] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Profile:
    """The state along a radius at one time; every array has shape (points,).

    The points are the same at all times of a run (they belong to the as-made particle). What further physics
    adds is in `more`, by the names of `OXYGEN_PROFILE_COLUMNS`.

    Raises:
        OutputError: If the arrays differ in shape or are not one-dimensional, or `more` has an unknown name.
    """

    time_s: float
    extracted_per_formula: float
    radius_m: Annotated[Array, Column("m", "distance r from the centre, as made")]
    depth_m: Annotated[Array, Column("m", "distance from the outer surface, as made")]
    occupancy: Annotated[Array, Column("1", "occupancy θ = c/c_s of the host sites")]
    concentration_mol_m3: Annotated[Array, Column("mol/m^3", "ion concentration c")]
    radial_stress_Pa: Annotated[Array, Column("Pa", "radial stress σ_r")]
    hoop_Pa: Annotated[Array, Column("Pa", "hoop stress σ_θ")]
    first_principal_Pa: Annotated[Array, Column("Pa", "first principal stress σ_1")]
    von_mises_Pa: Annotated[Array, Column("Pa", "von Mises stress")]
    hydrostatic_Pa: Annotated[Array, Column("Pa", "hydrostatic stress σ_h = tr σ/3")]
    displacement_m: Annotated[Array, Column("m", "radial displacement u_r")]
    more: Mapping[str, Array] = _NOTHING_MORE

    def __post_init__(self) -> None:
        if unknown := self.more.keys() - OXYGEN_PROFILE_COLUMNS.keys():
            raise OutputError(
                f"A profile has no further array called {', '.join(sorted(unknown))}; "
                f"known are {', '.join(OXYGEN_PROFILE_COLUMNS)}."
            )
        expected = np.shape(self.radius_m)
        arrays = {name: getattr(self, name) for name in POINT_COLUMNS} | self.changing()
        shapes = {name: np.shape(values) for name, values in arrays.items()}
        wrong = [f"{name} {shape}" for name, shape in shapes.items() if shape != expected]
        if wrong or len(expected) != 1:
            raise OutputError(
                f"A profile's arrays all have shape (points,); radius_m has {expected}"
                + "".join(f", {text}" for text in wrong)
                + "."
            )

    def changing(self) -> dict[str, Array]:
        """The arrays that change in time, those of further physics last."""
        return {name: getattr(self, name) for name in PROFILE_COLUMNS} | dict(self.more)


def _columns_of(record: type) -> dict[str, Column]:
    hints = get_type_hints(record, include_extras=True)
    annotated = {field.name: hints[field.name] for field in fields(record)}
    return {name: hint.__metadata__[0] for name, hint in annotated.items() if hasattr(hint, "__metadata__")}


_GEOMETRIC = ("radius_m", "depth_m")
POINT_COLUMNS: Mapping[str, Column] = {name: _columns_of(Profile)[name] for name in _GEOMETRIC}
"""The arrays of a profile that stay the same through a run."""
PROFILE_COLUMNS: Mapping[str, Column] = {
    name: column for name, column in _columns_of(Profile).items() if name not in _GEOMETRIC
}
"""The arrays of every profile that change in time."""
ALL_PROFILE_COLUMNS: Mapping[str, Column] = {**PROFILE_COLUMNS, **OXYGEN_PROFILE_COLUMNS}
"""Every array that changes in time that a profile can have."""


@dataclass(frozen=True, eq=False)
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
