from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.models.base.observable import nested
from oxyshell.outputs import Column, NullFolder, Profiles, Row
from tests.outputs.sample_run import (
    COLUMNS,
    OXYGEN_PROFILE_COLUMNS,
    PROFILE_COLUMNS,
    changed,
    fields,
    oxygen_profile,
    oxygen_row,
    profile,
    row,
)


def test_a_profile_of_unequal_arrays_is_refused():
    with pytest.raises(OutputError, match=r"hoop_Pa \(3,\)"):
        changed(profile(1), hoop_Pa=np.zeros(3))
    with pytest.raises(OutputError, match=r"oxygen_mol_m3 \(3,\)"):
        changed(profile(1), oxygen_mol_m3=np.zeros(3))
    with pytest.raises(OutputError, match=r"depth_m \(3,\)"):
        dataclasses.replace(profile(1), depth_m=np.zeros(3))


def test_a_profile_has_one_array_for_every_column():
    some = {name: values for name, values in profile(1).values.items() if name != "hoop_Pa"}
    with pytest.raises(OutputError, match=r"missing: hoop_Pa; unknown: speed\."):
        dataclasses.replace(profile(1), values={**some, "speed": np.zeros(31)})


def test_an_array_of_a_profile_is_an_attribute_also_in_another_process():
    made = pickle.loads(pickle.dumps(profile(3)))
    np.testing.assert_array_equal(made.hoop_Pa, profile(3).values["hoop_Pa"])
    assert not hasattr(made, "oxygen_mol_m3")
    with pytest.raises(AttributeError, match="a profile of this run has no 'speed'"):
        made.speed  # noqa: B018


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
        np.testing.assert_array_equal(values[2], profile(5).values[name])


def test_further_arrays_are_stacked_too():
    stacked = Profiles.stack([oxygen_profile(step) for step in (0, 2)])
    assert list(stacked) == [*PROFILE_COLUMNS, *OXYGEN_PROFILE_COLUMNS]
    for name in OXYGEN_PROFILE_COLUMNS:
        assert stacked[name].shape == (2, 31)
        np.testing.assert_array_equal(stacked[name][1], oxygen_profile(2).values[name])


@pytest.mark.parametrize("profiles", [(oxygen_profile(0), profile(1)), (profile(0), oxygen_profile(1))])
def test_further_arrays_that_come_and_go_are_refused(profiles):
    with pytest.raises(
        OutputError, match=r"10 s has other arrays \(occupancy, .*than the first one \(occupancy, "
    ):
        Profiles.stack(profiles)


def test_profiles_on_other_points_are_refused():
    with pytest.raises(OutputError, match="other points"):
        Profiles.stack([profile(0), profile(1, points=30)])


def test_no_profile_at_all_is_an_empty_set():
    empty = Profiles.stack([])
    assert list(empty) == []
    assert empty.times.shape == (0,)


def test_a_history_row_has_every_column_and_no_other():
    with pytest.raises(OutputError, match=r"missing: .*time_step_s.*; unknown: speed\."):
        Row(COLUMNS, {"time_s": 0.0, "speed": 1.0})
    made_up = {"time_s": Column("s", "time"), "speed_m_s": Column("m/s", "speed")}
    folder = NullFolder()
    folder.step(Row(made_up, {"speed_m_s": 2.0, "time_s": 0.0}))
    assert {name: list(values) for name, values in folder.finish({}).history.items()} == {
        "time_s": [0.0],
        "speed_m_s": [2.0],
    }


@pytest.mark.parametrize("rows", [(row(0), oxygen_row(1)), (oxygen_row(0), row(1))])
def test_all_rows_of_a_history_have_the_same_columns(rows):
    folder = NullFolder()
    folder.step(rows[0])
    with pytest.raises(OutputError, match=r"^The history has the columns .*; row 2 has time_s, "):
        folder.step(rows[1])
    turned = dict(reversed(rows[0].columns.items()))
    with pytest.raises(OutputError, match="The rows of a run have the same columns"):
        folder.step(Row(turned, rows[0].values))


def test_an_entry_of_a_summary_is_found_by_its_path():
    summary = {"stress": {"hoop": {"peak_MPa": 1.5}}, "steps": 3}
    assert nested(summary, "stress.hoop.peak_MPa") == 1.5
    assert nested(summary, "stress.hoop") == {"peak_MPa": 1.5}
    for path in ("stress.hoop.peak", "steps.number", "nothing"):
        with pytest.raises(KeyError, match=path):
            nested(summary, path)
