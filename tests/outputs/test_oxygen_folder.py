from __future__ import annotations

import dataclasses

import h5py
import numpy as np
import pytest

from oxyshell.outputs import NullFolder, Row, RunFolder, read_run
from tests.outputs.sample_run import (
    ALL_COLUMNS,
    COLUMNS,
    OXYGEN_COLUMNS,
    OXYGEN_PROFILE_COLUMNS,
    PROFILE_COLUMNS,
    RADIUS,
    SCENARIO,
    fields,
    oxygen_numbers,
    oxygen_profile,
    oxygen_row,
    profile,
    row,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run"


def oxygen_fields(step):
    without = fields(step)
    oxygen = {"oxygen_mol_m3": 100.0 + without.point_data["occupancy"]}
    return dataclasses.replace(without, point_data={**without.point_data, **oxygen})


def run_with_oxygen(folder):
    with folder:
        folder.start(SCENARIO)
        for step in range(3):
            folder.step(oxygen_row(step))
            folder.snapshot(oxygen_profile(step), oxygen_fields(step))
        return folder.finish({})


def test_columns_are_in_the_order_of_the_table_whatever_the_order_of_a_row(path):
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        folder.step(Row(ALL_COLUMNS, dict(reversed(oxygen_numbers(1).items()))))
    names, units, values = (path / "history.csv").read_text().splitlines()
    assert names == ",".join(ALL_COLUMNS)
    assert units == "# " + ",".join(column.unit for column in ALL_COLUMNS.values())
    assert [float(value) for value in values.split(",")] == list(oxygen_numbers(1).values())


@pytest.mark.parametrize("source", ["finish", "read back", "memory"])
def test_oxygen_is_in_the_result_from_the_run_from_disk_and_from_memory(path, source):
    result = run_with_oxygen(NullFolder() if source == "memory" else RunFolder(path))
    result = read_run(path) if source == "read back" else result
    assert list(result.history) == [*COLUMNS, *OXYGEN_COLUMNS]
    for name in result.history:
        np.testing.assert_array_equal(result.history[name], [oxygen_numbers(step)[name] for step in range(3)])
    assert set(result.profiles) == PROFILE_COLUMNS.keys() | OXYGEN_PROFILE_COLUMNS.keys()
    for step, snapshot in enumerate(result.fields):
        for name in OXYGEN_PROFILE_COLUMNS:
            np.testing.assert_array_equal(result.profiles[name][step], oxygen_profile(step).values[name])
        expected = oxygen_fields(step).point_data["oxygen_mol_m3"]
        np.testing.assert_array_equal(snapshot.point_data["oxygen_mol_m3"], expected)
    assert len(result.fields) == 3


def test_oxygen_in_hdf5_has_units_descriptions_and_scales(path):
    run_with_oxygen(RunFolder(path))
    with h5py.File(path / "history.h5") as history, h5py.File(path / "profiles.h5") as profiles:
        for file, columns in ((history, OXYGEN_COLUMNS), (profiles, OXYGEN_PROFILE_COLUMNS)):
            for name, column in columns.items():
                assert file[name].attrs["units"] == column.unit
                assert file[name].attrs["description"] == column.description
                np.testing.assert_array_equal(file[name].dims[0]["time_s"], [0.0, 10.0, 20.0])
        oxygen = profiles["oxygen_mol_m3"]
        np.testing.assert_array_equal(oxygen.dims[1]["radius_m"], np.linspace(0.0, RADIUS, 31))


def test_a_run_without_oxygen_says_nothing_of_it(path):
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        folder.step(row(0))
        folder.snapshot(profile(0), fields(0))
    assert "oxygen" not in (path / "history.csv").read_text()
    with h5py.File(path / "history.h5") as history, h5py.File(path / "profiles.h5") as profiles:
        assert set(history) == set(COLUMNS)
        assert {name for name in profiles if "oxygen" in name} == set()
