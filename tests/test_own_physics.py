"""A physics from outside of the package, which none of its files names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import h5py
import numpy as np
import pytest

import oxyshell
from oxyshell.models import registry
from oxyshell.models.base.observable import Observable, Where
from oxyshell.models.base.physics import Figure, LabelledRun, Physics
from oxyshell.outputs import read_run
from oxyshell.solver.recorder import Cells, Discretised, EndedCycle, EndedStep, Recorder, RunFacts, Sample
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult
from oxyshell.studies.engine import quantities
from tests.runs import result_of
from tests.test_restart import assert_same, stop_and_go

pytestmark = pytest.mark.slow

SCENARIOS = Path(__file__).parents[1] / "scenarios"
COARSE = {"numerics.elements": {"layer": 2, "bulk": 4}, "numerics.time_tolerance": 1e-2}


IN_TABLES = (
    Observable("clock_rows", "1", "rows seen", Where.STEP),
    Observable("clock_face", "", "words", Where.STEP),
    Observable("clock_rows", "1", "rows seen", Where.CYCLE),
)


class Clock(Recorder):
    """The time squared, and the radius at points."""

    def __init__(self, particle: Discretised, facts: RunFacts) -> None:
        self._particle, self._radius = particle, facts.geometry.radius
        self._largest = 0.0
        self._rows = 0

    def step(self, moment: StepResult) -> Mapping[str, float]:
        return {"clock_squared_s2": moment.state.time**2}

    def look(self, moment: StepResult, row: Mapping[str, float]) -> None:
        assert {"surface_hoop_MPa", "surface_occupancy", "time_s"} <= row.keys()
        self._largest, self._rows = max(self._largest, row["clock_squared_s2"]), self._rows + 1

    def sample(self, state: State) -> Sample:
        radius = self._particle.everywhere.radius * self._radius + state.time
        return Sample({"clock_radius_m": radius}, {"clock_radius_m": radius})

    def summary(self) -> Mapping[str, object]:
        return {"clock": {"largest_s2": self._largest, "rows": self._rows}}

    def of_step(self, ended: EndedStep) -> Cells:
        return {"clock_rows": self._rows, "clock_face": f"{ended.step.label}, {ended.reason}"}

    def of_cycle(self, ended: EndedCycle) -> Cells:
        return {"clock_rows": int(ended.numbers("clock_rows")[-1])}

    def remarks(self) -> Iterator[str]:
        yield f"The clock saw {self._rows} rows."

    def remembered(self) -> Mapping[str, Any]:
        return {"largest": self._largest, "rows": self._rows}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        self._largest, self._rows = remembered["largest"], remembered["rows"]


class Clocks(Physics):
    name = "clock"
    observables: ClassVar[tuple[Observable, ...]] = (
        Observable("clock_squared_s2", "s^2", "time squared"),
        Observable("clock_radius_m", "m", "a radius that grows", Where.PROFILE),
        Observable("clock_radius_m", "m", "a radius that grows", Where.FIELD),
        *IN_TABLES,
        Observable("clock.largest_s2", "s^2", "largest time squared", Where.SUMMARY),
        Observable("clock.rows", "1", "rows seen", Where.SUMMARY),
    )
    in_every_run = True

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        return lambda facts: (Clock(particle, facts),)

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        def draw(path: Path, width: float) -> None:
            path.write_text(runs[0].label)

        return (Figure("clock", draw),)


@pytest.fixture
def clock() -> Iterator[None]:
    with registry.registered(Clocks()):
        yield


@pytest.mark.usefixtures("clock")
def test_it_is_in_everything_that_a_run_leaves(tmp_path: Path) -> None:
    scenario = oxyshell.load(SCENARIOS / "lrmo-ru1.yaml").with_values(COARSE)
    made = oxyshell.run(scenario, tmp_path / "run")
    for result in (made, read_run(tmp_path / "run")):
        time, steps = result.history["time_s"], len(result.history["time_s"])
        assert list(result.history["clock_squared_s2"]) == list(time**2)
        grown = result.profiles["clock_radius_m"] - result.profiles.times[:, None]
        assert grown == pytest.approx(np.tile(result.profiles.radius_m, (len(grown), 1)), abs=1e-9)
        assert result.fields[-1].point_data["clock_radius_m"].min() == result.profiles.times[-1]
        assert result.summary["clock"] == {"largest_s2": time[-1] ** 2, "rows": steps}
        assert result.summary["remarks"][-1] == f"The clock saw {steps} rows."
        assert list(result.step_table["clock_rows"]) == [steps]
        assert list(result.step_table["clock_face"]) == ["charge at 0.1 C, passed"]
    assert (tmp_path / "run" / "figures" / "clock.png").read_text() == scenario.name
    with h5py.File(tmp_path / "run" / "history.h5") as history:
        assert dict(history["clock_squared_s2"].attrs)["units"] == "s^2"
        assert dict(history["clock_squared_s2"].attrs)["description"] == "time squared"


@pytest.mark.usefixtures("clock")
def test_it_goes_on_after_a_stop(tmp_path: Path) -> None:
    scenario = oxyshell.load(SCENARIOS / "lrmo-ru1.yaml").with_values(COARSE)
    oxyshell.run(scenario, tmp_path / "whole")
    assert stop_and_go(scenario, tmp_path / "stopped", 15) > 0
    assert_same(tmp_path / "whole", tmp_path / "stopped")
    whole, stopped = (h5py.File(tmp_path / name / "history.h5") for name in ("whole", "stopped"))
    with whole, stopped:
        assert list(stopped) == list(whole)
        for name in whole:
            assert stopped[name].attrs["description"] == whole[name].attrs["description"]


class ClocksOfShells(Clocks):
    name = "shell_clock"
    observables = (
        Observable("clock_squared_s2", "s^2", "time squared"),
        Observable("clock_radius_m", "m", "a radius that grows", Where.PROFILE),
        *IN_TABLES,
    )
    in_every_run = False

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        return lambda facts: (Clock(particle, facts),) if facts.scenario.shell is not None else ()


def test_runs_without_it_have_none_of_its_columns() -> None:
    scenario = oxyshell.load(SCENARIOS / "lrmo-ru1.yaml").with_values(COARSE)
    bare = scenario.with_values({"shell": None})
    before = oxyshell.run(bare)
    with registry.registered(ClocksOfShells()):
        without, having = oxyshell.run(bare), oxyshell.run(scenario)
    assert list(without.history) == list(before.history)
    assert list(having.history) == [*before.history, "clock_squared_s2"]
    assert list(without.step_table) == list(before.step_table)
    assert list(having.step_table) == [*before.step_table, "clock_rows", "clock_face"]
    assert list(without.profiles) == list(before.profiles)
    assert list(having.profiles) == [*before.profiles, "clock_radius_m"]


@pytest.mark.usefixtures("clock")
def test_studies_can_ask_for_it() -> None:
    assert quantities.read("clock.rows").of(result_of({"clock": {"rows": 3}})) == 3
    interest = quantities.read("max of history.clock_squared_s2")
    assert (interest.unit, interest.needs) == ("s^2", "")
    assert "clock.rows" in quantities.numbers_of({"clock": {"rows": 3}})
