"""Oxygen of a particle whose layer it makes grow: amounts per mass as made, with and without jumps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.outputs.result import Result
from tests.losses import with_losses

pytestmark = pytest.mark.slow

ESCAPED = {"kind": "column", "column": "oxygen_released_umol_g", "reference": 100}
LOSSES = {"layer": {"start": "3 nm", "growth": {"law": "linear", "rate": "1 nm"}, "driver": ESCAPED}}
OXYGEN = {
    "diffusivity": "1.4e-18 m^2/s",
    "source": {"onset": 0.396, "generation_rate": "1e-4 1/s"},
    "surface": {"law": "open", "transfer": {"biot": 1000}},
}
STEPS = [
    {"charge": {"rate": "0.5 C", "until": {"extracted": 0.7}}},
    {"discharge": {"rate": "0.5 C", "until": {"extracted": 0.1}}},
]


def cycled(**more: Any) -> Result:
    return oxyshell.run(
        with_losses(
            LOSSES,
            {
                "protocol": [{"repeat": {"times": 11, "steps": STEPS, **more}}],
                "material.diffusivity": "1e-17 m^2/s",
                "numerics.elements": {"bulk": 6},
                "numerics.time_tolerance": 1e-2,
                "numerics.oxygen_tolerance": 1e-2,
                "oxygen": OXYGEN,
            },
        )
    )


@pytest.fixture(scope="module")
def all_cycles() -> Result:
    return cycled()


def test_amounts_per_mass_count_what_is_left_of_the_particle(all_cycles: Result) -> None:
    table, history = all_cycles.cycle_table.numbers, all_cycles.history
    grams = 1e3 * 4 / 3 * np.pi * 150e-9**3 * with_losses({"voltage": {"rate": "1 mV"}}).material.density
    ends = np.searchsorted(history["time_s"], table["start_s"] + table["duration_s"] * (1 - 1e-9))
    per_particle = np.diff(history["oxygen_released_mol"][ends], prepend=0.0)
    expected = 1e6 * table["retention"] * per_particle / grams
    np.testing.assert_allclose(table["oxygen_released_umol_g"], expected, rtol=1e-9)
    assert table["retention"][-1] < 0.96
    # The whole run is the sum of its cycles.
    summary = all_cycles.summary["oxygen"]
    assert summary["released_umol_per_g"] == pytest.approx(sum(table["oxygen_released_umol_g"]), rel=1e-12)
    assert summary["generated_umol_per_g"] == pytest.approx(sum(table["oxygen_generated_umol_g"]), rel=1e-12)
    assert history["oxygen_released_umol_g"][-1] == summary["released_umol_per_g"]


def test_the_cycle_after_a_jump_has_its_own_oxygen_only(all_cycles: Result) -> None:
    tolerance = 1e-2
    jumped = cycled(jump={"tolerance": tolerance})
    assert jumped.summary["jumps"]["skipped"] >= 1
    table, whole = jumped.cycle_table.numbers, all_cycles.cycle_table.numbers
    rows = table["cycle"].astype(int) - 1
    for verb in ("generated", "released"):
        column = f"oxygen_{verb}_umol_g"
        # Cycles that follow each other differ by 15 %, so that what is jumped over is known to some per cent
        # of a cycle; counted in the next one, a single cycle would double it.
        np.testing.assert_allclose(table[column], whole[column][rows], rtol=0.1)
    for verb in ("generated", "released"):
        name = f"{verb}_umol_per_g"
        found, expected = jumped.summary["oxygen"][name], all_cycles.summary["oxygen"][name]
        assert found == pytest.approx(expected, rel=tolerance), name
    assert table["retention"][-1] == pytest.approx(whole["retention"][-1], abs=0.3 * tolerance)
