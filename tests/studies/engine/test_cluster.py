from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import oxyshell
from oxyshell.errors import OxyshellError
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.cluster import DaskCluster
from oxyshell.studies.engine.point_runner import Job
from oxyshell.studies.registry import load_study
from oxyshell.studies.sweep import SWEEP
from oxyshell.studies.sweep import run as sweeping
from tests.studies import kill_sweeps, sweeps
from tests.studies.dask_cluster import Cluster, cluster
from tests.studies.sweeps import COARSE, GRID, PEAK, SCENARIOS, results

pytestmark = pytest.mark.slow
REASON = "Dask is not installed: oxyshell[cluster]"


@pytest.fixture(scope="module")
def coarse() -> Scenario:
    return oxyshell.load(SCENARIOS / "lrmo-pristine.yaml").with_values(COARSE)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed", reason=REASON)
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def test_a_cluster_gives_the_same_table_as_processes_here(
    coarse: Scenario, running: Cluster, tmp_path: Path
) -> None:
    here, _ = sweeps.sweep_here(coarse, None, over=GRID, quantities=[PEAK, "steps"])
    there = oxyshell.sweep(
        coarse, GRID, scheduler=running.address, quantities=[PEAK, "steps"], out=tmp_path / "there"
    )
    assert results(there) == results(here)
    assert {entry.name for entry in (tmp_path / "there" / "runs").iterdir()} == set(here.keys)


def test_after_a_kill_of_a_worker_the_study_is_the_undisturbed_one(running: Cluster, tmp_path: Path) -> None:
    file = kill_sweeps.write(tmp_path, "summary", points=20)
    undisturbed = results(sweeping.run(load_study(SWEEP, file), None, sweeps.Here))
    kill_sweeps.check(kill_sweeps.dask_worker(running), "summary", tmp_path, 2.0, undisturbed)


def test_what_takes_too_long_is_given_up_at_its_next_step(coarse: Scenario, running: Cluster) -> None:
    over = {"numerics.maximum_step": [None, "0.1 s"]}
    late = oxyshell.sweep(coarse, over, scheduler=running.address, timeout="3 s", quantities=[PEAK])
    assert late.status == ("completed", "timed out")
    assert late.reason[1] == "took longer than 3 s"


def test_without_dask_it_says_what_to_install(coarse: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(OxyshellError, match=r"pip install 'oxyshell\[cluster\]'"):
        oxyshell.sweep(coarse, GRID, scheduler="tcp://127.0.0.1:1")


def test_a_scheduler_that_is_not_there(coarse: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason=REASON)
    monkeypatch.setattr("oxyshell.studies.engine.cluster.PATIENCE", "1s")
    with pytest.raises(OxyshellError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1 "):
        DaskCluster(Job(coarse), "tcp://127.0.0.1:1")
