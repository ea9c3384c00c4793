"""What output times write grows with their number, and a kill costs at most the one under way."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import RunFolder, read_run
from oxyshell.outputs.fields import StoredFields
from oxyshell.outputs.memory import Extent
from oxyshell.outputs.profiles import ProfileFile, read_profiles
from oxyshell.running.simulation import run
from oxyshell.scenario.loading import load
from tests.outputs.sample_run import SCENARIO, fields, profile, row
from tests.test_restart import undrawn

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures(undrawn.__name__)]
SCENARIOS = Path(__file__).parents[2] / "scenarios"
IO = Path("/proc/self/io")
linux = pytest.mark.skipif(not IO.exists(), reason="what a process writes is read from Linux's /proc")


def written() -> int:
    """Bytes that this process has written so far."""
    return int(IO.read_text().split("wchar:")[1].split()[0])


def left(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def record(path: Path, outputs: int) -> None:
    with RunFolder(path) as folder:
        folder.start(SCENARIO)
        for step in range(outputs):
            folder.step(row(step))
            folder.snapshot(profile(step), fields(step))
        folder.finish({})


@linux
@pytest.mark.parametrize("outputs", [66, 300])
def test_a_folder_writes_at_most_twice_what_it_leaves(outputs: int, tmp_path: Path) -> None:
    record(tmp_path / "warm", 1)
    before = written()
    record(tmp_path / "run", outputs)
    assert left(tmp_path / "run") < written() - before < 2 * left(tmp_path / "run")


@linux
@pytest.mark.parametrize("outputs", [4, 100])
def test_a_run_with_its_checkpoints_writes_at_most_twice_what_it_leaves(outputs: int, tmp_path: Path) -> None:
    contents = [float(content) for content in np.linspace(0.001, 0.05, outputs)]
    scenario = load(SCENARIOS / "lrmo-pristine.yaml").with_values(
        {
            "protocol": [{"charge": {"rate": "0.1 C", "until": {"extracted": 0.05}}}],
            "numerics.time_tolerance": 1e-2,
            "numerics.elements.bulk": 6,
            "output.at.extracted": contents,
        }
    )
    run(scenario, tmp_path / "warm", checkpoint_every=1e9)
    before = written()
    result = run(scenario, tmp_path / "run", checkpoint_every=1e9)
    assert len(result.profiles.times) >= outputs
    assert written() - before < 2 * left(tmp_path / "run")


def test_profiles_are_all_there_between_the_times_at_which_their_file_is_written(tmp_path: Path) -> None:
    kept = []
    file = ProfileFile(tmp_path / "profiles.h5")
    for step in range(20):
        kept.append(profile(step))
        file.add(kept)
        found = read_profiles(tmp_path / "profiles.h5")
        np.testing.assert_array_equal(found.times, 10.0 * np.arange(step + 1))
        np.testing.assert_array_equal(found["hoop_Pa"][-1], profile(step).hoop_Pa)
        np.testing.assert_array_equal(found["displacement_m"][-1], profile(step).displacement_m)
    with h5py.File(tmp_path / "profiles.h5") as stored:
        assert len(stored["time_s"]) == 1
    file.write(kept)
    assert [one.name for one in tmp_path.iterdir()] == ["profiles.h5"]


@pytest.mark.parametrize("lost", [1, 8, 100])
def test_a_record_that_is_not_complete_costs_that_output_time_only(lost: int, tmp_path: Path) -> None:
    file, kept = ProfileFile(tmp_path / "profiles.h5"), []
    for step in range(8):
        kept.append(profile(step))
        file.add(kept)
    tail = tmp_path / "profiles.tail"
    tail.write_bytes(tail.read_bytes()[:-lost])
    np.testing.assert_array_equal(read_profiles(tmp_path / "profiles.h5").times, 10.0 * np.arange(7))


def test_records_that_the_file_has_got_meanwhile_are_not_taken_twice(tmp_path: Path) -> None:
    file, kept = ProfileFile(tmp_path / "profiles.h5"), []
    for step in range(7):
        kept.append(profile(step))
        file.add(kept)
    tail = (tmp_path / "profiles.tail").read_bytes()
    file.write(kept[:6])
    (tmp_path / "profiles.tail").write_bytes(tail)  # as after a kill just before it was removed
    np.testing.assert_array_equal(read_profiles(tmp_path / "profiles.h5").times, 10.0 * np.arange(7))


def test_another_grid_in_the_tail_is_refused(tmp_path: Path) -> None:
    file = ProfileFile(tmp_path / "profiles.h5")
    with pytest.raises(OutputError, match="has other points"):
        file.add([*(profile(step) for step in range(5)), profile(5, points=30)])


@pytest.mark.parametrize("place", [Extent(1, 1), Extent(3, 3), Extent(7, 6)])
def test_a_run_that_goes_on_is_cut_back_and_leaves_what_an_undisturbed_one_leaves(
    place: Extent, tmp_path: Path
) -> None:
    record(tmp_path / "whole", 9)
    with RunFolder(tmp_path / "run") as folder:
        folder.start(SCENARIO)
        for step in range(7):
            folder.step(row(step))
            folder.snapshot(profile(step), fields(step))
    again = RunFolder(tmp_path / "run")
    again.go_on(SCENARIO, place)
    with again as folder:
        for step in range(place.rows, 9):
            folder.step(row(step))
            if step >= place.snapshots:
                folder.snapshot(profile(step), fields(step))
        if place.snapshots < place.rows:
            folder.snapshot(profile(9), fields(9))
        folder.finish({})
    found, expected = read_run(tmp_path / "run"), read_run(tmp_path / "whole")
    np.testing.assert_array_equal(found.history["time_s"], expected.history["time_s"])
    assert len(found.profiles.times) == len(found.fields) == 9
    np.testing.assert_array_equal(found.profiles["occupancy"][:6], expected.profiles["occupancy"][:6])
    assert not (tmp_path / "run" / "profiles.tail").exists()


@pytest.mark.parametrize("lost", range(1, 100, 7))
def test_an_index_that_a_full_disk_cut_off_lists_what_is_complete(lost: int, tmp_path: Path) -> None:
    record(tmp_path, 6)
    index = tmp_path / "fields.pvd"
    index.write_bytes(index.read_bytes()[:-lost])
    assert StoredFields(tmp_path).times in (
        [0.0, 10.0, 20.0, 30.0, 40.0, 50.0],
        [0.0, 10.0, 20.0, 30.0, 40.0],
    )
