"""Numbers that change from cycle to cycle, and jumps over cycles that need not be simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.errors import RunStopped
from oxyshell.models import registry
from oxyshell.models.base.cycle_law import CycleCells, CycleLaw, CycleNumbers
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Physics, ScenarioView
from oxyshell.models.particle.core import core_of, particle_core
from oxyshell.outputs import RunFolder, read_run
from oxyshell.outputs.result import Result
from oxyshell.running import simulation
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from tests.cycling import half_cell
from tests.test_restart import After, assert_same

pytestmark = pytest.mark.slow

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RADIUS = 5.22e-6
STEPS = '["charge at 1 C until 4.2 V", "discharge at 1 C until 3.5 V"]'


@dataclass(frozen=True)
class Thinning(CycleLaw):
    """A layer s that no longer takes part: ds = k/(1 + s/s*) per cycle.

    Attributes:
        growth: k, m.
        slows_at: s*, m.
        shrinks: Whether the particle feels it.
        radius: R, m.
    """

    growth: float
    slows_at: float = np.inf
    shrinks: bool = True
    radius: float = RADIUS

    def start(self) -> CycleNumbers:
        return {"lost": 0.0}

    def after(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> CycleNumbers:
        assert cycle["cycle"] == number
        return {"lost": numbers["lost"] + self.growth / (1 + numbers["lost"] / self.slows_at)}

    def active(self, numbers: CycleNumbers) -> float:
        return self._left(numbers) ** 3 if self.shrinks else 1.0

    def retention(self, numbers: CycleNumbers) -> float:
        return self._left(numbers) ** 3

    def aged(self, model: Any, numbers: CycleNumbers) -> Any:
        return particle_core(model, self._left(numbers), 3) if self.shrinks else model

    def aged_follower(self, model: Any, numbers: CycleNumbers) -> Any:
        return core_of(model, self._left(numbers)) if self.shrinks else model

    def _left(self, numbers: CycleNumbers) -> float:
        return 1 - numbers["lost"] / self.radius


@dataclass(frozen=True)
class Ageing(Physics):
    law: CycleLaw

    name = "ageing"

    def cycle_laws(self, scenario: ScenarioView, geometry: Geometry) -> Sequence[CycleLaw]:
        return (self.law,)


def cycled(times: int, jump: str = "", stop: str = "", after: str = "", steps: str = STEPS) -> Scenario:
    more = "".join(f", {key}: {value}" for key, value in (("jump", jump), ("stop", stop)) if value)
    protocol = f"[{{repeat: {{name: ageing, times: {times}, steps: {steps}{more}}}}}{after}]"
    return half_cell(protocol, "time_tolerance: 1e-3, elements: {bulk: 4}")


def run(law: CycleLaw, scenario: Scenario) -> Result:
    with registry.registered(Ageing(law)):
        return simulation.run(scenario)


def share(result: Result) -> float:
    capacity = result.cycles["discharge_mAh_g"].to_numpy()
    return float(capacity[-1] / capacity[1])


SLOWING = Thinning(6e-9, slows_at=3e-7)
UNFELT = Thinning(6e-9, slows_at=3e-7, shrinks=False)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures would take most of the time."""
    monkeypatch.setattr(simulation, "draw", lambda *_: None)


@pytest.fixture(scope="module")
def all_cycles() -> Result:
    """40 cycles of a particle that shrinks, all simulated."""
    return run(SLOWING, cycled(40))


def test_the_numbers_of_a_cycle_are_in_force_in_it(all_cycles: Result) -> None:
    """The slow limit: what is given back is the active share of what the whole particle gives back."""
    slow = '["charge at C/200 until 4.2 V", "discharge at C/200 until 3.5 V"]'
    law = Thinning(5e-8)
    result = run(law, cycled(3, steps=slow))
    capacity = result.cycles["discharge_mAh_g"].to_numpy()
    lost = [(1 - number * law.growth / RADIUS) ** 3 for number in (1, 2)]
    # At C/200 the surface is off the mean by 1e-3 of the capacity; of that the core's size changes 3 %.
    assert capacity[1:] / capacity[0] == pytest.approx(lost, abs=2e-4)


def test_a_core_at_a_rate_is_a_smaller_particle_at_a_higher_one() -> None:
    """A particle of 0.9 R with its own 1 C, by a scenario of its own, beside the core of that size."""

    class Shrunken(Thinning):
        def start(self) -> CycleNumbers:
            return {"lost": 0.1 * RADIUS}

    fine = cycled(1).with_values({"numerics.time_tolerance": 1e-5})
    core = run(Shrunken(0.0), fine).cycles
    # The same current of the as-made particle, which is 0.9³ times as heavy now.
    faster = fine.with_values(
        {"particle.radius": f"{0.9 * RADIUS!r} m", "cell.one_c": f"{200 / 0.9**3!r} mA/g"}
    )
    small = simulation.run(faster).cycles
    # Time steps begin by the diffusion time of the as-made particle, so that their errors differ.
    for column in ("charge_mAh_g", "discharge_mAh_g", "discharge_energy_Wh_kg"):
        assert core[column].to_numpy() == pytest.approx(0.9**3 * small[column].to_numpy(), rel=1e-6), column
    for column in ("mean_charge_voltage_V", "duration_s"):
        assert core[column].to_numpy() == pytest.approx(small[column].to_numpy(), rel=1e-5), column


def test_no_loss_leaves_exactly_what_there_was() -> None:
    scenario = cycled(3)
    aged, plain = run(Thinning(0.0), scenario), simulation.run(scenario)
    assert aged.cycles.equals(plain.cycles)
    assert np.array_equal(aged.history["voltage_V"], plain.history["voltage_V"])


@pytest.mark.parametrize(("tolerance", "cycles"), [(1e-2, 13), (1e-3, 20)])
def test_jumps_keep_their_tolerance(tolerance: float, cycles: int, all_cycles: Result) -> None:
    result = run(SLOWING, cycled(40, f"{{tolerance: {tolerance}}}"))
    jumps = result.summary["jumps"]
    assert jumps["largest_error"] <= tolerance
    assert abs(share(result) - share(all_cycles)) <= 0.3 * tolerance
    assert jumps["simulated"] == len(result.cycles) <= cycles
    assert jumps["simulated"] + jumps["skipped"] == 40
    assert list(result.cycles["cycle"]) == jumps["cycles"]
    # Times go on as if cycles were as long as the last one before a jump: one that is 5 % shorter ten cycles
    # later leaves 2 % of the time of the jump.
    whole = all_cycles.history["time_s"][-1]
    assert result.history["time_s"][-1] == pytest.approx(whole, rel=0.03)
    assert np.all(np.diff(result.history["time_s"]) >= 0)
    assert any("were jumped over" in remark for remark in result.summary["remarks"])


def test_a_jump_that_is_too_long_is_taken_back_without_a_trace() -> None:
    scenario = cycled(25, "{tolerance: 1e-4, simulated_first: 2}")
    result = run(UNFELT, scenario)
    jumps = result.summary["jumps"]
    assert jumps["taken_back"] > 0
    assert list(result.cycles["cycle"]) == sorted(jumps["cycles"]) == sorted(set(jumps["cycles"]))
    assert len(result.steps) == 2 * jumps["simulated"]
    assert list(result.steps["cycle"]) == sorted(result.steps["cycle"])
    ends = [end["cycle"] for end in result.summary["protocol"]]
    assert ends == list(result.steps["cycle"])
    steps = result.summary["steps"]
    assert steps == sum(result.steps["time_steps"]), "steps of a jump that was taken back are rejected ones"
    assert np.all(np.diff(result.history["rejected_steps"]) >= 0)


def test_an_early_end_is_found_within_a_jump(all_cycles: Result) -> None:
    capacity = all_cycles.cycles["discharge_mAh_g"].to_numpy()
    least = 0.5 * (capacity[24] + capacity[25]) / capacity[1]
    stop = f"capacity_below: {100 * least} %"
    result = run(SLOWING, cycled(40, "{tolerance: 1e-3}", f"{{{stop}}}"))
    # Two cycles are 3e-3 of the capacity apart; the jumps before them are off by a tenth of that.
    assert result.cycles["cycle"].iloc[-1] == 26
    assert result.summary["jumps"]["skipped"] > 5


def test_without_a_law_cycles_that_repeat_themselves_are_jumped_over() -> None:
    result = simulation.run(cycled(30, "{tolerance: 1e-3}"))
    assert len(result.cycles) <= 11
    capacity = result.cycles["discharge_mAh_g"].to_numpy()
    assert capacity[1:] == pytest.approx(capacity[1], rel=1e-5)


def test_interrupted_anywhere_the_run_is_the_same(tmp_path: Path) -> None:
    scenario = cycled(24, "{tolerance: 1e-3}", after=", {rest: {time: 1 h}}")
    with registry.registered(Ageing(SLOWING)):
        ready = Simulation(scenario)
        output = RunFolder(tmp_path / "whole")
        output.start(scenario.to_yaml())
        ready.run(scenario, output)
        whole = read_run(tmp_path / "whole")
        assert whole.summary["jumps"]["made"] > 2
        stops = 0
        while True:
            try:
                simulation.run(scenario, tmp_path / "parts", resume=stops > 0, stops=After(31))
            except RunStopped:
                stops += 1
            else:
                break
        assert stops > 5
    assert_same(tmp_path / "whole", tmp_path / "parts")


def with_oxygen(jump: str) -> Scenario:
    steps = ["charge at 1 C until 4.7 V", "discharge at 1 C until 2.5 V"]
    repeat = {"times": 18, "steps": steps, **({"jump": {"tolerance": float(jump)}} if jump else {})}
    return load(SCENARIOS / "lrmo-first-cycle.yaml").with_values(
        {
            "shell": None,
            "material.diffusivity": "1.568e-18 m^2/s",
            "oxygen.source.generation_rate": "3e-5 1/s",
            "oxygen.source.li_o_li": None,
            "numerics": {"time_tolerance": 1e-3, "oxygen_tolerance": 1e-3, "elements": {"bulk": 4}},
            "protocol": [{"repeat": repeat}],
        }
    )


def test_what_accumulates_beside_the_particle_goes_on_over_jumps() -> None:
    law = Thinning(5e-11, radius=150e-9)
    whole, jumped = run(law, with_oxygen("")), run(law, with_oxygen("1e-2"))
    assert jumped.summary["jumps"]["skipped"] >= 5
    ours, theirs = jumped.summary["oxygen"], whole.summary["oxygen"]
    # The sink fills within the first jumps, and the source falls to a half over the cycles.
    for name in ("generated_umol_per_g", "released_umol_per_g"):
        assert ours[name] == pytest.approx(theirs[name], rel=1e-2), name
    assert ours["captured_umol_per_g"] == pytest.approx(theirs["captured_umol_per_g"], rel=2e-2)
    assert ours["fullest"] <= 1.0 + 1e-2
    assert ours["balance_error"] <= 1e-12
    per_cycle = jumped.cycles["oxygen_generated_umol_g"].to_numpy()
    assert np.all(per_cycle >= 0)


def test_amounts_of_a_cycle_are_those_of_the_active_share() -> None:
    """Both count the same ions: 1 mA h/g is 3.6 C/g of 97.28 g/mol."""
    cycles = run(Thinning(5e-8), cycled(3)).cycles
    per_formula = 3.6 * 97.28 / 96485.33212
    for ions, charge in (("charged", "charge"), ("discharged", "discharge")):
        assert cycles[f"{ions}_per_formula"].to_numpy() == pytest.approx(
            per_formula * cycles[f"{charge}_mAh_g"].to_numpy(), rel=1e-9
        )
    assert cycles["discharged_per_formula"].iloc[2] < 0.99 * cycles["discharged_per_formula"].iloc[1]


def test_a_content_that_every_cycle_adds_to_is_not_jumped_over() -> None:
    """A discharge shorter than the charge, and a loss by a straight line, of which jumps miss nothing."""
    steps = '["charge at 1 C for 600 s", "discharge at 1 C for 588 s"]'
    law = Thinning(1e-9, shrinks=False)
    whole, jumped = run(law, cycled(12, steps=steps)), run(law, cycled(12, "{tolerance: 1e-2}", steps=steps))
    for name in ("extracted_per_formula", "mean_occupancy"):
        assert jumped.history[name][-1] == pytest.approx(whole.history[name][-1], rel=1e-6), name
    assert jumped.summary["jumps"]["taken_back"] > 0
    assert any("No cycle was jumped over" in remark for remark in jumped.summary["remarks"])


def test_outputs_in_cycles_that_were_jumped_over_are_told() -> None:
    """Cycles take 3600 s at first: 10 000 s is in cycle 3, 40 000 s between cycle 7 and the next one."""
    scenario = cycled(30, "{tolerance: 1e-2}").with_values(
        {"output": {"at": {"time": ["10000 s", "40000 s"]}, "every_cycle": 10, "last_cycles": 1}}
    )
    result = run(SLOWING, scenario)
    assert not {10, 20} & set(result.summary["jumps"]["cycles"])
    remarks = result.summary["remarks"]
    assert any("output.at.time 40000 s" in remark and "10000" not in remark for remark in remarks)
    assert any("ask for, 2 were jumped over" in remark for remark in remarks)


def test_a_sink_that_takes_all_lets_nothing_escape_over_jumps() -> None:
    """What the source gives is what the sink takes: nothing is lost, and nothing comes from outside."""
    sink = {
        "law": "conformal_sink",
        "transfer": {"biot": 1000},
        "adsorption": {"energy": "-1.497 eV", "attempt_frequency": "1e13 1/s"},
        "site_density": "8.41e-6 mol/m^2",
        "monolayers": 60,
    }
    scenario = with_oxygen("1e-2").with_values({"oxygen.surface": sink, "protocol.0.repeat.times": 14})
    result = run(Thinning(5e-11, radius=150e-9), scenario)
    assert result.summary["jumps"]["skipped"] >= 4
    oxygen = result.summary["oxygen"]
    # 60 layers are filled by a fifth: what leaves beside them is what adsorption leaves of the first surface.
    assert abs(oxygen["released_umol_per_g"]) < 1e-3 * oxygen["captured_umol_per_g"]
    assert oxygen["balance_error"] <= 1e-12


def test_what_only_drains_is_not_jumped_over() -> None:
    """Mobile oxygen of the start that takes many cycles to leave is no profile that settles."""
    slow = {
        "oxygen.initial": "40 mol/m^3",
        "oxygen.source": None,
        "oxygen.diffusivity": "1e-20 m^2/s",
        "oxygen.surface": {"law": "open", "transfer": {"biot": 1000}},
        "protocol.0.repeat.times": 12,
    }
    law = Thinning(5e-11, radius=150e-9)
    whole, jumped = (run(law, with_oxygen(one).with_values(slow)) for one in ("", "1e-2"))
    ours, theirs = (one.summary["oxygen"]["released_umol_per_g"] for one in (jumped, whole))
    # Of the 40 mol/m³ at the start, a tolerance of 1e-2 a jump; six jumps at most.
    assert ours == pytest.approx(theirs, rel=0.06)
    assert theirs > 0
