from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import COLUMNS, NullFolder, Profiles
from oxyshell.outputs.records import POINT_COLUMNS, PROFILE_COLUMNS
from tests.outputs.sample_run import fields, profile

SUFFIXES = {"_s": "s", "_mol": "mol", "_MPa": "MPa", "_nm": "nm", "_Pa": "Pa", "_m": "m", "_m3": "mol/m^3"}


@pytest.mark.parametrize("table", [COLUMNS, POINT_COLUMNS, PROFILE_COLUMNS])
def test_the_unit_in_a_name_is_the_unit_of_its_column(table):
    for name, column in table.items():
        suffix = next((s for s in sorted(SUFFIXES, key=len, reverse=True) if name.endswith(s)), None)
        assert column.unit == SUFFIXES.get(suffix, "1"), name
        assert column.description


def test_every_array_of_a_profile_has_a_column():
    arrays = {field.name for field in dataclasses.fields(profile(0))} - {"time_s", "extracted_per_formula"}
    assert arrays == POINT_COLUMNS.keys() | PROFILE_COLUMNS.keys()


def test_a_profile_of_unequal_arrays_is_refused():
    with pytest.raises(OutputError, match=r"hoop_Pa \(3,\)"):
        dataclasses.replace(profile(1), hoop_Pa=np.zeros(3))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": np.zeros((20, 2))}, r"shape \(n, 3\)"),
        ({"point_data": {"stress": np.zeros((20, 6))}}, r"'stress' has shape \(20, 6\)"),
        ({"cell_data": {"region": np.zeros(3)}}, r"'region' has shape \(3,\)"),
    ],
)
def test_field_values_that_do_not_fit_the_mesh_are_refused(change, message):
    with pytest.raises(OutputError, match=message):
        dataclasses.replace(fields(0), **change)


def test_profiles_are_stacked_times_by_points():
    stacked = Profiles.stack([profile(step) for step in (0, 2, 5)])
    np.testing.assert_array_equal(stacked.times, [0.0, 20.0, 50.0])
    np.testing.assert_array_equal(stacked.radius_m, profile(0).radius_m)
    assert set(stacked) == set(PROFILE_COLUMNS)
    for name, values in stacked.items():
        assert values.shape == (3, 31)
        np.testing.assert_array_equal(values[2], getattr(profile(5), name))


def test_profiles_on_other_points_are_refused():
    with pytest.raises(OutputError, match="other points"):
        Profiles.stack([profile(0), profile(1, points=30)])


def test_no_profile_at_all_is_an_empty_set():
    empty = Profiles.stack([])
    assert empty["hoop_Pa"].shape == (0, 0)
    assert empty.times.shape == (0,)


def test_a_history_row_has_every_column_and_no_other():
    folder = NullFolder()
    with pytest.raises(OutputError, match=r"missing: .*time_step_s.*; unknown: speed"):
        folder.step({"time_s": 0.0, "speed": 1.0})
