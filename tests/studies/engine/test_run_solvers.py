"""Points that several processes share."""

from __future__ import annotations

from pathlib import Path

import pytest

import oxyshell
from oxyshell.errors import OxyshellError
from oxyshell.scenario.loading import load
from oxyshell.studies.engine.run_solvers import Launched
from tests.processes import MPIEXEC
from tests.studies.sweeps import PEAK, SCENARIOS
from tests.test_parallel import PLANE, SAME

pytestmark = pytest.mark.slow
needs_mpiexec = pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")


@needs_mpiexec
def test_points_shared_by_two_processes_give_the_same_study_and_a_failure_its_reason(tmp_path: Path) -> None:
    scenario = load(SCENARIOS / "lrmo-ru1.yaml").with_values(PLANE)
    # A step that may not be made smaller and is far too long.
    rough = {"numerics.first_step": "9000 s", "numerics.minimum_step": "9000 s"}
    points = {"points": [{"shell.deficiency": 0.1}, rough]}
    shared = oxyshell.sweep(scenario, plan=points, processes=2, out=tmp_path)
    alone = oxyshell.sweep(scenario, plan=points)
    assert shared.status == alone.status == ("completed", "failed")
    assert "the time step fell below" in shared.reason[1]
    assert "Traceback" not in shared.reason[1]
    own, other = (study.column(PEAK).values[0] for study in (shared, alone))
    assert own == pytest.approx(other, rel=SAME)
    (folder,) = (path for path in (tmp_path / "runs").iterdir() if (path / "summary.json").exists())
    assert load(folder / "scenario.yaml").get("shell.deficiency") == 0.1


@needs_mpiexec
def test_a_run_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match=r"took longer than 0\.5 s"):
        Launched(2, 0.5).run(load(SCENARIOS / "lrmo-ru1.yaml"), tmp_path / "run")


def test_without_mpiexec_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OxyshellError, match=r"3 processes need mpiexec.*oxyshell\[fenicsx\]"):
        Launched(3)
