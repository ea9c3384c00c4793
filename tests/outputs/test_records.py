from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import COLUMNS, OXYGEN_COLUMNS, OXYGEN_PROFILE_COLUMNS, NullFolder, Profiles
from oxyshell.outputs.records import POINT_COLUMNS, PROFILE_COLUMNS
from tests.outputs.sample_run import fields, oxygen_profile, oxygen_row, profile, row

SUFFIXES = {
    "_s": "s",
    "_mol": "mol",
    "_MPa": "MPa",
    "_nm": "nm",
    "_Pa": "Pa",
    "_m": "m",
    "_m3": "mol/m^3",
} | {
    "_umol_g": "umol/g",
    "_umol_g_min": "umol/g/min",
}
TABLES = [COLUMNS, OXYGEN_COLUMNS, POINT_COLUMNS, PROFILE_COLUMNS, OXYGEN_PROFILE_COLUMNS]


@pytest.mark.parametrize("table", TABLES)
def test_the_unit_in_a_name_is_the_unit_of_its_column(table):
    for name, column in table.items():
        suffix = next((s for s in sorted(SUFFIXES, key=len, reverse=True) if name.endswith(s)), None)
        assert column.unit == (SUFFIXES[suffix] if suffix else "1"), name
        assert column.description


def test_no_name_is_in_two_tables():
    names = [name for table in TABLES[:2] for name in table]
    names_of_arrays = [name for table in TABLES[2:] for name in table]
    assert len(set(names)) == len(names)
    assert len(set(names_of_arrays)) == len(names_of_arrays)


def test_every_array_of_a_profile_has_a_column():
    others = {"time_s", "extracted_per_formula", "more"}
    arrays = {field.name for field in dataclasses.fields(profile(0))} - others
    assert arrays == POINT_COLUMNS.keys() | PROFILE_COLUMNS.keys()


def test_a_profile_of_unequal_arrays_is_refused():
    with pytest.raises(OutputError, match=r"hoop_Pa \(3,\)"):
        dataclasses.replace(profile(1), hoop_Pa=np.zeros(3))
    with pytest.raises(OutputError, match=r"oxygen_mol_m3 \(3,\)"):
        dataclasses.replace(profile(1), more={"oxygen_mol_m3": np.zeros(3)})


def test_a_further_array_of_a_profile_has_a_name_that_is_known():
    with pytest.raises(OutputError, match="no further array called speed; known are oxygen_mol_m3, "):
        dataclasses.replace(profile(1), more={"speed": np.zeros(31), "oxygen_mol_m3": np.zeros(31)})


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


def test_further_arrays_are_stacked_too():
    stacked = Profiles.stack([oxygen_profile(step) for step in (0, 2)])
    assert list(stacked) == [*PROFILE_COLUMNS, *OXYGEN_PROFILE_COLUMNS]
    for name in OXYGEN_PROFILE_COLUMNS:
        assert stacked[name].shape == (2, 31)
        np.testing.assert_array_equal(stacked[name][1], oxygen_profile(2).more[name])


@pytest.mark.parametrize("profiles", [(oxygen_profile(0), profile(1)), (profile(0), oxygen_profile(1))])
def test_further_arrays_that_come_and_go_are_refused(profiles):
    with pytest.raises(
        OutputError, match=r"10 s has other further arrays \(.*oxygen_mol_m3, oxygen_generated"
    ):
        Profiles.stack(profiles)


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


@pytest.mark.parametrize(
    ("rows", "missing", "unknown"),
    [
        ([{**row(0), "sink_filling": 0.5}], "oxygen_balance_error, .*oxygen_surface_to_centre", "none"),
        ([row(0), oxygen_row(1)], "none", "oxygen_balance_error, .*sink_filling"),
        ([oxygen_row(0), row(1)], "oxygen_balance_error, .*sink_filling", "none"),
    ],
)
def test_a_history_has_oxygen_in_every_row_or_in_none(rows, missing, unknown):
    folder = NullFolder()
    for accepted in rows[:-1]:
        folder.step(accepted)
    with pytest.raises(OutputError, match=rf"missing: {missing}; unknown: {unknown}\."):
        folder.step(rows[-1])
