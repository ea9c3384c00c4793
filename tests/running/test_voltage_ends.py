"""Ends at a voltage and at a rate in real runs: when they come, which counts, and what is said of them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from oxyshell.outputs import Result, read_run
from oxyshell.running import simulation
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.scenario import Scenario
from tests.cycling import durations, half_cell
from tests.processes import MPIEXEC, command
from tests.test_parallel import UNDRAWN

pytestmark = pytest.mark.slow
CC_CV = """["charge at 0.5 C until 4.2 V", "hold at 4.2 V until C/20", {rest: {time: 10 min}},
    "discharge at 1 C until 3.5 V"]"""
TIGHT = "time_tolerance: 1e-6"
# A change of the steps changes their errors, which a hold, whose current falls slowly, shows most: 5e-7.
SAME = 1e-6
FEW, MANY = 10, 100


def ends_of(result: Result) -> list[float]:
    """Times at which steps of the protocol ended, s."""
    found: list[float] = np.cumsum(durations(result)).tolist()
    return found


def at_times(count: int) -> str:
    """So many output times before the end, at none of the ends."""
    times = ", ".join(f"{time:.3f} s" for time in np.linspace(51.0, 10_000.0, count))
    return f"at: {{time: [{times}]}}" if count else ""


def run(protocol: str, numerics: str = "time_tolerance: 1e-4", output: str = "") -> Result:
    return simulation.run(half_cell(protocol, numerics, output))


@pytest.fixture(scope="module")
def undisturbed() -> list[float]:
    """Ends of a run without output times."""
    return ends_of(run(CC_CV, TIGHT))


@pytest.mark.parametrize("count", [FEW, MANY])
def test_ends_do_not_depend_on_the_output_times(count: int, undisturbed: list[float]) -> None:
    result = run(CC_CV, TIGHT, at_times(count))
    assert len(result.profiles.times) == 1 + 4 + count
    assert ends_of(result) == pytest.approx(undisturbed, rel=SAME)


@pytest.mark.parametrize(
    ("dimension", "elements"), [(2, "bulk: 4, tangential: 3"), (3, "bulk: 3, tangential: 2")]
)
def test_ends_in_discs_and_solids_do_not_depend_on_the_output_times(dimension: int, elements: str) -> None:
    """With the method of a line; that of discs and solids by default errs by more in its steps."""
    numerics = f"{TIGHT}, strategy: monolithic, degree: 2, elements: {{{elements}}}"
    charge = '["charge at 0.5 C until 4.2 V"]'
    ends = [
        ends_of(simulation.run(half_cell(charge, numerics, output, dimension)))
        for output in ("", f"at: {{time: [{', '.join(f'{time} s' for time in range(100, 5000, 100))}]}}")
    ]
    assert ends[1] == pytest.approx(ends[0], rel=1e-8)


def on_two(scenario: Scenario, folder: Path) -> Result:
    """A run on two processes."""
    folder.mkdir()
    file, out = folder / "cycle.yaml", folder / "run"
    file.write_text(scenario.to_yaml())
    subprocess.run(command(2, "-c", UNDRAWN, "run", file, "--out", out, "--quiet"), check=True, timeout=600)
    return read_run(out)


@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
@pytest.mark.parametrize("dimension", [1, pytest.param(2, marks=pytest.mark.long)])
def test_ends_are_the_same_on_two_processes(dimension: int, tmp_path: Path) -> None:
    numerics = TIGHT if dimension == 1 else "time_tolerance: 1e-5, elements: {bulk: 3, tangential: 2}"
    few, many = (half_cell(CC_CV, numerics, at_times(count), dimension) for count in (FEW, MANY))
    alone = ends_of(Simulation(few).run(few))
    ends = [ends_of(on_two(one, tmp_path / name)) for name, one in {"few": few, "many": many}.items()]
    # Sums are taken in another order: round-off.
    assert ends[0] == pytest.approx(alone, rel=1e-9)
    # Differences follow the tolerance.
    assert ends[1] == pytest.approx(ends[0], rel=SAME if dimension == 1 else 10 * SAME)


@pytest.mark.parametrize("apart", [1e-5, -1e-5])
def test_of_two_ends_that_are_close_the_same_one_counts_whatever_is_written(apart: float) -> None:
    charge = "[{{charge: {{rate: 0.5 C, until: {{{until}}}}}}}]"
    voltage = run(charge.format(until="voltage: 4.2 V"), TIGHT)
    content = float(voltage.history["extracted_per_formula"][-1]) * (1 + apart)
    for count in (0, FEW, MANY):
        for until in (f"voltage: 4.2 V, extracted: {content!r}", f"extracted: {content!r}, voltage: 4.2 V"):
            output = at_times(count)
            found = run(charge.format(until=until), output=output)
            assert found.step_table["reason"].tolist() == ["voltage" if apart > 0 else "extracted"]


def said_of(result: Result, *words: str) -> Sequence[str]:
    return [remark for remark in result.summary["remarks"] if all(word in remark for word in words)]


def test_a_limit_on_the_wrong_side_or_passed_already_is_met_at_once_with_its_own_reason() -> None:
    # Under a current of the other sign the voltage is below 4.25 V at once, and at rest above 4.0 V.
    steps = """["charge at 0.5 C until 4.2 V", "discharge at 0.1 C until 4.25 V", "rest 10 min",
        "charge at 0.1 C until 4.0 V or 1 h", "discharge at C/2 until 3.5 V or 5 min"]"""
    result = run(steps)
    table = result.step_table
    assert table["reason"].tolist() == ["voltage", "already met", "time", "already met", "time"]
    assert (table["duration_s"][1], table["duration_s"][3]) == (0.0, 0.0)
    assert table["charge_mAh_g"][1] == table["charge_mAh_g"][3] == 0.0
    assert len(said_of(result, "had no length", "voltage", "was already met")) == 2
    entries = [end for end in result.summary["protocol"] if end.get("reason") == "already met"]
    assert [(end["ended_by"], end["asked"]) for end in entries] == [("voltage", 4.25), ("voltage", 4.0)]


@pytest.mark.parametrize(
    ("step", "state"), [("discharge at 2 C until 2.5 V", "full"), ("charge at 0.5 C until 6 V", "empty")]
)
def test_a_voltage_that_is_never_reached_ends_where_the_surface_is_exhausted(step: str, state: str) -> None:
    result = run(f'["{step}", "rest 10 min"]')
    assert result.step_table["reason"].tolist() == [f"surface {state}", "time"]
    surface = result.history["surface_occupancy"]
    assert -1e-9 < surface.min() < surface.max() < 1 + 1e-9
    assert said_of(result, f"the surface was {state} of exchangeable ions before any end that was asked for")


def test_a_spike_of_a_current_from_a_file_is_not_stepped_over(tmp_path: Path) -> None:
    # Two seconds at 4 C between hours at C/20, and back: the voltage crosses the limit twice within these.
    spike = [(0, 10), (3600, 10), (3601, 800), (3602, 800), (3603, 10), (7200, 10)]
    (tmp_path / "spike.csv").write_text("\n".join(f"{time},{current}" for time, current in spike))
    entry = "{{current: {{file: spike.csv, columns: {{time: s, current: mA/g}}{until}}}}}"
    free = half_cell(f"[{entry.format(until='')}]", folder=tmp_path)
    voltage = simulation.run(free).history["voltage_V"]
    plain, peak = voltage[-1], voltage.max()
    assert peak > plain + 0.01
    limit = 0.5 * (plain + peak)
    ended = half_cell(f"[{entry.format(until=f', until: {{voltage: {limit} V}}')}]", folder=tmp_path)
    result = simulation.run(ended)
    assert result.step_table["reason"].tolist() == ["voltage"]
    assert 3600 < result.summary["time_s"] < 3602
    assert result.history["voltage_V"][-1] == pytest.approx(limit, abs=1e-6)
