"""A made-up run with known numbers; as a script, a run without an end in the folder given."""

from __future__ import annotations

import dataclasses
import itertools
import math
import sys
import time

import numpy as np

from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.outputs import Column, FieldSnapshot, Profile, Row, RunFolder

RADIUS = 150e-9
SCENARIO = "name: sample\nabout: θ falls with r²\n"
MESHES = {
    "line": np.array([[0.0, 0, 0], [1, 0, 0]]),
    "triangle6": np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0.5, 0, 0], [0.5, 0.5, 0], [0, 0.5, 0]]),
    "tetra10": np.array(
        [
            [0.0, 0, 0],
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
            [0.5, 0, 0],
            [0.5, 0.5, 0],
            [0, 0.5, 0],
            [0, 0, 0.5],
            [0.5, 0, 0.5],
            [0, 0.5, 0.5],
        ]
    ),
}
"""The points of one reference cell each, written down from the VTK user's guide."""


def columns(where, among=None):
    """Columns of a run, by name; by default of one with all physics."""
    declared = registry.observables(where, among).values()
    return {one.name: Column(one.unit, one.description) for one in declared}


IN_EVERY_RUN = [one for one in registry.physics() if one.in_every_run]
WITH_OXYGEN = [one for one in registry.physics() if one.in_every_run or one.name == "oxygen"]
COLUMNS, ALL_COLUMNS = (columns(Where.HISTORY, among) for among in (IN_EVERY_RUN, WITH_OXYGEN))
PROFILE_COLUMNS, ALL_PROFILE_COLUMNS = (
    columns(Where.PROFILE, among) for among in (IN_EVERY_RUN, WITH_OXYGEN)
)
OXYGEN_COLUMNS = {name: one for name, one in ALL_COLUMNS.items() if name not in COLUMNS}
OXYGEN_PROFILE_COLUMNS = {
    name: one for name, one in ALL_PROFILE_COLUMNS.items() if name not in PROFILE_COLUMNS
}


def numbers(step):
    return {name: step + index / 7.0 for index, name in enumerate(COLUMNS)} | {"time_s": 10.0 * step}


def oxygen_numbers(step):
    return numbers(step) | {name: 0.1 * step + index / 3.0 for index, name in enumerate(OXYGEN_COLUMNS)}


def row(step):
    return Row(COLUMNS, numbers(step))


def oxygen_row(step):
    return Row(ALL_COLUMNS, oxygen_numbers(step))


TABLE_COLUMNS = {
    "step": Column("1", "number"),
    "label": Column("", "words"),
    "reason": Column("", "end"),
    "duration_s": Column("s", "how long"),
    "loss_W_h_kg": Column("W h/kg", "energy"),
}
LABELS = (
    "charge at 0.1 C",
    "",
    'a "quoted" one, with a comma',
    "Zyklus № 3: 4,8 V → ½",
    "=SUM(A1)",
    "'quoted",
    "''",
    "-1.5 eV",
    "+ more",
    "# 7",
    'two\nlines, "and"\nthree',
    " blanks ",
    "nan",
    "12",
)
NUMBERS = (0.1, math.nan, -0.0, 1e300, 5e-324, math.inf, -math.inf, 1 / 3, 2.0, 1e16, 0.0, -7.25, 3.0, 1e-5)


def table_row(index):
    values = {
        "step": index + 1,
        "label": LABELS[index],
        "reason": "already met" if index % 2 else "voltage",
        "duration_s": NUMBERS[index],
        "loss_W_h_kg": 0.25 * index,
    }
    return Row(TABLE_COLUMNS, values)


def profile(step, points=31):
    radius = np.linspace(0.0, RADIUS, points)
    fall = 1.0 - 0.1 * step * (radius / RADIUS) ** 2
    return Profile(
        time_s=10.0 * step,
        extracted_per_formula=0.1 * step,
        radius_m=radius,
        depth_m=RADIUS - radius,
        values={
            "occupancy": fall,
            "concentration_mol_m3": 6e4 * fall,
            "radial_stress_Pa": -1e8 * step * fall,
            "hoop_Pa": 1e8 * step * (1.5 - fall),
            "first_principal_Pa": 1e8 * step * (1.0 - fall),
            "von_mises_Pa": 2e8 * step * fall,
            "hydrostatic_Pa": 3e8 * step * fall,
            "displacement_m": -1e-9 * step * radius / RADIUS,
        },
        columns=PROFILE_COLUMNS,
    )


def changed(one, **arrays):
    """A profile with other arrays, or with further ones of oxygen."""
    values = {**one.values, **arrays}
    return dataclasses.replace(
        one, values=values, columns={name: ALL_PROFILE_COLUMNS[name] for name in values}
    )


def oxygen_profile(step):
    without = profile(step)
    left = 7500.0 / (1.0 + step) * without.occupancy
    return changed(without, oxygen_mol_m3=left, oxygen_generated_mol_m3=7500.0 - left)


def quadratic(points, step):
    x, y, z = (points / RADIUS).T
    return step + 1.0 + x - 2.0 * y + 3.0 * z + x * x - x * y + 2.0 * y * z + z * z


def fields(step, kind="tetra10"):
    """Two cells of one kind that touch and share no points, with a value that jumps from one to the other."""
    first = MESHES[kind]
    points = RADIUS * np.concatenate([first, first * np.array([-1.0, 1.0, 1.0])])
    connectivity = np.arange(len(points)).reshape(2, -1)
    jump = np.repeat([0.0, 5.0], len(first))
    scalar = quadratic(points, step) + jump
    return FieldSnapshot(
        time_s=10.0 * step,
        points=points,
        cells={kind: connectivity},
        point_data={
            "occupancy": scalar,
            "displacement": np.outer(scalar, [1.0, 2.0, 3.0]),
            "stress": np.outer(scalar, np.arange(9.0)),
        },
        cell_data={"region": np.array([1, 2])},
    )


if __name__ == "__main__":
    with RunFolder(sys.argv[1]) as folder:
        folder.start(SCENARIO)
        for step in itertools.count():
            folder.step(row(step))
            if step % 5 == 0:
                folder.snapshot(profile(step), fields(step))
            time.sleep(0.001)
