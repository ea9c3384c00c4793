"""The state script of ParaView, run by its own Python."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import oxyshell
from oxyshell.outputs.paraview import write_state
from tests.program import SCENARIOS

TOLD = """
import runpy, sys
sys.argv = sys.argv[:1]
import paraview.simple as simple
simple.Render = lambda *_: None
state = runpy.run_path({script!r})
print("SEEN", list(state["scene"].TimeKeeper.TimestepValues), state["warped"].ScaleFactor)
data = state["stress"].PointData
print("SEEN", [data.GetArray(index).Name for index in range(data.GetNumberOfArrays())])
"""


@pytest.fixture
def run(tmp_path: Path):
    scenario = oxyshell.load(SCENARIOS / "lrmo-ru1.yaml").with_values({"numerics.time_tolerance": 1e-2})
    return oxyshell.run(scenario, tmp_path / "run", figures="none")


def test_the_script_draws_the_largest_displacement_over_a_share_of_the_particle(run) -> None:
    script = write_state(run)
    text = script.path.read_text()
    compile(text, script.path, "exec")
    largest = abs(run.profiles["displacement_m"]).max() * script.warp
    assert 0.05 < largest / run.profiles.radius_m.max() < 0.12
    assert f"WARP = {script.warp:g}" in text
    assert "fields/particle.pvd" in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pvpython") is None, reason="ParaView's pvpython is not on the PATH")
def test_paraview_opens_the_state_with_times_deformation_and_the_stress_in_mpa(run, tmp_path: Path) -> None:
    script = write_state(run)
    look = tmp_path / "look.py"
    look.write_text(TOLD.format(script=str(script.path)))
    command = ["pvpython", str(look)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    seen = [line.removeprefix("SEEN ") for line in done.stdout.splitlines() if line.startswith("SEEN")]
    assert len(seen) == 2, done.stderr
    assert f"{float(run.profiles.times[-1])}" in seen[0]
    assert seen[0].endswith(f"{script.warp}")
    assert "First principal stress (MPa)" in seen[1]
