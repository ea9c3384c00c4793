from __future__ import annotations

import signal
from pathlib import Path

import pytest

from oxyshell.studies.loading import load_sweep
from oxyshell.studies.sweep import run as sweeping
from oxyshell.studies.sweep import store
from tests.studies import kill_sweeps, sweeps

pytestmark = pytest.mark.slow
# `python -m tests.studies.kill_sweeps` does the same ten times each.


# So many that a sweep has not ended by the time it is disturbed, also where this process has to wait.
POINTS = 80


@pytest.fixture(scope="module", params=["summary", pytest.param("folders", marks=pytest.mark.long)])
def keep(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(keep: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp(keep)


@pytest.fixture(scope="module")
def undisturbed(keep: str, folder: Path) -> dict[str, list[str]]:
    """The results of twenty points that nobody disturbed."""
    file = kill_sweeps.write(folder, keep, points=POINTS)
    return sweeps.results(sweeping.run(load_sweep(file), None, sweeps.Here))


def test_after_a_kill_nothing_but_the_points_in_flight_runs_again(
    keep: str, folder: Path, undisturbed: dict[str, list[str]]
) -> None:
    kill_sweeps.check(kill_sweeps.the_sweep, keep, folder, 2.0, undisturbed)


@pytest.mark.parametrize("keep", ["summary"], indirect=True)
def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(
    folder: Path, undisturbed: dict[str, list[str]]
) -> None:
    file, out = folder / "sweep.yaml", folder / "interrupted"
    process = sweeps.start(file, out, "--quiet")
    sweeps.wait_for_points(out, 3)
    workers = sweeps.children(process.pid)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert told == f"oxyshell: stopped; the same command goes on from here. Results in {out}\n"
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    reached = store.read(out)
    assert reached.status.count("completed") == sweeps.ended(out)
    assert reached.status.count("pending") == POINTS - sweeps.ended(out) > 0
    told = sweeps.finish(file, out, "--workers", "2")
    assert f"Results in {out}: study.html, study.csv, study.h5" in told
    assert f"{POINTS} of {POINTS} points completed" in told
    assert f"of {POINTS} points are there already" in told
    assert sweeps.read_results(out) == undisturbed
    assert set(sweeps.runs_of_points(out).values()) == {1}
