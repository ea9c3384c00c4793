"""A run of cycles is stopped at particular moments, or killed, and resumed: the same to the last bit."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from oxyshell.errors import RunStopped
from oxyshell.outputs import RunFolder, read_run
from oxyshell.outputs.folder import CHECKPOINT
from oxyshell.running import simulation
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.step_result import StepResult
from tests.cycling import Moments, half_cell, repeated
from tests.processes import MPIEXEC
from tests.test_crossing import ended, interrupted
from tests.test_crossing import start as start_on
from tests.test_restart import After, assert_same, rows, start, wait_for

pytestmark = pytest.mark.slow
# s and mA/g: a rise, a plateau and a reversal, after each of which a time step begins.
DRIVE = [(0.0, 0.0), (60.0, 100.0), (120.0, 100.0), (120.5, -150.0), (200.0, 0.0)]
STEPS = """[
    "discharge at 3 C until 3.5 V", {rest: {time: 5 min}}, "charge at 1 C until 4.2 V",
    "hold at 4.2 V until C/5 or 10 min", {current: {file: drive.csv, columns: {time: s, current: mA/g}}}]"""
REPEATED = repeated(6, STEPS, "capacity_below: 50 %")
PROTOCOL = f'["charge at 0.5 C until 4.2 V", {REPEATED}, {{rest: {{time: 1 h}}}}]'
CHARGE, HOLD, DRIVEN = "charge at 1 C", "hold at 4.2 V", "current"


def cycled(folder: Path, dimension: int = 1) -> Scenario:
    (folder / "drive.csv").write_text("\n".join(f"{time},{current}" for time, current in DRIVE))
    elements = "{bulk: 4}" if dimension == 1 else "{bulk: 3, tangential: 2}"
    return half_cell(
        PROTOCOL,
        f"time_tolerance: 1e-2, elements: {elements}",
        "at: {extracted: [0.3]}, every_cycle: 4",
        dimension,
        folder,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Path, list[StepResult]]:
    """The scenario, the folder of the run that nobody disturbed, and its moments."""
    folder, moments = tmp_path_factory.mktemp("whole"), Moments()
    scenario = cycled(folder)
    output = RunFolder(folder / "run")
    output.start(scenario.to_yaml())
    simulation.Simulation(scenario).run(scenario, output, writer=moments)
    return scenario, folder / "run", moments.seen


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures would take most of the time."""
    monkeypatch.setattr(simulation, "draw", lambda *_: None)


def is_within(moment: StepResult) -> bool:
    return moment.step_time > 0 and moment.ended_by is None


def is_after_a_knot(moment: StepResult) -> bool:
    return is_within(moment) and moment.step_time > DRIVE[1][0] and moment.state.age == 0


PLACES: dict[str, tuple[str, Callable[[StepResult], bool]]] = {
    "inside a charge": (CHARGE, is_within),
    "in the hold": (HOLD, is_within),
    "at the end of a charge": (CHARGE, lambda moment: moment.ended_by is not None),
    "at the end of a hold": (HOLD, lambda moment: moment.ended_by is not None),
    "at the first moment of a hold": (HOLD, lambda moment: moment.step_time == 0),
    "after the first time step of a hold": (HOLD, is_within),
    "after a knot of a drive cycle": (DRIVEN, is_after_a_knot),
    "at the end of a drive cycle": (DRIVEN, lambda moment: moment.ended_by is not None),
}
AT_THE_FIRST = ("after the first time step of a hold",)


def places(moments: list[StepResult], scenario: Scenario, place: str) -> list[int]:
    """How many moments there are up to a place in the second cycle and in the fifth."""
    steps = scenario.on(scenario.geometry()).protocol().steps
    label, is_there = PLACES[place]
    found = []
    for cycle in (2, 5):
        numbers = [
            number
            for number, moment in enumerate(moments, start=1)
            if (step := steps[moment.protocol_step]).cycle == cycle
            and step.label.startswith(label)
            and is_there(moment)
        ]
        found.append(numbers[0] if place in AT_THE_FIRST else numbers[len(numbers) // 2])
    return found


@pytest.mark.parametrize("place", PLACES)
def test_stopped_twice_and_resumed(
    place: str, whole: tuple[Scenario, Path, list[StepResult]], tmp_path: Path
) -> None:
    scenario, undisturbed, moments = whole
    first, second = places(moments, scenario, place)
    for looks, resume in ((first, False), (second - first, True)):
        reached = moments[(second if resume else first) - 1]
        with pytest.raises(RunStopped, match=rf"after {reached.steps} steps"):
            simulation.run(scenario, tmp_path / "run", resume=resume, stops=After(looks))
    simulation.run(scenario, tmp_path / "run", resume=True)
    assert_same(undisturbed, tmp_path / "run")


def test_the_run_has_what_is_tested(whole: tuple[Scenario, Path, list[StepResult]]) -> None:
    result = read_run(whole[1])
    assert result.cycle_table.rows == 6
    # Cycles 1 and 4 and what is outside of cycles.
    assert result.history["time_s"].size < 0.6 * len(whole[2])
    assert np.ptp(result.cycle_table["discharge_mAh_g"]) > 0


@pytest.mark.long
def test_killed_twenty_times(tmp_path: Path) -> None:
    scenario = cycled(tmp_path)
    file = tmp_path / "cycles.yaml"
    file.write_text(scenario.with_values({"output.every_cycle": 1}).to_yaml())
    undisturbed, out = tmp_path / "whole", tmp_path / "run"
    assert ended(start(undisturbed, "--quiet", file=file)) == 0
    chosen = random.Random(12)
    kills = 0
    for lines in sorted(chosen.sample(range(3, rows(undisturbed)), 20)):
        resume = ("--resume",) if kills else ()
        run = start(out, "--quiet", "--checkpoint-every", "0.02 s", *resume, file=file)
        wait_for(run, out, lines)
        run.kill()
        run.communicate()
        assert run.returncode == -signal.SIGKILL
        kills += 1
    assert kills == 20
    assert ended(start(out, "--quiet", "--resume", file=file)) == 0
    assert_same(undisturbed, out)


@pytest.mark.long
@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
def test_stopped_and_resumed_on_two_processes(tmp_path: Path) -> None:
    file = tmp_path / "cycles.yaml"
    scenario = cycled(tmp_path, dimension=2).with_values({"output.every_cycle": 1})
    file.write_text(scenario.to_yaml())
    undisturbed, out = tmp_path / "whole", tmp_path / "run"
    assert ended(start_on(2, file, undisturbed)) == 0
    total = rows(undisturbed)
    interrupted(2, file, out, total // 5)
    for share in (2, 3, 4):
        assert (out / CHECKPOINT).is_file()
        interrupted(2, file, out, share * total // 5, "--resume")
    assert ended(start_on(2, file, out, "--resume")) == 0
    assert_same(undisturbed, out)
