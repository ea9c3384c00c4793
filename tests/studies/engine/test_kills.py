from __future__ import annotations

import signal
from pathlib import Path

import pytest

from oxyshell.studies.engine import study_store
from oxyshell.studies.registry import load_study
from oxyshell.studies.sweep import SWEEP
from oxyshell.studies.sweep import run as sweeping
from tests.studies import kill_sweeps, sweeps

pytestmark = pytest.mark.slow
# `python -m tests.studies.kill_sweeps` does the same ten times each.


# Points of a sweep that is killed after two seconds.
POINTS = 80


@pytest.fixture(scope="module", params=["summary", pytest.param("folders", marks=pytest.mark.long)])
def keep(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(keep: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp(keep)


@pytest.fixture(scope="module")
def undisturbed(keep: str, folder: Path) -> dict[str, list[str]]:
    """The results of all points in a sweep without a disturbance."""
    file = kill_sweeps.write(folder, keep, points=POINTS)
    return sweeps.results(sweeping.run(load_study(SWEEP, file), None, sweeps.Here))


def test_after_a_kill_nothing_but_the_points_in_flight_runs_again(
    keep: str, folder: Path, undisturbed: dict[str, list[str]]
) -> None:
    kill_sweeps.check(kill_sweeps.the_sweep, keep, folder, 2.0, undisturbed)


def interrupted(file: Path, out: Path) -> tuple[int, str, list[int]]:
    """Start a sweep, send Ctrl-C after three points: return code, output, processes that it had started."""
    process = sweeps.start(file, out, "--quiet")
    sweeps.wait_for_points(out, 3)
    workers = sweeps.children(process.pid)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=120)
    return process.returncode, told, workers


def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(tmp_path: Path) -> None:
    # Where this process had to wait, the sweep may have ended before the signal came: then a longer one.
    for points in (POINTS, 4 * POINTS, 16 * POINTS):
        folder = tmp_path / f"{points}"
        file, out = kill_sweeps.write(folder, "summary", points), folder / "interrupted"
        code, told, workers = interrupted(file, out)
        if sweeps.ended(out) < points:
            break
        assert code == 0, told
    else:
        pytest.fail(f"a sweep of {points} points ended before Ctrl-C")
    assert code == 130, told
    assert told == f"oxyshell: stopped; the same command goes on from here. Results in {out}\n"
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    reached = study_store.read(out)
    assert reached.status.count("completed") == sweeps.ended(out)
    assert reached.status.count("pending") == points - sweeps.ended(out) > 0
    # A long path makes the line wrap.
    told = " ".join(sweeps.finish(file, out, "--workers", "2").split())
    assert f"Results in {out}: study.csv, study.h5" in told
    assert f"{points} of {points} points completed" in told
    assert f"of {points} points are there already" in told
    undisturbed = sweeping.run(load_study(SWEEP, file), None, sweeps.Here)
    assert sweeps.read_results(out) == sweeps.results(undisturbed)
    assert set(sweeps.runs_of_points(out).values()) == {1}
