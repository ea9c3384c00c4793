from __future__ import annotations

import csv
import json
import logging
import resource

import h5py
import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import NullFolder, RunFolder, read_run
from oxyshell.outputs.memory import Extent
from tests.outputs.sample_run import COLUMNS, PROFILE_COLUMNS, RADIUS, SCENARIO, fields, numbers, profile, row

STEPS = 7
OUTPUT_STEPS = (0, 3, 6)
SUMMARY = {
    "peak_MPa": np.float64(567.05),
    "steps": np.int64(7),
    "where": {"depth_nm": np.array([0.0, 4.5])},
    "no_such_number": float("nan"),
    "ion": "Li⁺",
}


def march(folder, steps=STEPS, output_steps=OUTPUT_STEPS):
    for step in range(steps):
        folder.step(row(step))
        if step in output_steps:
            folder.snapshot(profile(step), fields(step))


def whole_run(folder):
    with folder:
        folder.start(SCENARIO)
        march(folder)
        return folder.finish(SUMMARY)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "not" / "there" / "run"


def test_history_csv_is_read_by_numpy_and_by_csv(path):
    whole_run(RunFolder(path))
    table = np.genfromtxt(path / "history.csv", delimiter=",", names=True)
    assert table.dtype.names == tuple(COLUMNS)
    for name in COLUMNS:
        np.testing.assert_array_equal(table[name], [numbers(step)[name] for step in range(STEPS)])
    with (path / "history.csv").open(newline="") as file:
        names, units, *rows = csv.reader(file)
    assert names == list(COLUMNS)
    assert ["# s", *[column.unit for column in COLUMNS.values()][1:]] == units
    assert len(rows) == STEPS


def test_history_csv_has_every_row_as_soon_as_it_is_made(path):
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        for step in range(3):
            folder.step(row(step))
            assert len(np.loadtxt(path / "history.csv", delimiter=",", skiprows=2, ndmin=2)) == step + 1


def test_history_h5_has_values_units_and_the_time_scale(path):
    whole_run(RunFolder(path))
    with h5py.File(path / "history.h5") as file:
        assert set(file) == set(COLUMNS)
        assert file["time_s"].is_scale
        for name, column in COLUMNS.items():
            np.testing.assert_array_equal(file[name], [numbers(step)[name] for step in range(STEPS)])
            assert file[name].attrs["units"] == column.unit
            assert file[name].attrs["description"] == column.description
        np.testing.assert_array_equal(file["hoop_peak_MPa"].dims[0]["time_s"], 10.0 * np.arange(STEPS))


def test_profiles_h5_has_values_units_and_both_scales(path):
    whole_run(RunFolder(path))
    with h5py.File(path / "profiles.h5") as file:
        np.testing.assert_array_equal(file["time_s"], [0.0, 30.0, 60.0])
        np.testing.assert_array_equal(file["extracted_per_formula"], [0.1 * step for step in OUTPUT_STEPS])
        for name, column in PROFILE_COLUMNS.items():
            for index, step in enumerate(OUTPUT_STEPS):
                np.testing.assert_array_equal(file[name][index], getattr(profile(step), name))
            assert file[name].attrs["units"] == column.unit
            np.testing.assert_array_equal(file[name].dims[0]["time_s"], [0.0, 30.0, 60.0])
            np.testing.assert_array_equal(file[name].dims[1]["radius_m"], np.linspace(0.0, RADIUS, 31))


def test_tables_are_there_from_their_first_row_on_and_whole_at_the_end(path):
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        march(folder, steps=4)
        with h5py.File(path / "history.h5") as history, h5py.File(path / "profiles.h5") as profiles:
            assert len(history["time_s"]) == 1
            assert len(profiles["time_s"]) == 1
        folder.finish({})
    with h5py.File(path / "history.h5") as history, h5py.File(path / "profiles.h5") as profiles:
        assert len(history["time_s"]) == 4
        assert len(profiles["time_s"]) == 2


def test_summary_keeps_its_order_and_has_no_nan(path):
    result = whole_run(RunFolder(path))
    text = (path / "summary.json").read_text(encoding="utf-8")
    loaded = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert list(loaded) == list(SUMMARY)
    assert loaded == {
        "peak_MPa": 567.05,
        "steps": 7,
        "where": {"depth_nm": [0.0, 4.5]},
        "no_such_number": None,
        "ion": "Li⁺",
    }
    assert result.summary == loaded


def test_summary_refuses_what_json_does_not_know(path):
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        with pytest.raises(OutputError, match="cannot hold a set"):
            folder.finish({"regions": {1, 2}})
    assert not (path / "summary.json").exists()


def test_a_run_without_a_step_reads_as_a_history_without_rows(path):
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        finished = folder.finish({})
    for history in (finished.history, read_run(path).history):
        assert {name: values.shape for name, values in history.items()} == {"time_s": (0,)}


@pytest.mark.parametrize("source", ["finish", "read back", "memory"])
def test_a_result_is_the_same_from_the_run_from_disk_and_from_memory(path, source):
    result = whole_run(NullFolder() if source == "memory" else RunFolder(path))
    result = read_run(path) if source == "read back" else result
    assert result.scenario == SCENARIO
    assert result.summary["peak_MPa"] == 567.05
    assert result.summary["no_such_number"] is None
    assert list(result.history) == list(COLUMNS)
    np.testing.assert_array_equal(result.history["time_s"], 10.0 * np.arange(STEPS))
    np.testing.assert_array_equal(result.profiles["hoop_Pa"][2], profile(6).hoop_Pa)
    np.testing.assert_array_equal(result.profiles.extracted, [0.1 * step for step in OUTPUT_STEPS])
    assert [snapshot.time_s for snapshot in result.fields] == [0.0, 30.0, 60.0]
    np.testing.assert_array_equal(result.fields[1].point_data["stress"], fields(3).point_data["stress"])
    assert result.path == (None if source == "memory" else path)


def test_memory_alone_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole_run(NullFolder())
    assert list(tmp_path.iterdir()) == []


def test_run_log_has_what_oxyshell_says_during_the_run_only(path, caplog):
    caplog.set_level(logging.WARNING, "oxyshell")
    logger = logging.getLogger("oxyshell.solver")
    handlers = list(logging.getLogger("oxyshell").handlers)
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        logger.info("a step was rejected")
    logger.warning("after the end")
    text = (path / "run.log").read_text()
    assert "INFO    a step was rejected" in text
    assert "after the end" not in text
    assert logging.getLogger("oxyshell").level == logging.WARNING
    assert logging.getLogger("oxyshell").handlers == handlers


def test_the_last_line_of_the_log_says_that_the_run_reached_its_end(path):
    whole_run(RunFolder(path))
    assert (path / "run.log").read_text().splitlines()[-1].endswith("completed")


def test_a_run_that_fails_keeps_its_steps_and_says_why(path):
    def fail():
        with RunFolder(path) as folder:
            folder.start(SCENARIO)
            march(folder, steps=5)
            raise ZeroDivisionError("no step is small enough")

    with pytest.raises(ZeroDivisionError):
        fail()
    assert "ZeroDivisionError: no step is small enough" in (path / "run.log").read_text()
    with h5py.File(path / "history.h5") as file:
        assert len(file["time_s"]) == 5
    assert read_run(path).summary == {}


def test_a_run_that_fails_before_it_starts_leaves_the_folder_usable(path):
    def fail():
        with RunFolder(path):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    whole_run(RunFolder(path))
    assert len(read_run(path).fields) == len(OUTPUT_STEPS)


def test_a_new_run_leaves_nothing_of_the_previous_one(path):
    whole_run(RunFolder(path))
    (path / "figures").mkdir()
    for old in ("figures/history.png", "fields/.fields_000009.vtu.part", ".history.h5.part"):
        (path / old).write_bytes(b"old")
    with RunFolder(path) as folder:
        folder.start("name: second\n")
        folder.step(row(0))
        assert sorted(file.name for file in path.rglob("*") if file.is_file()) == [
            "history.csv",
            "history.h5",
            "run.lock",
            "run.log",
            "scenario.yaml",
        ]
        folder.snapshot(profile(0), fields(0))
    again = read_run(path)
    assert (again.scenario, again.summary) == ("name: second\n", {})
    assert len(again.fields) == len(again.profiles.times) == len(again.history["time_s"]) == 1


def test_a_folder_with_something_else_in_it_is_left_alone(path):
    path.mkdir(parents=True)
    (path / "scenario.yaml").write_text("name: what a user wrote\n")
    with pytest.raises(OutputError, match=r"not an oxyshell run \(scenario.yaml\)"):
        RunFolder(path)
    assert (path / "scenario.yaml").read_text() == "name: what a user wrote\n"


@pytest.mark.parametrize("below", [".", "deeper/run"])
def test_a_file_in_the_place_of_the_folder_is_an_error_that_names_it(tmp_path, below):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(
        OutputError, match=rf"Cannot use {tmp_path}/run.*no file stands where a folder should"
    ):
        RunFolder(tmp_path / "run" / below)


@pytest.fixture
def full_disk():
    """A limit on the size of any file stands in for a full disk: writing past it is an OSError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [1000, 3000])
def test_a_full_disk_is_an_error_and_what_was_there_stays(path, full_disk, room):
    """With 1000 bytes the fields do not fit; with 3000 they do, and a part of the profile does."""
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        march(folder, steps=4)
        good = {name: (path / name).read_bytes() for name in ("history.h5", "profiles.h5")}
        full_disk(room)
        with pytest.raises(OutputError, match="Check that the disk has room"):
            folder.snapshot(profile(4), fields(4))
        assert {name: (path / name).read_bytes() for name in good} == good
        assert list(path.rglob(".*.part")) == []
        assert all(snapshot.points.shape == (20, 3) for snapshot in read_run(path).fields)


def test_a_full_disk_stops_the_history_too(path, full_disk):
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        folder.step(row(0))
        full_disk((path / "history.csv").stat().st_size + 10)
        with pytest.raises(OutputError, match=r"history\.csv"):
            folder.step(row(1))
    assert len(read_run(path).history["time_s"]) == 1


def test_a_run_that_cannot_be_opened_leaves_the_folder_to_the_next(path):
    whole_run(RunFolder(path))
    first = RunFolder(path)
    with pytest.raises(OutputError, match=f"{STEPS} rows of history"):
        first.go_on(SCENARIO, Extent(rows=STEPS + 1, snapshots=1))
    # `first` is still there: nothing but its own care has given the lock back.
    second = RunFolder(path)
    with second:
        second.go_on(SCENARIO, Extent(rows=4, snapshots=2))
    assert first.path == path
