from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.program import SCENARIOS, program

pytestmark = pytest.mark.slow


def test_a_sweep_prints_its_points_and_where_they_are_and_fails_if_one_does(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "lrmo-pristine.yaml", tmp_path)
    (tmp_path / "steps.yaml").write_text(
        "sweep: smallest steps\nscenario: lrmo-pristine.yaml\nset: {numerics.first_step: 10000 s}\n"
        "over: {numerics.minimum_step: [1 s, 9000 s]}\nkeep: summary\n"
    )
    done = program("sweep", "steps.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "1 of 2 points completed, 1 failed (--retry tries them again)" in done.stdout
    assert "point 1 failed: the time step fell below 2.5 h" in done.stdout
    assert "MPa" in done.stdout
    assert "2/2 points, 1 failed" in done.stderr
    files = {entry.name for entry in (tmp_path / "results" / "steps").iterdir()}
    assert files == {"points.jsonl", "study.csv", "study.h5", "report.html"}


def test_the_retention_of_both_particles_ends_in_a_table_and_in_words(tmp_path: Path) -> None:
    done = program("compare", SCENARIOS / "lrmo-oxygen-retention.yaml", "--out", tmp_path / "kept")
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "kept" / "comparison.json").read_text())["rows"]
    kept = {
        (row["case"], row["system"]): row["computed"] for row in rows if row["quantity"] == "oxygen.retention"
    }
    assert len(kept) == 2 + 3 + 3 * 2
    for (case, system), value in kept.items():
        lines = [
            line for line in done.stdout.splitlines() if f"{system} " in line and f" {value:.4g} " in line
        ]
        assert lines, (case, system)
    assert kept["as in the files", "pristine"] == pytest.approx(0.140, abs=0.0007)
    assert kept["as in the files", "Ru-1"] == pytest.approx(0.978, abs=0.005)
    told = " ".join(done.stdout.split())
    for words in (
        "Ru-1: 0.46 wt% RuO2 on a sphere of R = 150 nm is 0.140 nm spread evenly",
        "islands of 3 nm height cover 4.7 %, no closed coating.",
        "This run assumes a coating that closes 100 % of the surface all the same.",
        "oxygen diffusivity = 1.40625e-18 m²/s",
        "oxygen initial = 7500 mol/m³",
        "pristine: Predicted from these: how much oxygen stays, and how evenly",
        "O2 leaves the sink at 5.0e-13 1/s",
    ):
        assert words in told
    for picture in ("oxygen.png", "release.png", "history.png"):
        assert (tmp_path / "kept" / picture).stat().st_size > 10_000
