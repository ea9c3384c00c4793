"""300 cycles from a few, beside all 300 of them, for three laws of what is lost."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import oxyshell
from oxyshell.outputs.result import Result
from oxyshell.scenario.scenario import Scenario

pytestmark = pytest.mark.long

SCENARIOS = Path(__file__).parents[1] / "scenarios"
STEPS = ["charge at 1 C until 4.8 V", "discharge at 1 C until 2.0 V"]
LAWS: dict[str, dict[str, Any]] = {
    "linear": {"growth": {"law": "linear", "rate": "0.04477 nm"}},
    "passivating": {
        "growth": {"law": "passivating", "rate": "0.12 nm", "passivating_thickness": "8 nm"},
    },
    "film resistance": {
        "growth": {"law": "linear", "rate": "0.04477 nm"},
        "resistivity": "1.5e8 ohm m",
    },
}


def cycled(law: str, tolerance: float | None, **more: Any) -> Scenario:
    jump = {} if tolerance is None else {"jump": {"tolerance": tolerance}}
    return oxyshell.load(SCENARIOS / "lrmo-300-cycles.yaml").with_values(
        {
            "degradation": {"layer": {"start": "3.6 nm", **LAWS[law]}},
            "protocol": [{"repeat": {"times": 300, "steps": STEPS, **jump}}],
            **more,
        }
    )


def left(result: Result) -> float:
    """Discharge capacity of cycle 300 over that of cycle 2."""
    capacity = result.cycle_table["discharge_mAh_g"]
    return float(capacity[-1] / capacity[1])


@pytest.mark.parametrize("law", LAWS)
def test_jumps_against_all_cycles(law: str) -> None:
    every = oxyshell.run(cycled(law, None))
    assert every.cycle_table.rows == 300
    for tolerance, cycles, error in ((1e-3, 40, 3e-4), (1e-4, 100, 5e-5)):
        jumped = oxyshell.run(cycled(law, tolerance))
        assert jumped.cycle_table.rows <= cycles
        assert abs(left(jumped) - left(every)) <= error


def test_300_cycles_with_voltage_oxygen_and_loss_take_less_than_a_minute() -> None:
    oxygen = oxyshell.load(SCENARIOS / "lrmo-first-cycle.yaml").to_data()["oxygen"]
    scenario = cycled("linear", 1e-3, oxygen=oxygen)
    began = time.process_time()
    jumped = oxyshell.run(scenario)
    taken = time.process_time() - began
    every = oxyshell.run(cycled("linear", None, oxygen=oxygen))
    ours, theirs = jumped.summary["oxygen"], every.summary["oxygen"]
    assert taken < 60
    assert left(jumped) == pytest.approx(left(every), abs=3e-4)
    for name in ("generated_umol_per_g", "released_umol_per_g", "captured_umol_per_g"):
        assert ours[name] == pytest.approx(theirs[name], rel=5e-3), name
    assert ours["balance_error"] < 1e-12
