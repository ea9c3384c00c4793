"""A run that was stopped or killed and then resumed is the run that nobody disturbed, to the last bit."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import ResumeError, RunStopped
from oxyshell.outputs import read_run
from oxyshell.outputs.folder import CHECKPOINT
from oxyshell.running import simulation
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.registry import load_any
from tests.regions import SHELL

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[1] / "scenarios"
SHIPPED = {
    file.stem: found
    for file in sorted(FOLDER.glob("*.yaml"))
    if isinstance(found := load_any(file), Scenario)
}
RU1 = SHIPPED["lrmo-ru1"]
ROUGH = {"numerics.time_tolerance": 1e-3}
FLAT = {
    "particle.dimension": 2,
    "numerics.elements": {"layer": 2, "bulk": 4, "tangential": 3},
    **ROUGH,
}
SEVERAL = [
    {"charge": {"rate": "0.1 C", "until": {"extracted": 0.3}}},
    {"rest": {"time": "2 h"}},
    {"discharge": {"rate": "0.2 C", "until": {"extracted": 0.1, "time": "10 h"}}},
    {"hold": {"surface_occupancy": 0.95, "time": "1 h"}},
]
FIXED = {"numerics.first_step": "600 s", "numerics.maximum_step": "600 s", "numerics.time_tolerance": 0.1}
# A surface that is full after each discharge, and less and less so after each rest.
FADING = [
    {"charge": {"rate": "1 C", "until": {"voltage": "4.8 V"}}},
    {"hold": {"voltage": "4.8 V", "until": {"rate": "C/2", "time": "1 h"}}},
    {
        "repeat": {
            "times": 9,
            "steps": [
                {"discharge": {"rate": "1 C", "until": {"voltage": "2.5 V"}}},
                {"rest": {"time": "10 min"}},
            ],
            "stop": {"capacity_below": "70 %"},
        }
    },
    {"rest": {"time": "10 min"}},
]
ELECTRODE = {
    "open_circuit": {
        "msmr": [
            {"potential": "4.18 V", "share": 0.409, "width": 4.86},
            {"potential": "3.514 V", "share": 0.388, "width": 4.86},
            {"potential": "2.609 V", "share": 0.203, "width": 4.86},
        ]
    },
    "exchangeable_sites": 1.0,
    "kinetics": {"law": "constant", "exchange_current": "1 A/m^2"},
}
LAYERS = {
    "inner": {"thickness": "30 nm", "diffusivity": "1e-18 m^2/s"},
    "outer": {**SHELL, "thickness": "10 nm"},
}
BY_MULTIGRID = {
    "particle.dimension": 3,
    "numerics.degree": 1,
    "numerics.linear_solver": "multigrid",
    "numerics.elements": {"layer": 1, "bulk": 4, "tangential": 3},
    **ROUGH,
}
VARIANTS = {
    "fixed steps": RU1.with_values(FIXED),
    "several protocol steps": RU1.with_values({"protocol": SEVERAL, "output.at": {"time": ["1 h", "5 h"]}}),
    "outputs in every cycle": RU1.with_values(
        {"protocol": SEVERAL[:3] * 2, "output.at": {"extracted": [0.2], "surface_occupancy": [0.5]}}
    ),
    "cycles that fade": RU1.with_values(
        {
            "electrode": ELECTRODE,
            "protocol": FADING,
            "output.at": {"extracted": [0.2]},
            **ROUGH,
        }
    ),
    "two regions": RU1.with_values({"shell": SHELL, "protocol": SEVERAL, **ROUGH}),
    "three regions in turn": RU1.with_values(
        {"shell": None, "regions": LAYERS, **FLAT, "protocol": SEVERAL[:2], "output.at": {"time": ["5 h"]}}
    ),
    "in turn, with memory of two steps": RU1.with_values(FLAT),
    "in turn, several protocol steps": RU1.with_values(
        {**FLAT, "protocol": SEVERAL, "output.at": {"time": ["5 h"]}}
    ),
    "a round plate with voltage and oxygen": SHIPPED["lrmo-first-cycle"].with_values(
        {
            "numerics.time_tolerance": 1e-2,
            "particle": {"shape": "disc", "radius": "150 nm", "thickness": "60 nm"},
            "numerics.elements": {"layer": 2, "bulk": 4, "tangential": 2},
            "numerics.oxygen_tolerance": 1e-2,
            "protocol": FADING[:1] + FADING[3:],
        }
    ),
    "a hexagonal plate": RU1.with_values(
        {
            **ROUGH,
            "particle": {"shape": "hexagon", "radius": "150 nm", "thickness": "60 nm", "dimension": 3},
            "numerics.elements": {"layer": 1, "bulk": 4, "tangential": 6},
            "protocol": SEVERAL[:2],
            "output.at": {"extracted": [0.2]},
        }
    ),
    # Whose solver begins at what it knows, and has known more before it was stopped.
    "an octant by multigrid": RU1.with_values(
        {**BY_MULTIGRID, "protocol": SEVERAL[:2], "output.at": {"extracted": [0.2]}}
    ),
    "an octant by multigrid in a host that changes": SHIPPED["lrmo-charge-with-oxygen"].with_values(
        {
            **BY_MULTIGRID,
            "oxygen.vacancies": {"sites_lost": 1.0, "partial_molar_volume": "2 cm^3/mol"},
            "numerics.oxygen_tolerance": 1e-2,
            "numerics.time_tolerance": 1e-2,
        }
    ),
    "two hosts that change": SHIPPED["lrmo-charge-with-oxygen"].with_values(
        {
            "shell": {
                "thickness": "20 nm",
                "deficiency": 0.22,
                "profile": "step",
                "oxygen": {
                    "diffusivity": "5e-19 m^2/s",
                    "source": {"onset": 0.2, "generation_rate": 2e-5},
                    "vacancies": {"sites_lost": 2.0, "partial_molar_volume": "-3 cm^3/mol"},
                },
            },
            "oxygen.vacancies": {"sites_lost": 1.0, "partial_molar_volume": "2 cm^3/mol"},
            "numerics.oxygen_tolerance": 1e-2,
            "numerics.elements": {"layer": 3, "bulk": 5},
            "numerics.time_tolerance": 1e-2,
        }
    ),
    "a host that changes": SHIPPED["lrmo-charge-with-oxygen"].with_values(
        {
            "oxygen.vacancies": {"sites_lost": 1.0, "partial_molar_volume": "2 cm^3/mol"},
            "numerics.oxygen_tolerance": 1e-3,
            "numerics.elements": {"layer": 4, "bulk": 8},
            **ROUGH,
        }
    ),
}


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in this process draw no figures, which would take most of the time."""
    monkeypatch.setattr(simulation, "draw", lambda *_: None)


class After:
    """Asks to stop at the n-th look."""

    def __init__(self, looks: int) -> None:
        self._last, self.looks = looks, 0

    @property
    def asked(self) -> int:
        self.looks += 1
        return signal.SIGTERM if self.looks == self._last else 0


def assert_same(one: Path, other: Path) -> None:
    """All numbers of two run folders, to the last bit."""
    for table in ("history.csv", "steps.csv", "cycles.csv"):
        assert _content(one / table) == _content(other / table), table
    ours, theirs = read_run(one), read_run(other)
    for name, values in ours.profiles.items():
        assert np.array_equal(values, theirs.profiles[name], equal_nan=True), name
    assert [one.time_s for one in ours.fields] == [one.time_s for one in theirs.fields]
    for mine, yours in zip(ours.fields, theirs.fields, strict=True):
        for name, values in mine.point_data.items():
            assert np.array_equal(values, yours.point_data[name], equal_nan=True), name
    assert {**ours.summary, "wall_time_s": 0} == {**theirs.summary, "wall_time_s": 0}
    for folder in (one, other):
        assert not (folder / CHECKPOINT).exists()
        assert not (folder / "run.lock").exists()


def _content(file: Path) -> bytes:
    """Of a file; nothing if it is not there."""
    return file.read_bytes() if file.exists() else b""


def stop_and_go(scenario: Scenario, out: Path, looks: int) -> int:
    """Stop and resume a run until it ends, at most `looks` steps at a time; returns the number of stops."""
    stops = 0
    while True:
        try:
            simulation.run(scenario, out, resume=stops > 0, stops=After(looks))
        except RunStopped:
            stops += 1
            assert (out / CHECKPOINT).is_file()
        else:
            return stops


def test_figures_that_did_not_fit_on_the_disk_are_drawn_when_it_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulation.run(RU1, tmp_path)
    monkeypatch.undo()
    simulation.run(RU1, tmp_path, resume=True)
    assert {file.name for file in (tmp_path / "figures").iterdir()} == {"particle.png", "history.png"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_goes_on_as_if_nothing_had_been(name: str, tmp_path: Path) -> None:
    never = After(-1)
    simulation.run(SHIPPED[name], tmp_path / "whole", stops=never)
    assert stop_and_go(SHIPPED[name], tmp_path / "stopped", int(0.6 * never.looks)) == 1
    assert_same(tmp_path / "whole", tmp_path / "stopped")


@pytest.mark.parametrize("name", VARIANTS)
def test_every_method_goes_on_as_if_nothing_had_been(name: str, tmp_path: Path) -> None:
    moments = len(simulation.run(VARIANTS[name], tmp_path / "whole").history["time_s"])
    assert stop_and_go(VARIANTS[name], tmp_path / "stopped", moments // 3) >= 3
    assert_same(tmp_path / "whole", tmp_path / "stopped")


def test_a_stop_at_the_start_and_one_at_the_end_lose_nothing(tmp_path: Path) -> None:
    scenario = SHIPPED["lrmo-oxygen-ru1"]
    moments = len(simulation.run(scenario, tmp_path / "whole").history["time_s"])
    for looks in (1, moments):
        with pytest.raises(RunStopped, match=r"SIGTERM at t = .* --resume"):
            simulation.run(scenario, tmp_path / "stopped", stops=After(looks))
        simulation.run(scenario, tmp_path / "stopped", resume=True)
        assert_same(tmp_path / "whole", tmp_path / "stopped")


def test_from_a_script(tmp_path: Path) -> None:
    with pytest.raises(RunStopped):
        simulation.run(RU1, tmp_path / "run", stops=After(20))
    result = oxyshell.run(RU1, tmp_path / "run", resume=True, checkpoint_every="1 min")
    whole = oxyshell.run(RU1)
    for name, values in whole.history.items():
        assert np.array_equal(values, result.history[name]), name


def test_a_run_that_ended_is_read_back_and_nothing_is_touched(tmp_path: Path) -> None:
    first = simulation.run(RU1, tmp_path / "run")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*") if path.is_file()}
    again = simulation.run(RU1, tmp_path / "run", resume=True)
    assert again.summary == first.summary
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_the_checkpoint_of_another_scenario_is_refused_and_kept(tmp_path: Path) -> None:
    with pytest.raises(RunStopped):
        simulation.run(RU1, tmp_path / "run", stops=After(20))
    checkpoint = (tmp_path / "run" / CHECKPOINT).read_bytes()
    with pytest.raises(ResumeError, match=r"scenario \(particle\.radius.* was .*150 nm.* is .*200 nm"):
        simulation.run(RU1.with_values({"particle.radius": "200 nm"}), tmp_path / "run", resume=True)
    assert (tmp_path / "run" / CHECKPOINT).read_bytes() == checkpoint


# As a person would: the command line, killed from outside.


def start(out: Path, *more: str, file: Path = FOLDER / "lrmo-ru1.yaml") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "oxyshell", "run", str(file), "--out", str(out), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def rows(out: Path) -> int:
    file = out / "history.csv"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def wait_for(run: subprocess.Popen[str], out: Path, lines: int) -> None:
    while run.poll() is None and rows(out) < lines:
        time.sleep(0.01)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_signal_ends_with_a_checkpoint_words_and_its_code(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    # Steps so short that it cannot have ended before the signal comes.
    slow = ("--set", "numerics.maximum_step=5 s")
    run = start(tmp_path / "run", *slow)
    wait_for(run, tmp_path / "run", 12)
    run.send_signal(number)
    _, told = run.communicate()
    assert run.returncode == code, told
    assert f"stopped by {number.name} at t = " in told
    assert "--resume" in told
    assert "Traceback" not in told
    assert (tmp_path / "run" / CHECKPOINT).is_file()
    assert len(read_run(tmp_path / "run").history["time_s"]) >= 10


def killed_and_resumed(file: Path, whole: Path, out: Path, lines: int) -> None:
    """Kill a run without warning once its history has some lines; resume it and compare."""
    run = start(out, "--quiet", "--checkpoint-every", "0.02 s", file=file)
    wait_for(run, out, lines)
    run.kill()
    run.communicate()
    if (out / "scenario.yaml").exists():
        left = read_run(out)  # whatever there is can be read
        assert len(left.profiles.times) <= len(left.history["time_s"]) + 1
        assert all(len(snapshot.points) for snapshot in left.fields)
    resumed = start(out, "--quiet", "--resume", file=file)
    _, told = resumed.communicate()
    assert resumed.returncode == 0, told
    assert_same(whole, out)


def test_killed_at_random_moments_and_resumed(tmp_path: Path) -> None:
    simulation.run(RU1, tmp_path / "whole")
    chosen = random.Random(4)
    moments = [0, chosen.randrange(3, rows(tmp_path / "whole"))]
    for number, lines in enumerate(moments):
        killed_and_resumed(FOLDER / "lrmo-ru1.yaml", tmp_path / "whole", tmp_path / f"{number}", lines)


@pytest.mark.long
@pytest.mark.parametrize("name", SHIPPED)
def test_killed_at_twenty_random_moments(name: str, tmp_path: Path) -> None:
    simulation.run(SHIPPED[name], tmp_path / "whole")
    chosen = random.Random(name)
    for _ in range(20):
        lines = chosen.randrange(rows(tmp_path / "whole"))
        killed_and_resumed(FOLDER / f"{name}.yaml", tmp_path / "whole", tmp_path / "run", lines)
        shutil.rmtree(tmp_path / "run")


def test_resume_on_the_command_line_says_the_summary(tmp_path: Path) -> None:
    with pytest.raises(RunStopped):
        simulation.run(RU1, tmp_path / "run", stops=After(20))
    run = start(tmp_path / "run", "--resume")
    told, _ = run.communicate()
    assert run.returncode == 0
    peak = json.loads((tmp_path / "run/summary.json").read_text())["stress"]["first_principal"]["peak_MPa"]
    (line,) = (line for line in told.splitlines() if line.startswith("peak first principal"))
    assert f"{peak:.1f} MPa" in line
    assert "going on after" in (tmp_path / "run/run.log").read_text()
