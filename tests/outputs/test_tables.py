"""Tables of steps and cycles: rows with texts, as CSV, HDF5 and pandas, cut and gone on with."""

from __future__ import annotations

import csv
import importlib.util

import h5py
import numpy as np
import pandas
import pytest

from oxyshell.errors import OutputError, OxyshellError
from oxyshell.outputs import Column, NullFolder, Row, RunFolder, read_run
from oxyshell.outputs.memory import Extent
from oxyshell.outputs.table import GrowingTable
from tests.outputs.sample_run import LABELS, NUMBERS, SCENARIO, fields, profile
from tests.outputs.sample_run import TABLE_COLUMNS as COLUMNS
from tests.outputs.sample_run import row as history_row
from tests.outputs.sample_run import table_row as row

COUNT = len(LABELS)


def record(folder, first=0, last=COUNT):
    """A history row, a row of steps, and after every other one a row of cycles."""
    for index in range(first, last):
        folder.step(history_row(index))
        if index in (0, 5):
            folder.snapshot(profile(index), fields(index))
        folder.protocol_step(row(index))
        if index % 2:
            folder.cycle(row(index))


def whole(folder):
    with folder:
        folder.start(SCENARIO)
        record(folder)
        return folder.finish({})


def as_written(table):
    return {name: [*map(repr, values.tolist())] for name, values in table.items()}


@pytest.mark.parametrize("source", ["finish", "read back", "memory"])
def test_all_values_come_back_as_they_were(tmp_path, source):
    result = whole(NullFolder() if source == "memory" else RunFolder(tmp_path))
    result = read_run(tmp_path) if source == "read back" else result
    steps, cycles = result.step_table, result.cycle_table
    assert list(steps) == list(cycles) == list(COLUMNS)
    assert steps.units == {name: column.unit for name, column in COLUMNS.items()}
    assert steps["label"].tolist() == list(LABELS)
    assert [*map(repr, steps["duration_s"].tolist())] == [*map(repr, NUMBERS)]
    assert steps["step"].tolist() == list(range(1, COUNT + 1))
    assert steps["step"].dtype == np.int64
    assert (steps.rows, cycles.rows) == (COUNT, COUNT // 2)
    assert cycles["label"].tolist() == list(LABELS[1::2])


def test_the_csv_file_is_one_for_other_programs(tmp_path):
    whole(RunFolder(tmp_path))
    with (tmp_path / "steps.csv").open(newline="", encoding="utf-8") as file:
        names, units, *rows = csv.reader(file)
    assert names == list(COLUMNS)
    assert units == ["# 1", "", "", "s", "W h/kg"]
    # A spreadsheet would take the fifth label for a formula.
    assert [one[1] for one in rows][:5] == [*LABELS[:4], "'=SUM(A1)"]
    found = pandas.read_csv(tmp_path / "steps.csv", comment="#", keep_default_na=False, na_values=["nan"])
    assert found["step"].tolist() == list(range(1, COUNT + 1))
    np.testing.assert_array_equal(found["duration_s"].to_numpy(), NUMBERS)
    assert found["label"][2] == LABELS[2]


@pytest.mark.parametrize("name", ["steps", "cycles"])
def test_hdf5_has_the_same_as_csv_with_units_and_meanings(tmp_path, name):
    whole(RunFolder(tmp_path))
    result = read_run(tmp_path)
    table = result.step_table if name == "steps" else result.cycle_table
    with h5py.File(tmp_path / f"{name}.h5") as file:
        assert set(file) == set(COLUMNS)
        for column, values in table.items():
            stored = file[column].asstr()[()] if column in ("label", "reason") else file[column][()]
            np.testing.assert_array_equal(np.asarray(stored.tolist()), values)
            assert file[column].attrs["units"] == COLUMNS[column].unit
            assert file[column].attrs["description"] == COLUMNS[column].description
        assert file["step"].dtype == np.int64
        np.testing.assert_array_equal(file["label"].dims[0]["step"], table["step"])


def test_pandas_has_numbers_as_numbers_texts_as_texts_and_units(tmp_path):
    result = whole(RunFolder(tmp_path))
    for steps in (result.steps, read_run(tmp_path).steps):
        assert steps.dtypes["step"] == np.int64
        assert steps.dtypes["duration_s"] == np.float64
        assert pandas.api.types.is_string_dtype(steps["label"])
        assert steps["label"].tolist() == list(LABELS)
        assert steps.attrs["units"] == {name: column.unit for name, column in COLUMNS.items()}
        assert steps[steps.reason == "already met"].step.tolist() == [2, 4, 6, 8, 10, 12, 14]
    pandas.testing.assert_frame_equal(result.steps, read_run(tmp_path).steps)
    pandas.testing.assert_frame_equal(result.cycles, read_run(tmp_path).cycles)


def test_without_pandas_the_arrays_are_there_and_an_error_says_what_to_install(tmp_path, monkeypatch):
    result = whole(NullFolder())
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pandas" else found(name))
    assert result.step_table["label"].tolist() == list(LABELS)
    for name in ("steps", "cycles"):
        with pytest.raises(OxyshellError, match=r"needs pandas, .*pip install 'oxyshell\[studies\]'"):
            getattr(result, name)


def test_a_run_that_has_ended_no_step_has_empty_tables_and_no_files(tmp_path):
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        folder.step(history_row(0))
        result = folder.finish({})
    for one in (result, read_run(tmp_path)):
        assert (one.step_table.rows, one.cycle_table.rows) == (0, 0)
        assert (len(one.steps), len(one.cycles)) == (0, 0)
    assert not [*tmp_path.glob("steps.*"), *tmp_path.glob("cycles.*")]


def test_a_new_run_has_none_of_the_rows_of_the_one_before(tmp_path):
    whole(RunFolder(tmp_path))
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        folder.step(history_row(0))
        assert not [*tmp_path.glob("steps.*"), *tmp_path.glob("cycles.*")]
        folder.protocol_step(row(3))
        assert read_run(tmp_path).step_table["label"].tolist() == [LABELS[3]]


def test_every_row_is_there_at_once_and_one_that_was_not_finished_costs_only_itself(tmp_path):
    path = tmp_path / "steps.csv"
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        before = b""
        for index in range(COUNT):
            folder.step(history_row(index))
            folder.protocol_step(row(index))
            content = path.read_bytes()
            assert as_written(read_run(tmp_path).step_table)["label"] == [*map(repr, LABELS[: index + 1])]
            # Cut anywhere in its last row, also behind a line feed in a quoted text.
            for end in range(len(before), len(content)):
                path.write_bytes(content[:end])
                assert read_run(tmp_path).step_table.rows == index if before else True
            path.write_bytes(content)
            before = content


@pytest.mark.parametrize("stop", range(1, COUNT + 1))
@pytest.mark.parametrize("later", [0, 3])
def test_a_run_that_goes_on_at_any_row_leaves_the_same_bytes(tmp_path, stop, later):
    whole(RunFolder(tmp_path / "whole"))
    with RunFolder(tmp_path / "run") as folder:
        folder.start(SCENARIO)
        record(folder, 0, stop)
        place = folder.place
        # What a killed run has written after its last checkpoint.
        record(folder, stop, min(stop + later, COUNT))
    assert place == Extent(stop, 1 if stop <= 5 else 2, stop, stop // 2)
    again = RunFolder(tmp_path / "run")
    again.go_on(SCENARIO, place)
    with again:
        record(again, stop)
        result = again.finish({})
    for name in ("history.csv", "steps.csv", "cycles.csv"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert as_written(result.step_table) == as_written(read_run(tmp_path / "whole").step_table)
    assert result.step_table["step"].dtype == np.int64
    for name in ("steps", "cycles"):
        mine, other = (h5py.File(tmp_path / one / f"{name}.h5") for one in ("run", "whole"))
        with mine, other:
            for column in COLUMNS:
                assert dict(mine[column].attrs)["description"] == dict(other[column].attrs)["description"]
                np.testing.assert_array_equal(mine[column][()], other[column][()])


def test_a_run_with_fewer_rows_than_its_checkpoint_says_is_not_gone_on_with(tmp_path):
    whole(RunFolder(tmp_path))
    with pytest.raises(OutputError, match=f"{COUNT} steps and 7 cycles, fewer .* {COUNT + 1} steps and"):
        RunFolder(tmp_path).go_on(SCENARIO, Extent(COUNT, 2, COUNT + 1, 7))
    (tmp_path / "cycles.csv").unlink()
    with pytest.raises(OutputError, match=f"{COUNT} steps and 0 cycles, fewer"):
        RunFolder(tmp_path).go_on(SCENARIO, Extent(COUNT, 2, COUNT, 7))


@pytest.mark.parametrize(
    "content", ["step,label\n# 1,\n1\n", "step,label\n# 1,\nx,y\n", 'step\n# 1\n1"2"\n"3"4\n', "a,b\n# 1\n"]
)
def test_a_spoilt_file_is_named(tmp_path, content):
    whole(RunFolder(tmp_path))
    (tmp_path / "steps.csv").write_text(content)
    with pytest.raises(OutputError, match=r"steps\.csv is not a table of steps that oxyshell wrote"):
        read_run(tmp_path)


def test_rows_take_eight_bytes_a_number():
    table, columns = GrowingTable("history"), {f"column_{n}": Column("1", "") for n in range(20)}
    import tracemalloc

    rows = [Row(columns, dict.fromkeys(columns, index + 0.5)) for index in range(5)]
    tracemalloc.start()
    for index in range(5000):
        table.add(rows[index % 5])
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # What a block that grows by eighths has in reserve.
    assert used < 1.2 * 8 * 20 * 5000


def test_a_column_whose_numbers_are_not_all_whole_is_one_of_floating_point_numbers():
    table, columns = GrowingTable("history"), {"a": Column("1", "")}
    for number in (1, 2.5):
        table.add(Row(columns, {"a": number}))
    assert table.table()["a"].dtype == np.float64
