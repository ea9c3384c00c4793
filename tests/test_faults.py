"""What goes wrong outside ends in a line of words and an exit code, and the last good checkpoint stays."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import meshio
import numpy as np
import pytest

from oxyshell.errors import OutputError, RunStopped
from oxyshell.outputs import read_run
from oxyshell.outputs.checkpoint import read_checkpoint, write_checkpoint
from oxyshell.outputs.folder import CHECKPOINT
from oxyshell.running import simulation
from tests.program import SCENARIOS, call
from tests.test_restart import RU1, After, assert_same, rows, start, undrawn, wait_for

FILE = SCENARIOS / "lrmo-ru1.yaml"
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures(undrawn.__name__)]
ROUGH = ("--set", "numerics.time_tolerance=1e-3")


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """A run that was stopped on its way."""
    with pytest.raises(RunStopped):
        simulation.run(RU1, tmp_path / "run", stops=After(30))
    return tmp_path / "run"


# The file of a checkpoint.

TREE: dict[str, Any] = {
    "numbers": {"exact": 0.1 + 0.2, "none": None, "nan": float("nan"), "text": "θ"},
    "list": [{"values": np.linspace(0, 1, 7)}, {"values": np.zeros(0), "deep": {"one": np.ones((2, 3))}}],
}


def test_a_checkpoint_reads_back_to_the_last_bit(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / CHECKPOINT, TREE, "me")
    tree, identity = read_checkpoint(tmp_path / CHECKPOINT)
    assert identity == "me"
    assert tree["numbers"]["exact"] == 0.1 + 0.2
    assert np.isnan(tree["numbers"]["nan"])
    assert (tree["numbers"]["none"], tree["numbers"]["text"]) == (None, "θ")
    assert np.array_equal(tree["list"][0]["values"], TREE["list"][0]["values"])
    assert tree["list"][1]["values"].shape == (0,)
    assert np.array_equal(tree["list"][1]["deep"]["one"], np.ones((2, 3)))


def test_every_flipped_byte_is_noticed_or_without_meaning(tmp_path: Path) -> None:
    file = tmp_path / CHECKPOINT
    write_checkpoint(file, TREE, "me")
    whole = file.read_bytes()
    noticed = 0
    for place in range(0, len(whole), 37):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            tree, identity = read_checkpoint(file)
        except OutputError as error:
            assert str(file) in str(error)  # noqa: PT017 (one of two good ends)
            noticed += 1
        else:  # padding of the file format
            assert identity == "me"
            assert np.array_equal(tree["list"][0]["values"], TREE["list"][0]["values"])
    assert noticed > 5


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def prose(file: Path) -> None:
    file.write_text("once upon a time\n")


def other_numbers(file: Path) -> None:
    with h5py.File(file, "r+") as stored:
        stored["arrays/moment/state/unknowns"][3] += 1e-12


def other_file(file: Path) -> None:
    file.unlink()
    with h5py.File(file, "w") as stored:
        stored["values"] = np.ones(3)


def later_version(file: Path) -> None:
    with h5py.File(file, "r+") as stored:
        stored.attrs["version"] = 7


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut, "not a whole checkpoint"),
        (empty, "not a whole checkpoint"),
        (prose, "not a whole checkpoint"),
        (other_numbers, "does not match its checksum"),
        (other_file, "not a whole checkpoint"),
        (later_version, "has checkpoint format 7"),
    ],
)
def test_a_damaged_checkpoint_is_refused_and_nothing_is_touched(
    damage: Callable[[Path], None], words: str, stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    damage(stopped / CHECKPOINT)
    before = {file: file.read_bytes() for file in stopped.rglob("*") if file.is_file()}
    assert call(monkeypatch, "run", FILE, "--out", stopped, "--resume", "--quiet") == 1
    told = capsys.readouterr().err
    assert words in told
    assert "without --resume" in told
    assert {file: file.read_bytes() for file in stopped.rglob("*") if file.is_file()} == before


def test_files_that_fell_behind_the_checkpoint_are_refused(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    lines = (stopped / "history.csv").read_text().splitlines(keepends=True)
    (stopped / "history.csv").write_text("".join(lines[:10]))
    assert call(monkeypatch, "run", FILE, "--out", stopped, "--resume", "--quiet") == 1
    assert "holds 8 rows of history" in capsys.readouterr().err


def test_a_checkpoint_of_another_scenario_is_a_mistake_of_the_user(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    more = ("--resume", "--quiet", "--set", "shell.deficiency=0.2")
    assert call(monkeypatch, "run", FILE, "--out", stopped, *more) == 2
    assert "shell.deficiency" in capsys.readouterr().err


def test_a_wrong_time_between_checkpoints_is_a_mistake_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    for wrong in ("3 kg", "-1 s", "soon"):
        assert call(monkeypatch, "run", FILE, "--out", tmp_path / "run", "--checkpoint-every", wrong) == 2
        assert "--checkpoint-every: found" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


# The disk.


@pytest.fixture
def full_disk() -> Iterator[Callable[[int], None]]:
    """A limit on the size of any file stands in for a full disk: writing past it is an OSError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_last_checkpoint_from_which_a_run_goes_on(
    stopped: Path, tmp_path: Path, full_disk, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    good = (stopped / CHECKPOINT).read_bytes()
    full_disk(4000)
    # history.csv is longer than that already, so that the next row does not fit.
    assert (stopped / "history.csv").stat().st_size > 4000
    assert call(monkeypatch, "run", FILE, "--out", stopped, "--resume", "--quiet") == 1
    assert "Check that the disk has room" in capsys.readouterr().err
    assert (stopped / CHECKPOINT).read_bytes() == good
    full_disk(resource.RLIM_INFINITY)
    assert call(monkeypatch, "run", FILE, "--out", stopped, "--resume", "--quiet") == 0
    assert call(monkeypatch, "run", FILE, "--out", tmp_path / "whole", "--quiet") == 0
    assert_same(tmp_path / "whole", stopped)


def test_a_checkpoint_that_does_not_fit_leaves_the_one_before(tmp_path: Path, full_disk) -> None:
    write_checkpoint(tmp_path / CHECKPOINT, TREE, "me")
    good = (tmp_path / CHECKPOINT).read_bytes()
    full_disk(2000)
    with pytest.raises(OutputError, match="Check that the disk has room"):
        write_checkpoint(tmp_path / CHECKPOINT, TREE, "me")
    assert (tmp_path / CHECKPOINT).read_bytes() == good
    assert [file.name for file in tmp_path.iterdir()] == [CHECKPOINT]


@contextlib.contextmanager
def as_somebody() -> Iterator[None]:
    """As a user who is not root, to whom permissions apply."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o055)
    with as_somebody():
        assert call(monkeypatch, "run", FILE, "--out", tmp_path / "run", "--quiet") == 1
    told = capsys.readouterr().err
    assert "Permission denied" in told
    assert "you may write there" in told
    assert list((tmp_path / "run").iterdir()) == []


# Two runs.


def test_a_second_run_into_a_folder_is_refused_and_the_first_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    # Thousands of steps: it cannot have ended by the time the others try.
    first = start(tmp_path / "run", "--quiet", "--set", "numerics.maximum_step=5 s")
    wait_for(first, tmp_path / "run", 12)
    for more in ((), ("--resume",)):
        assert call(monkeypatch, "run", FILE, "--out", tmp_path / "run", "--quiet", *more) == 1
        told = capsys.readouterr().err
        assert f"(process {first.pid} on {socket.gethostname()})" in told
    wait_for(first, tmp_path / "run", rows(tmp_path / "run") + 10)
    first.terminate()
    _, told = first.communicate()
    assert first.returncode == 143, told
    assert len(read_run(tmp_path / "run").history["time_s"]) > 20


def test_the_lock_of_a_dead_process_is_taken_over(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (stopped / "run.lock").write_text(f"process {dead.pid} on {socket.gethostname()}\n")
    assert call(monkeypatch, "run", FILE, "--out", stopped, "--resume", "--quiet") == 0
    assert not (stopped / "run.lock").exists()


def test_the_lock_of_another_computer_is_respected(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (stopped / "run.lock").write_text("process 12 on far-away\n")
    assert call(monkeypatch, "run", FILE, "--out", stopped, "--resume", "--quiet") == 1
    told = capsys.readouterr().err
    assert "process 12 on far-away" in told
    assert "delete" in told
    assert (stopped / "run.lock").read_text() == "process 12 on far-away\n"


def test_a_folder_of_a_run_that_was_killed_as_it_started_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fields").mkdir()
    (tmp_path / "run.lock").touch()
    (tmp_path / "run.log").touch()
    assert call(monkeypatch, "run", FILE, "--out", tmp_path, "--resume", "--quiet", *ROUGH) == 0


# The equations and the mesh.


def test_steps_that_get_too_small_are_an_error_and_what_was_reached_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    impossible = ("--set", "numerics.minimum_step=500 s", "--set", "numerics.first_step=600 s")
    strict = ("--set", "numerics.time_tolerance=1e-9")
    assert call(monkeypatch, "run", FILE, "--out", tmp_path / "run", "--quiet", *impossible, *strict) == 1
    told = capsys.readouterr().err
    assert "the time step fell below" in told
    assert "Traceback" not in told
    assert list(read_run(tmp_path / "run").history["time_s"]) == [0.0]


CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)


def flat() -> meshio.Mesh:
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], dtype=float)
    return meshio.Mesh(corners, [("tetra", np.array([[0, 1, 2, 3]]))])


def without_its_region() -> meshio.Mesh:
    cells = [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", np.array([[1, 2, 3]]))]
    data = {name: [np.array([1]), np.array([5])] for name in ("gmsh:physical", "gmsh:geometrical")}
    names = {"surface": np.array([5, 2]), "core": np.array([7, 3])}
    return meshio.Mesh(CORNERS, cells, cell_data=data, field_data=names)


@pytest.mark.parametrize(
    ("mesh", "words"),
    [
        (flat(), "1 of 1 cells are inverted, flat or folded"),
        (without_its_region(), "'core' name no elements"),
    ],
)
def test_a_wrong_mesh_is_an_error_before_anything_is_written(
    mesh: meshio.Mesh, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    meshio.gmsh.write(tmp_path / "wrong.msh", mesh, fmt_version="2.2", binary=False)
    particle = f"{{shape: imported, radius: 1 um, mesh_file: {tmp_path}/wrong.msh, length_unit: um}}"
    more = ("--set", f"particle={particle}", "--set", "shell=null")
    assert call(monkeypatch, "run", FILE, "--out", tmp_path / "run", "--quiet", *more) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert list((tmp_path / "run").iterdir()) == []
