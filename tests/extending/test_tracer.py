"""A physics from outside of the package, as the documentation has it, against its exact solution."""

from __future__ import annotations

import math
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import h5py
import meshio
import numpy as np
import pytest
from scipy.optimize import brentq

import oxyshell
from oxyshell.errors import RunStopped
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models import registry
from oxyshell.outputs import Result, read_run
from oxyshell.running import simulation
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import quantities
from oxyshell.studies.registry import json_schema
from tests.extending.examples import Tracer
from tests.processes import MPIEXEC, on_processes

ROOT = Path(__file__).parents[2]
RADIUS, DIFFUSIVITY, DECAY, ESCAPE = 150e-9, 2e-18, 5e-4, 1e-10
SECONDS = 1200.0
TRACER = {
    "initial": "1 mol/m^3",
    "diffusivity": f"{DIFFUSIVITY} m^2/s",
    "decay": f"{DECAY} 1/s",
    "escape": f"{ESCAPE} m/s",
}
CHANGES: dict[str, Any] = {
    "tracer": TRACER,
    "output.at": {"time": ["600 s"]},
    "protocol": [{"rest": {"time": f"{SECONDS} s"}}],
}
# Step errors, each at most 1e-5 of the initial content, add up over some tens of steps. A solid's elements
# are flat against the sphere by 1e-4 of the volume.
TOLERANCE = {1: 1e-5, 2: 1e-5, 3: 2e-4}


@pytest.fixture(autouse=True)
def tracer() -> Iterator[None]:
    with registry.registered(Tracer()):
        yield


def scenario(dimension: int = 1, **changes: Any) -> Scenario:
    file = ROOT / "scenarios" / "lrmo-ru1.yaml"
    return oxyshell.load(file).with_values({**CHANGES, "particle.dimension": dimension, **changes})


def mean_content(time: float) -> float:
    """Mean of c over the initial one in a sphere: Crank, The Mathematics of Diffusion, 6.43, and decay."""
    biot, fourier = ESCAPE * RADIUS / DIFFUSIVITY, DIFFUSIVITY * time / RADIUS**2

    def root(n: int) -> float:
        condition = lambda b: b * math.cos(b) - (1 - biot) * math.sin(b)  # noqa: E731
        return float(brentq(condition, n * math.pi + 1e-9, (n + 1) * math.pi - 1e-9, xtol=1e-14))

    roots = [root(n) for n in range(40)]
    series = [6 * biot**2 / (b**2 * (b**2 + biot * (biot - 1))) * math.exp(-(b**2) * fourier) for b in roots]
    return math.fsum(series) * math.exp(-DECAY * time)


def kept(result: Result) -> np.ndarray:
    amount = np.asarray(result.history["tracer_in_particle_mol"])
    return amount / amount[0]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tracer") / "line"
    with registry.registered(Tracer()):
        oxyshell.run(scenario(), folder)
    return folder


@pytest.mark.parametrize("dimension", [1, 2, pytest.param(3, marks=pytest.mark.slow)])
def test_the_mean_content_is_the_exact_one(dimension: int, line: Path) -> None:
    result = read_run(line) if dimension == 1 else oxyshell.run(scenario(dimension))
    time = np.asarray(result.history["time_s"])
    late = time > 0.01 * SECONDS
    exact = np.array([mean_content(t) for t in time[late]])
    assert kept(result)[late] == pytest.approx(exact, abs=TOLERANCE[dimension])
    # It does go away: by leaving, and by decay.
    assert exact[-1] < 0.25
    summary: Any = result.summary["tracer"]
    assert summary["balance_error"] < 1e-12


def test_what_decays_and_what_leaves_add_up(line: Path) -> None:
    history = read_run(line).history
    parts = [np.asarray(history[f"tracer_{part}_mol"]) for part in ("in_particle", "decayed", "escaped")]
    assert np.sum(parts, axis=0) == pytest.approx(parts[0][0], rel=1e-12)
    # Without leaving, λ alone: what has decayed over what is left and has decayed.
    sealed: dict[str, Any] = {"tracer.escape": "0 m/s"}
    alone = oxyshell.run(scenario(**sealed)).history
    left, decayed = (np.asarray(alone[f"tracer_{part}_mol"])[-1] for part in ("in_particle", "decayed"))
    assert decayed / (left + decayed) == pytest.approx(1 - math.exp(-DECAY * SECONDS), abs=1e-5)


def test_it_is_in_every_file_of_the_run(line: Path) -> None:
    names, units = (line / "history.csv").read_text().splitlines()[:2]
    assert (
        dict(zip(names.split(","), units.lstrip("# ").split(","), strict=True))["tracer_decayed_mol"] == "mol"
    )
    with h5py.File(line / "profiles.h5") as file:
        assert any("tracer_mol_m3" in name for name in _names(file))
    fields = meshio.read(line / "fields" / "fields_000001.vtu")
    section = meshio.read(line / "fields" / "particle_000001.vtu")
    profile = read_run(line).profiles
    for mesh in (fields, section):
        assert mesh.point_data["tracer_mol_m3"].max() == pytest.approx(
            np.max(profile["tracer_mol_m3"][1]), rel=1e-5
        )
    assert "tracer" in read_run(line).summary
    assert any("λ R²/D = 5.62" in remark for remark in remarks(read_run(line).summary))


def _names(file: h5py.File) -> list[str]:
    found: list[str] = []
    file.visit(found.append)
    return found


def remarks(summary: Mapping[str, object]) -> list[str]:
    found: Any = summary["remarks"]
    return list(found)


def test_a_run_that_was_stopped_goes_on_to_the_same_end(line: Path, tmp_path: Path) -> None:
    class AfterTenSteps:
        calls = 0

        @property
        def asked(self) -> int:
            self.calls += 1
            return signal.SIGTERM if self.calls > 10 else 0

    with pytest.raises(RunStopped):
        simulation.run(scenario(), tmp_path / "run", stops=AfterTenSteps())
    result = oxyshell.run(scenario(), tmp_path / "run", resume=True)
    assert (tmp_path / "run" / "history.csv").read_text() == (line / "history.csv").read_text()
    assert result.summary["tracer"] == read_run(line).summary["tracer"]


PROGRAM = """
import sys
import oxyshell
from oxyshell.models import registry
from tests.extending.examples import Tracer
from tests.extending.test_tracer import scenario
registry.register(Tracer())
oxyshell.run(scenario(2), sys.argv[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
def test_two_processes_give_the_same_as_one(tmp_path: Path) -> None:
    for processes in (1, 2):
        done = on_processes(processes, "-c", PROGRAM, tmp_path / str(processes), cwd=ROOT)
        assert done.returncode == 0, done.stderr
    one, two = (read_run(tmp_path / str(processes)) for processes in (1, 2))
    # Sums are taken in another order.
    assert kept(two) == pytest.approx(kept(one), rel=1e-9)


def test_its_section_is_part_of_the_language() -> None:
    schema = json_schema()
    assert "tracer" in schema["properties"]
    changed = scenario().with_values({"tracer.decay": "1e-3 1/s"})
    assert changed.get("tracer.decay") == pytest.approx(1e-3)
    assert loads(changed.to_yaml()).get("tracer.decay") == pytest.approx(1e-3)
    with pytest.raises(ScenarioError, match=r"tracer\.decai: found the unknown key 'decai'"):
        scenario().with_values({"tracer": {**TRACER, "decai": 1}})


def test_a_study_can_ask_for_it() -> None:
    asked = quantities.read("last of history.tracer_escaped_mol")
    assert asked.unit == "mol"
    assert quantities.read("tracer.escaped_mol").unit == "mol"
