from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import Column, RunFolder, read_run
from tests.outputs import sample_run
from tests.outputs.sample_run import COLUMNS, SCENARIO, numbers, profile, row


@pytest.fixture(scope="module", params=[12, 40])
def killed(request, tmp_path_factory):
    """The folder of a run that was killed somewhere after so many steps."""
    path = tmp_path_factory.mktemp("killed") / "run"
    process = subprocess.Popen([sys.executable, sample_run.__file__, str(path)])
    deadline = time.monotonic() + 60
    try:
        while (
            not (path / "history.csv").exists()
            or (path / "history.csv").read_text().count("\n") < request.param
        ):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.003)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return path


def test_a_killed_run_can_be_read(killed):
    result = read_run(killed)
    steps = len(result.history["time_s"])
    assert steps >= 10
    for name in COLUMNS:
        np.testing.assert_array_equal(result.history[name], [numbers(step)[name] for step in range(steps)])
    assert result.scenario == SCENARIO
    assert result.summary == {}
    snapshots = len(result.profiles.times)
    # Every fifth step is an output time; the kill may fall between the step and the end of its snapshot.
    assert snapshots in {(steps - 1) // 5, (steps - 1) // 5 + 1}
    assert len(result.fields) in {snapshots, snapshots + 1}
    for index, snapshot in enumerate(result.fields):
        assert snapshot.time_s == 50.0 * index
        np.testing.assert_array_equal(
            snapshot.point_data["occupancy"], sample_run.fields(5 * index).point_data["occupancy"]
        )
    for index in range(snapshots):
        np.testing.assert_array_equal(result.profiles["hoop_Pa"][index], profile(5 * index).hoop_Pa)
    with h5py.File(killed / "history.h5") as file:
        np.testing.assert_array_equal(file["time_s"], 10.0 * np.arange(len(file["time_s"])))
    with h5py.File(killed / "profiles.h5") as file:
        np.testing.assert_array_equal(file["hoop_Pa"][0], profile(0).hoop_Pa)


def test_a_killed_run_can_be_run_again(killed):
    with RunFolder(killed) as folder:
        folder.start(SCENARIO)
        folder.finish({})
    assert len(read_run(killed).fields) == 0


def test_a_last_line_without_an_end_is_left_out(tmp_path):
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        folder.step(row(0))
    with (tmp_path / "history.csv").open("a") as file:
        file.write("10.0,1.142")
    np.testing.assert_array_equal(read_run(tmp_path).history["time_s"], [0.0])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("history.csv", "time_s\n# s\nabc\n", "not a history that oxyshell wrote"),
        ("history.csv", None, r"history\.csv: No such file"),
        ("profiles.h5", "not HDF5", r"profiles\.h5"),
        ("fields.pvd", "<VTKFile", r"fields\.pvd is not a ParaView index"),
        ("summary.json", "{", r"summary\.json cannot be read"),
        ("scenario.yaml", None, "not a run folder"),
    ],
)
def test_a_file_that_is_spoilt_or_gone_is_named(tmp_path, name, content, message):
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        folder.finish({})
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(content)
    with pytest.raises(OutputError, match=message):
        read_run(tmp_path)


def test_profiles_without_their_datasets_are_named(tmp_path):
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
    with h5py.File(tmp_path / "profiles.h5", "w") as file:
        file["other"] = 1.0
    with pytest.raises(OutputError, match="no dataset"):
        read_run(tmp_path)


def test_reading_and_writing_interfaces_load_nothing_heavy():
    heavy = ["matplotlib", "h5py", "meshio", "scipy", "rich", "pyvista", "dolfinx", "petsc4py", "mpi4py"]
    code = f"import sys, oxyshell.outputs; print([name for name in {heavy} if name in sys.modules])"
    root = Path(sample_run.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_profiles_keep_the_order_of_their_arrays_and_their_columns(tmp_path):
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        folder.step(row(0))
        folder.snapshot(profile(0), sample_run.fields(0))
    found = read_run(tmp_path).profiles
    assert list(found) == list(profile(0).columns)
    assert found.columns == profile(0).columns


def test_profiles_that_do_not_say_which_arrays_they_have_are_read(tmp_path):
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        folder.step(row(0))
        folder.snapshot(profile(3), sample_run.fields(3))
    with h5py.File(tmp_path / "profiles.h5", "a") as file:
        del file.attrs["arrays"]
        del file["hoop_Pa"].attrs["description"]
    found = read_run(tmp_path).profiles
    assert found.keys() == profile(3).columns.keys()
    assert found.columns["hoop_Pa"] == Column("Pa", "")
    for name, values in profile(3).values.items():
        np.testing.assert_array_equal(found[name], [values])
