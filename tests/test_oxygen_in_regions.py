"""Runs whose layers have oxygen of their own: balances, and what a layer without a source keeps back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.running.simulation import run
from oxyshell.scenario.loading import load

pytestmark = pytest.mark.slow
CHARGE = load(Path(__file__).parents[1] / "scenarios" / "lrmo-charge-with-oxygen.yaml").with_values(
    {
        "numerics.elements": {"layer": 3, "bulk": 5},
        "numerics.oxygen_tolerance": 1e-2,
        "numerics.time_tolerance": 1e-2,
        "oxygen.vacancies": {"sites_lost": 1.0, "partial_molar_volume": "2 cm^3/mol"},
        "output.at": {"extracted": [0.5]},
    }
)
SHELL = {"thickness": "20 nm", "deficiency": 0.22, "profile": "step"}
OWN = {
    "diffusivity": "5e-19 m^2/s",
    "source": {"onset": 0.2, "generation_rate": 2e-5},
    "vacancies": {"sites_lost": 2.0, "partial_molar_volume": "-3 cm^3/mol"},
}
SILENT = {"diffusivity": "5e-19 m^2/s", "source": "none"}
PLANE = {
    "particle.dimension": 2,
    "numerics.elements": {"layer": 1, "bulk": 3, "tangential": 2},
    "protocol": [{"charge": {"rate": "0.1 C", "until": {"extracted": 0.55}}}],
}


def charged(oxygen: Any, values: Any) -> Result:
    return run(CHARGE.with_values({"shell": {**SHELL, "oxygen": oxygen}, **values}))


@pytest.mark.parametrize("values", [{}, pytest.param(PLANE, marks=pytest.mark.long)], ids=["line", "plane"])
def test_ions_and_oxygen_add_up_over_all_regions(values: Any) -> None:
    for oxygen in (OWN, SILENT):
        history = charged(oxygen, values).history
        # Limits of the brief; in fact it is round-off.
        assert np.max(history["balance_error"]) < 1e-10
        assert np.max(history["oxygen_balance_error"]) < 1e-10
        generated = history["oxygen_generated_mol"]
        there = sum(history[f"oxygen_{where}_mol"] for where in ("in_lattice", "captured", "released"))
        assert there == pytest.approx(generated, rel=1e-10, abs=1e-10 * generated[-1])
        assert generated[-1] > 0


def test_a_layer_without_a_source_has_released_nothing() -> None:
    released, silent = charged(OWN, {}), charged(SILENT, {})
    depths = released.profiles.depth_m
    # At the interface itself, profiles have the values of both sides.
    within, around = depths > 20.1e-9, depths < 19.9e-9
    mine, other = (one.profiles["oxygen_generated_mol_m3"][-1] for one in (released, silent))
    assert np.all(other[around] == 0)
    assert np.all(mine[around] > 0)
    assert np.all(other[within] > 0)
    # The mobile content is the same on both sides of the interface, where it has its values twice.
    at = np.flatnonzero(np.abs(depths - 20e-9) < 1e-13)
    assert len(at) == 2
    for one in (released, silent):
        inner, outer = one.profiles["oxygen_mol_m3"][-1][at]
        assert inner == pytest.approx(outer, rel=1e-12)
        sides = one.profiles["oxygen_generated_mol_m3"][-1][at]
        assert abs(sides[0] - sides[1]) > 0.1 * max(sides)


@pytest.mark.long
def test_cycles_with_losses_can_be_jumped_over() -> None:
    # Two hosts with an electrode, vacancies, and a surface layer that grows.
    scenario = load(Path(__file__).parents[1] / "scenarios" / "lrmo-300-cycles.yaml")
    (cycling,) = scenario.to_data()["protocol"]
    vacancies = {"sites_lost": 0.5, "partial_molar_volume": 0}
    source = {"onset": 0.35, "generation_rate": "1e-6 1/s"}
    own = {"diffusivity": "1e-18 m^2/s", "source": source, "vacancies": vacancies}
    shell = {**SHELL, "thickness": "10 nm", "diffusivity": "3e-18 m^2/s", "oxygen": own}
    surface = {"law": "open", "transfer": {"biot": 1000}}
    oxygen = {**own, "diffusivity": "1.4e-18 m^2/s", "surface": surface}
    found = []
    for jump in (None, {"tolerance": 2e-3}):
        repeated = {"repeat": {**cycling["repeat"], "times": 12, "jump": jump}}
        values = {"shell": shell, "oxygen": oxygen, "output": {"at": {}}, "protocol": [repeated]}
        found.append(run(scenario.with_values({**values, "numerics.oxygen_tolerance": 1e-2})))
    every, some = found
    assert some.cycle_table.rows < every.cycle_table.rows == 12
    last = [one.cycle_table["discharge_mAh_g"][-1] for one in found]
    # The error of a jump that is allowed, of the capacity.
    assert last[1] == pytest.approx(last[0], rel=2e-3)
    ours, theirs = (one.summary["oxygen"]["generated_umol_per_g"] for one in found)
    assert ours == pytest.approx(theirs, rel=2e-3)
    for one in found:
        assert max(np.max(one.history[name]) for name in ("balance_error", "oxygen_balance_error")) < 1e-10
        assert one.summary["degradation"]["layer_nm"] == pytest.approx(3.6 + 11 * 0.04477)
