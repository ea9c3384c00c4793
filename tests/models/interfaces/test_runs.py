"""Runs with interfaces: columns, summary, ends of steps, energies, and what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.language.mistakes import Refusal, ScenarioError
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.models.interfaces import report
from oxyshell.models.interfaces.observables import NORMAL, PEAK, columns_of
from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.studies.engine.scenario_quantities import quantity_of
from oxyshell.studies.registry import load_study
from oxyshell.studies.sweep import SWEEP

TEXT = """
name: core and shell
particle: {shape: sphere, radius: 150 nm}
material:
  formula: Li1.20Mn0.555Ni0.158Co0.080O2
  molar_volume: 20.11 cm^3/mol
  ion: {species: Li, sites_per_formula: 1.20, occupancy: 0.999}
  diffusivity: 1.568e-19 m^2/s
  chemical_strain: {volume_change: 10 %, per_extracted: 1.0}
  elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.30}
regions:
  inner: {thickness: 15 nm, deficiency: 0.3, profile: step}
  coat:
    thickness: 15 nm
    deficiency: 0.5
    profile: step
    elasticity: {young_modulus: 85 GPa, poisson_ratio: 0.25}
cell: {one_c: 250 mA/g}
protocol: [{charge: {rate: 0.1 C, until: {passed: 0.5}}}, {discharge: {rate: 0.1 C, until: {passed: 0.3}}}]
numerics: {elements: {bulk: 8}, time_tolerance: 1e-3}
"""
PAIRS = (("bulk", "inner"), ("inner", "coat"))


@pytest.fixture(scope="module")
def result() -> Result:
    return oxyshell.run(loads(TEXT))


def test_each_interface_has_its_columns(result: Result) -> None:
    own = [one.name for pair in PAIRS for one in columns_of(*pair)]
    assert set(own) <= set(result.history)
    assert "bulk_inner_normal_traction_MPa" in own
    # What is largest over both.
    both = np.array([result.history[f"{'_'.join(pair)}_normal_traction_MPa"] for pair in PAIRS])
    np.testing.assert_array_equal(result.history[NORMAL], both.max(axis=0))


def test_columns_are_what_profiles_have_on_both_sides(result: Result) -> None:
    profiles, history = result.profiles, result.history
    for pair, radius in zip(PAIRS, (120e-9, 135e-9), strict=True):
        name = "_".join(pair)
        inner, outer = np.flatnonzero(np.abs(profiles.radius_m - radius) < 1e-6 * radius)
        for array, column, unit in (("occupancy", "occupancy_{}", 1.0), ("hoop_Pa", "hoop_{}_MPa", 1e6)):
            for place, side in ((inner, "inner"), (outer, "outer")):
                found = history[f"{name}_{column.format(side)}"][-1]
                assert found == pytest.approx(profiles[array][-1, place] / unit, rel=1e-9)
        radial = profiles["radial_stress_Pa"][-1, [inner, outer]] / 1e6
        assert history[f"{name}_normal_traction_MPa"][-1] == pytest.approx(radial.mean(), rel=1e-9)
        # Both sides have the same traction, up to the error of the mesh.
        assert np.ptp(radial) < 1e-3 * abs(history[f"{name}_hoop_inner_MPa"][-1])


def test_the_summary_has_the_largest_of_the_history(result: Result) -> None:
    found, history = result.summary["interfaces"], result.history
    assert [one["between"] for one in found["each"]] == ["bulk|inner", "inner|coat"]
    assert [one["radius_nm"] for one in found["each"]] == pytest.approx([120.0, 135.0])
    worst = found["normal_traction"]
    largest = history[NORMAL].max()
    # Between steps a polynomial adds little.
    assert largest <= worst["peak_MPa"] < 1.02 * largest
    index = int(np.argmax(history[NORMAL]))
    name = worst["between"].replace("|", "_")
    assert worst["occupancy_inner"] == history[f"{name}_occupancy_inner"][index]
    assert worst["occupancy_outer"] == history[f"{name}_occupancy_outer"][index]
    assert found["energy_release_J_m2"] == max(
        history[f"{'_'.join(pair)}_energy_release_J_m2"].max() for pair in PAIRS
    )
    declared = [one for one in registry.observables(Where.SUMMARY) if one.startswith("interfaces.")]
    assert len(declared) == 21
    assert set(found) == {one.split(".")[1] for one in declared} | {"each"}


def test_tables_have_the_largest_traction_of_each_step_and_cycle(result: Result) -> None:
    steps, history = result.step_table, result.history
    (turned,) = np.flatnonzero(history["time_s"] == steps["start_s"][1])
    of_steps = [history[NORMAL][: turned + 1].max(), history[NORMAL][turned:].max()]
    # Between steps a polynomial adds little.
    np.testing.assert_allclose(steps[PEAK], of_steps, rtol=0.02)
    assert (steps[PEAK] >= of_steps).all()
    repeat = {"repeat": {"times": 2, "steps": loads(TEXT).to_data()["protocol"]}}
    cycles = oxyshell.run(loads(TEXT).with_values({"protocol": [repeat]}))
    np.testing.assert_array_equal(cycles.cycle_table[PEAK], cycles.step_table[PEAK].reshape(2, 2).max(axis=1))


def test_ions_that_pass_close_the_balance_of_each_region(result: Result) -> None:
    assert result.summary["interfaces"]["balance_error"] < 1e-10
    history = result.history
    for pair in PAIRS:
        flux = history[f"{'_'.join(pair)}_flux_mol_s"]
        passed = history[f"{'_'.join(pair)}_ions_passed_mol"]
        summed = np.concatenate([[0.0], np.cumsum(np.diff(history["time_s"]) * 0.5 * (flux[1:] + flux[:-1]))])
        # The law's flux, by the trapezium over the steps of a coarse tolerance.
        assert np.abs(summed - passed).max() < 0.02 * np.abs(passed).max()


def energy(result: Result, index: int, more: Any = None) -> float:
    """Elastic energy in J at an output time, of the stress with what is added to it."""
    profiles = result.profiles
    r, radial, hoop = (profiles.radius_m, profiles["radial_stress_Pa"][index], profiles["hoop_Pa"][index])
    total = 0.0
    for inner, outer, e, nu in (
        (0, 120e-9, 170e9, 0.3),
        (120e-9, 135e-9, 170e9, 0.3),
        (135e-9, 150e-9, 85e9, 0.25),
    ):
        place = (r >= inner - 1e-15) & (r <= outer + 1e-15)
        middle = 0.5 * (inner + outer)
        # The points of this region alone: on an edge the nearer half of the list.
        at = np.flatnonzero(place)
        at = at[np.searchsorted(r[at], r[at[0]], side="right") - 1 if inner else 0 :]
        at = at[: len(at) - (np.count_nonzero(r[at] == r[at[-1]]) - 1 if outer < 150e-9 else 0)]
        x, one, two = r[at], radial[at], hoop[at]
        if more is not None:
            added = more(x, middle)
            one, two = one + added[0], two + added[1]
        density = (one**2 + 2 * two**2 - 2 * nu * (2 * one * two + two**2)) / (2 * e)
        total += float(np.trapezoid(4 * np.pi * x**2 * density, x))
    return total


def test_the_energy_released_is_that_of_the_run_s_own_stress(result: Result) -> None:
    # The core comes off: its surface and the inner edge of both layers are freed of the traction.
    index = len(result.profiles.times) - 2  # end of the charge
    at = int(np.argmin(np.abs(result.history["time_s"] - result.profiles.times[index])))
    traction = 1e6 * result.history["bulk_inner_mean_normal_traction_MPa"][at]
    assert traction > 0
    layers = ((135e-9, 170e9, 0.3), (150e-9, 85e9, 0.25))
    # u = A r + B/r² in both layers: σ_r(a) = −p, continuous at 135 nm, free at 150 nm.

    def stress(layer: int, r: float) -> np.ndarray:
        _, e, nu = layers[layer]
        row = np.zeros(4)
        row[2 * layer : 2 * layer + 2] = e / (1 - 2 * nu), -2 * e / (1 + nu) / r**3
        return row

    moved = np.array([135e-9, 135e-9**-2, -135e-9, -(135e-9**-2)])
    rows = [
        stress(0, 120e-9),
        stress(0, 135e-9) - stress(1, 135e-9),
        170e9 * moved / 135e-9,
        stress(1, 150e-9),
    ]
    right = [-traction, 0.0, 0.0, 0.0]
    scale = np.array([1.0, 1e-21, 1.0, 1e-21])
    solution = scale * np.linalg.solve(np.array(rows) * scale, right)

    def added(r: np.ndarray, middle: float) -> tuple[np.ndarray, np.ndarray]:
        if middle < 120e-9:
            return -traction + 0 * r, -traction + 0 * r
        layer = 0 if middle < 135e-9 else 1
        _, e, nu = layers[layer]
        a, b = solution[2 * layer : 2 * layer + 2]
        return e / (1 - 2 * nu) * a - 2 * e / (1 + nu) * b / r**3, e / (1 - 2 * nu) * a + e / (
            1 + nu
        ) * b / r**3

    released = (energy(result, index) - energy(result, index, added)) / (4 * np.pi * 120e-9**2)
    found = result.history["bulk_inner_energy_release_J_m2"][at]
    # Trapezia over 16 points per cell, of a difference of two energies about ten times as large.
    assert found == pytest.approx(released, rel=0.02)


def test_a_step_ends_at_a_traction() -> None:
    until = [{"charge": {"rate": "0.1 C", "until": {"passed": 0.9, "reaches": {NORMAL: 100.0}}}}]
    run = oxyshell.run(loads(TEXT).with_values({"protocol": until}))
    assert run.history[NORMAL][-1] == pytest.approx(100.0, rel=1e-6)
    assert list(run.step_table["reason"]) == [NORMAL]


def test_without_regions_there_is_nothing_of_interfaces() -> None:
    graded = loads(TEXT).with_values({"regions": None, "shell": {"thickness": "30 nm", "deficiency": 0.5}})
    with pytest.raises(ScenarioError, match="interface_normal_traction_MPa"):
        graded.with_values(
            {"protocol": [{"charge": {"rate": "0.1 C", "until": {"reaches": {NORMAL: 100.0}}}}]}
        )
    run = oxyshell.run(graded.with_values({"protocol": [{"rest": {"time": "1 s"}}]}))
    assert "interfaces" not in run.summary
    assert NORMAL not in run.history


def test_a_reader_is_told(result: Result) -> None:
    told = list(report.findings(result.summary))
    each = result.summary["interfaces"]["each"]
    pulled = [one for one in told if one.quantity == "largest normal traction"]
    released = [one for one in told if one.quantity == "energy release of debonding"]
    for traction, energy, one in zip(pulled, released, each, strict=True):
        assert traction.circumstances.startswith(f"interface {one['between']}, ")
        assert traction.value == f"{one['normal_traction']['peak_MPa']:.1f} MPa"
        assert energy.value == f"{one['energy_release_J_m2']:.3g} J/m²"
    (remark,) = (one for one in result.summary["remarks"] if "stay bonded" in one)
    largest = max(one["normal_traction"]["peak_MPa"] for one in each)
    assert f"pulled apart by up to {largest:.4g} MPa, where opening" in remark
    assert "debonding is not computed" in remark


# The second is round-off.
@pytest.mark.parametrize("peak", [-3.0, 7.9e-12])
def test_what_is_pressed_together_is_told_as_that(peak: float) -> None:
    of_one = {"between": "a|b", "normal_traction": {"peak_MPa": peak}, "energy_release_J_m2": 0.0}
    assert "at a|b (pressed together at all times): " in report.remark([of_one])


@pytest.mark.parametrize(("change", "side"), [("5 %", "bulk"), ("20 %", "layer")])
def test_a_peak_at_an_interface_says_on_which_side_it_is(change: str, side: str) -> None:
    shell = {"thickness": "30 nm", "chemical_strain": {"volume_change": change, "per_extracted": 1.0}}
    charge = {"charge": {"rate": "0.01 C", "until": {"passed": 0.5}}}
    values = {"regions": None, "shell": shell, "protocol": [charge]}
    result = oxyshell.run(loads(TEXT).with_values(values))
    peak, profiles = result.summary["stress"]["hoop"], result.profiles
    at = np.flatnonzero(np.abs(profiles.radius_m - 120e-9) < 1e-12)
    inner, outer = profiles["hoop_Pa"][-1, at] / 1e6
    assert (peak["time_s"], peak["radius_nm"]) == pytest.approx((result.history["time_s"][-1], 120.0))
    assert peak["peak_MPa"] == pytest.approx(max(inner, outer), rel=1e-9)
    assert peak["region"] == side == ("bulk" if inner > outer else "layer")
    told = [finding for one in registry.physics() for finding in one.findings(result.summary)]
    (hoop,) = (one for one in told if one.quantity == "peak hoop stress")
    assert hoop.circumstances.startswith(f"30 nm deep in {side}, ")


def test_studies_can_ask_for_what_interfaces_have(result: Result) -> None:
    scenario = loads(TEXT)
    for name in ("interfaces.normal_traction.peak_MPa", "interfaces.energy_release_J_m2"):
        interest = quantity_of(name, scenario)
        assert interest.of(result) > 0
        graded = scenario.with_values({"regions": None})
        with pytest.raises(Refusal) as refusal:
            quantity_of(name, graded)
        assert "a scenario with 'regions', or a shell that is a host of its own" in str(refusal.value)


@pytest.mark.parametrize(
    ("profiles", "told"), [("[step]", ""), ("[step, linear]", "which 1 of 2 points do not have")]
)
def test_a_sweep_that_makes_a_region_of_the_shell_has_an_interface(
    profiles: str, told: str, tmp_path: Path
) -> None:
    shell = {"thickness": "30 nm", "deficiency": 0.5}
    base = loads(TEXT).with_values({"regions": None, "shell": shell})
    (tmp_path / "base.yaml").write_text(base.to_yaml())
    text = f"""sweep: profiles
scenario: base.yaml
over: {{shell.profile: {profiles}}}
quantities: [max of history.interface_normal_traction_MPa]
"""
    (tmp_path / "sweep.yaml").write_text(text)
    if told:
        with pytest.raises(ScenarioError, match=told):
            load_study(SWEEP, tmp_path / "sweep.yaml")
    else:
        load_study(SWEEP, tmp_path / "sweep.yaml")
