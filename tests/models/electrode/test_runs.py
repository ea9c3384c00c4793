"""Runs with a voltage: against runs without one, limit cases, and what is conserved."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.electrode.observables import OBSERVABLES
from oxyshell.models.electrode.physics import Electrode
from oxyshell.scenario.loading import loads
from tests import lrmo
from tests.electrode import CONSTANT, FIRST_CYCLE, IDEAL, THERMAL_VOLTAGE, scenario_file

CHARGE = "[{charge: {rate: 0.1 C, until: {extracted: 0.9}}}]"
TIGHT = "{time_tolerance: 1e-7}"
LINE = {"particle": "{shape: sphere, radius: 150 nm, dimension: 1}"}
OMEGA = 0.0269 * 20.11e-6
"""Partial molar volume of the scenario's particle, m³/mol."""
MOLAR_MASS = 84.8047e-3
# i = C-rate · one_c · density · R/3.
AT_0_1C = 25.0 * MOLAR_MASS / 20.11e-6 * 150e-9 / 3


@functools.cache
def run(text: str) -> Any:
    return oxyshell.run(loads(text))


def electrode(section: str, *more: str) -> str:
    """A section with more keys."""
    return section.removesuffix("}") + "".join(f", {one}" for one in more) + "}"


def test_the_null_model_is_the_run_without_an_electrode() -> None:
    # To where the surface is exhausted and the current falls.
    until = "[{charge: {rate: 0.1 C, until: {passed: 1.0}}}]"
    null = electrode(CONSTANT, "stress_shifts_potential: false")
    # With an electrode, the outermost element is thinner by default.
    same = {"numerics": "{elements: {surface_size: 0.05}}"}
    found = run(scenario_file("null", null, until, **same))
    plain = oxyshell.run(loads(lrmo.scenario_file("plain", protocol=until, **LINE, **same)))
    assert plain.history["current_over_set"].min() < 0.95
    assert found.summary["steps"] == plain.summary["steps"]
    for name, values in plain.history.items():
        if name != "balance_error":
            atol = 1e-10 * np.abs(values).max()
            np.testing.assert_allclose(found.history[name], values, rtol=0, atol=atol, err_msg=name)
    overpotential = 2 * THERMAL_VOLTAGE * np.arcsinh(AT_0_1C / 2)
    np.testing.assert_allclose(found.history["voltage_V"], 3.9 + overpotential, rtol=0, atol=1e-11)


def test_a_run_without_an_electrode_has_none_of_its_columns() -> None:
    plain = oxyshell.run(loads(lrmo.scenario_file("plain", protocol=CHARGE, **LINE)))
    assert not {one.name for one in OBSERVABLES} & plain.history.keys()
    assert "electrode" not in plain.summary


def test_stress_enters_the_voltage_alone_where_nothing_else_can() -> None:
    history = run(scenario_file("stress", CONSTANT, CHARGE)).history
    # σ_h at the surface is two thirds of the hoop stress there: the radial one is zero.
    hydrostatic = history["surface_hoop_MPa"] * 2e6 / 3
    expected = OMEGA * hydrostatic / FARADAY_CONSTANT
    # Stress in an element of degree 3 and the projected work differ by the mesh's error.
    np.testing.assert_allclose(
        history["stress_overpotential_V"], expected, rtol=0, atol=3e-3 * expected.max()
    )
    assert expected.max() > 1e-3
    rest = history["voltage_V"] - history["stress_overpotential_V"] - history["kinetic_overpotential_V"]
    np.testing.assert_allclose(rest, 3.9, rtol=0, atol=1e-12)


def test_the_parts_add_up_to_the_voltage() -> None:
    section = "{" + f"{IDEAL.removeprefix('{').removesuffix('}')}, film_resistance: 2 ohm m^2" + "}"
    history = run(scenario_file("parts", section, CHARGE)).history
    parts = sum(history[f"{name}_overpotential_V"] for name in ("concentration", "stress", "kinetic", "film"))
    total = history["open_circuit_voltage_V"] + parts
    np.testing.assert_allclose(total, history["voltage_V"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(history["film_overpotential_V"], 2 * AT_0_1C, rtol=1e-8)
    assert np.all(np.diff(history["voltage_V"]) > 0)


def test_a_current_is_kept_to_round_off() -> None:
    result = run(scenario_file("kept", IDEAL, CHARGE))
    np.testing.assert_allclose(result.history["current_over_set"], 1.0, rtol=0, atol=1e-9)
    assert result.summary["ions"]["balance_error"] < 1e-12


def test_the_voltage_is_in_the_norm_of_the_error() -> None:
    """At the default tolerance, 1e-4, it is right to about that many volts where it is steep."""
    protocol = "['charge at 0.5 C until 4.0 V', 'rest for 2 h', 'discharge at 1 C until 3.8 V']"
    loose = run(scenario_file("loose", IDEAL, protocol)).steps
    tight = run(scenario_file("tight", IDEAL, protocol, numerics=TIGHT)).steps
    assert list(loose["reason"]) == list(tight["reason"]) == ["voltage", "time", "voltage"]
    np.testing.assert_allclose(loose["voltage_end_V"], tight["voltage_end_V"], rtol=0, atol=1e-4)
    np.testing.assert_allclose(loose["duration_s"], tight["duration_s"], rtol=2e-4)


def test_a_step_begins_consistently_whatever_was_before() -> None:
    """From rest to 5 C, and from one direction to the other: no step is refused at the start."""
    protocol = (
        "[{rest: {time: 60 s}}, {charge: {rate: 5 C, until: {time: 30 s}}}, "
        "{discharge: {rate: 5 C, until: {time: 8 s}}}]"
    )
    history = run(scenario_file("jumps", IDEAL, protocol, numerics="{time_tolerance: 1e-3}")).history
    starts = np.flatnonzero(history["time_step_s"] == 0)
    assert len(starts) == 3
    eta = 2 * THERMAL_VOLTAGE * np.arcsinh(50 * AT_0_1C / 2)
    np.testing.assert_allclose(
        history["kinetic_overpotential_V"][starts], [0.0, eta, -eta], rtol=1e-9, atol=1e-12
    )
    assert history["rejected_steps"][-1] == 0


def test_ideal_ions_have_a_thermodynamic_factor_of_one() -> None:
    def history(factor: str) -> Any:
        return run(
            scenario_file("factor", electrode(IDEAL, f"thermodynamic_factor: {factor}"), CHARGE)
        ).history

    ideal = history("ideal")
    for factor in ("chemical", "jump"):
        found = history(factor)
        for name in ("voltage_V", "hoop_peak_MPa", "surface_occupancy"):
            np.testing.assert_allclose(found[name], ideal[name], rtol=1e-9, err_msg=f"{factor} {name}")


def test_a_wider_potential_changes_drift_and_diffusion_by_its_factor() -> None:
    # ω = 2: Γ = 2 everywhere, so that the D of jumps is half the chemical one.
    wide = IDEAL.replace("width: 1.0", "width: 2.0")
    chemical = electrode(wide, "thermodynamic_factor: chemical")
    jump = electrode(wide, "thermodynamic_factor: jump")
    one = run(scenario_file("chemical", chemical, CHARGE)).history
    other = run(scenario_file("jump", jump, CHARGE, diffusivity="0.784e-19 m^2/s")).history
    np.testing.assert_allclose(other["hoop_peak_MPa"], one["hoop_peak_MPa"], rtol=1e-6)
    full, none = (
        run(scenario_file("drift", electrode(wide), CHARGE, drift=drift)).history["hoop_peak_MPa"][-1]
        for drift in ("lattice", "none")
    )
    assert min(full, none) < one["hoop_peak_MPa"][-1] < max(full, none)


def test_the_energy_of_a_closed_loop_is_the_area_of_its_branches() -> None:
    """Slow, without stress: V = U ± η, so that ∮V dq = q (ΔU + 2η) between two constant branches."""
    section = (
        "{open_circuit: {charge: {constant: 4.0 V}, discharge: {constant: 3.7 V}}, "
        "kinetics: {law: constant, exchange_current: 1 A/m^2}, stress_shifts_potential: false}"
    )
    there, back = "{rate: 0.1 C, until: {extracted: 0.3}}", "{rate: 0.1 C, until: {extracted: 0.0}}"
    protocol = f"[{{charge: {there}}}, {{discharge: {back}}}]"
    result = run(scenario_file("loop", section, protocol))
    eta = 2 * THERMAL_VOLTAGE * np.arcsinh(AT_0_1C / 2)
    charge = 0.3 * FARADAY_CONSTANT / result.steps["charge_mAh_g"][0]
    assert result.summary["electrode"]["energy_Wh_kg"] == pytest.approx(
        0.3 * FARADAY_CONSTANT / charge * (0.3 + 2 * eta), rel=1e-6
    )
    assert result.summary["electrode"]["capacity_mAh_g"] == pytest.approx(0.0, abs=1e-6)


def test_the_first_cycle_of_a_lithium_rich_oxide_changes_its_potential() -> None:
    """The reference's slow charge: 246.27 mA h/g at 0.1 C to 4.8 V, and 181.39 back to 2.0 V."""
    protocol = "['charge at 0.1 C until 4.8 V', 'discharge at 0.1 C until 2.0 V']"
    text = scenario_file("first", FIRST_CYCLE, protocol, drift="none", molar_mass="84.805 g/mol")
    result = run(text.replace("electrode: ", "electrode:") + "  stress_shifts_potential: false\n")
    assert list(result.steps["charge_mAh_g"]) == pytest.approx([246.2686, -181.3893], abs=0.01)
    assert result.history["voltage_V"][-1] == pytest.approx(2.0, abs=1e-6)


def test_a_current_of_a_course_is_followed_exactly(tmp_path: Any) -> None:
    """A current that is linear in time: its charge to round-off, the voltage with the order of the steps."""
    (tmp_path / "drive.csv").write_text("time,current\n0,0\n1800,50\n3600,-25\n5400,0\n")
    protocol = "[{current: {file: drive.csv, columns: {time: s, current: mA/g}}}]"
    path = tmp_path / "drive.yaml"
    path.write_text(scenario_file("drive", IDEAL, protocol))
    result = oxyshell.run(path)
    charge = 0.5 * (1800 * 50 + 1800 * 25 - 1800 * 25) / 3600
    assert result.summary["electrode"]["capacity_mAh_g"] == pytest.approx(charge, rel=1e-9)
    current = np.interp(result.history["time_s"], [0, 1800, 3600, 5400], [0, 50, -25, 0])
    np.testing.assert_allclose(result.history["specific_current_mA_g"], current, rtol=0, atol=1e-7)


WARM = "318.15 K"
KINETICS = "kinetics: {law: constant, exchange_current: 1 A/m^2"
ACTIVATED = IDEAL.replace(KINETICS, f"{KINETICS}, activation: {{energy: 30 kJ/mol}}")


def test_a_step_at_another_temperature_is_that_of_a_run_at_this_temperature() -> None:
    """Diffusion, drift, kinetics and potential of every step at 318.15 K, in two ways of stating it."""
    more = {"diffusivity_activation": "{energy: 40 kJ/mol}"}

    def protocol(more: str) -> str:
        return (
            f"[{{charge: {{rate: 0.2 C, until: {{voltage: 3.95 V}}{more}}}}}, {{rest: {{time: 1 h{more}}}}}, "
            f"{{discharge: {{rate: 0.2 C, until: {{voltage: 3.85 V}}{more}}}}}]"
        )

    own = scenario_file("own", ACTIVATED, protocol(f", temperature: {WARM}"))
    whole = scenario_file("whole", ACTIVATED, protocol(""), temperature=WARM)
    cold = scenario_file("cold", ACTIVATED, protocol(""))
    first, second, third = (run(_with(text, more)) for text in (own, whole, cold))
    for name in ("time_s", "voltage_V", "hoop_peak_MPa", "stress_overpotential_V", "kinetic_overpotential_V"):
        scale = np.abs(second.history[name]).max()
        # The first steps are shares of the diffusion time at the run's own temperature: other steps.
        np.testing.assert_allclose(
            first.history[name][-1], second.history[name][-1], rtol=0, atol=2e-4 * scale, err_msg=name
        )
    np.testing.assert_allclose(first.steps["duration_s"], second.steps["duration_s"], rtol=2e-4)
    assert abs(third.steps["duration_s"][0] / second.steps["duration_s"][0] - 1) > 0.02


def test_kinetics_follow_the_temperature() -> None:
    protocol = (
        f"[{{charge: {{rate: 0.1 C, until: {{time: 60 s}}, temperature: {WARM}}}}}, {{rest: {{time: 1 s}}}}]"
    )
    history = run(scenario_file("kinetics", ACTIVATED, protocol)).history
    thermal = THERMAL_VOLTAGE * 318.15 / 298.15
    i0 = np.exp(-30e3 / GAS_CONSTANT * (1 / 318.15 - 1 / 298.15))
    eta = 2 * thermal * np.arcsinh(AT_0_1C / i0 / 2)
    assert history["kinetic_overpotential_V"][1] == pytest.approx(eta, rel=1e-9)


def _with(text: str, material: dict[str, str]) -> str:
    """The text of a scenario with more keys of its material."""
    lines = "".join(f"  {key}: {value}\n" for key, value in material.items())
    return text.replace("material:\n", "material:\n" + lines)


def test_energy_is_the_integral_of_the_voltage_over_the_charge() -> None:
    """To the error of the trapezoidal rule through the rows, which halving them shows."""
    protocol = "['charge at 0.2 C until 3.95 V', 'hold at 3.95 V for 1 h', 'discharge at 0.2 C until 3.85 V']"
    fine = run(scenario_file("fine", IDEAL, protocol, numerics="{maximum_step: 100 s}")).history
    charge, voltage, energy = (fine[name] for name in ("capacity_mAh_g", "voltage_V", "energy_Wh_kg"))
    starts = [*np.flatnonzero(fine["time_step_s"] == 0).tolist(), len(charge)]
    for start, end in itertools.pairwise(starts):
        whole, half = (
            float(np.trapezoid(voltage[rows], charge[rows]))
            for rows in (slice(start, end), slice(start, end, 2))
        )
        assert energy[end - 1] - energy[start] == pytest.approx(whole, abs=max(abs(whole - half), 1e-6))
    default = run(scenario_file("default", IDEAL, protocol)).history["energy_Wh_kg"]
    assert default[-1] == pytest.approx(energy[-1], abs=1e-4 * np.abs(energy).max())


@pytest.mark.parametrize("exchange_current", ["0.01 A/m^2", "100 A/m^2"])
def test_energy_does_not_depend_on_the_speed_of_the_reaction(exchange_current: str) -> None:
    """E = ∫(U + η) dq with a constant η: the reaction's share is η q, however fast it is."""
    section = IDEAL.replace("1 A/m^2", exchange_current)
    found = run(scenario_file("fast", section, CHARGE)).summary["electrode"]["energy_Wh_kg"]
    plain = run(scenario_file("plain", IDEAL, CHARGE)).summary["electrode"]
    i0 = float(exchange_current.split()[0])
    eta = [2 * THERMAL_VOLTAGE * np.arcsinh(AT_0_1C / one / 2) for one in (i0, 1.0)]
    expected = plain["energy_Wh_kg"] + plain["capacity_mAh_g"] * (eta[0] - eta[1])
    assert found == pytest.approx(expected, rel=2e-5)


def test_hysteresis_of_first_order_stays_within_its_branches_and_decays_as_it_should() -> None:
    """h = 1 − 2 exp(−γ q) after a reversal, q in exchanges of all ions; level branches show it."""
    section = (
        "{open_circuit: {charge: {constant: 4.0 V}, discharge: {constant: 3.7 V}, "
        "hysteresis: {order: first, decay: 20, begins_on: discharge}}, "
        "kinetics: {law: constant, exchange_current: 1 A/m^2}, stress_shifts_potential: false}"
    )
    protocol = (
        "[{charge: {rate: 0.1 C, until: {extracted: 0.3}}}, {rest: {time: 1 h}}, "
        "{discharge: {rate: 0.1 C, until: {extracted: 0.1}}}]"
    )
    result = run(scenario_file("first order", section, protocol, numerics="{time_tolerance: 1e-6}"))
    history, eta = result.history, 2 * THERMAL_VOLTAGE * np.arcsinh(AT_0_1C / 2)
    first = history["time_s"] <= result.steps["duration_s"][0]
    passed = history["extracted_per_formula"][first] / 1.2
    h = 1 - 2 * np.exp(-20 * passed)
    np.testing.assert_allclose(history["voltage_V"][first][1:-1], (3.85 + 0.15 * h + eta)[1:-1], atol=2e-5)
    bare = history["voltage_V"] - history["kinetic_overpotential_V"]
    assert bare.max() <= 4.0 + 1e-6
    assert bare.min() >= 3.7 - 1e-6
    assert result.steps["voltage_end_V"][1] == pytest.approx(3.85 + 0.15 * h[-1], abs=1e-5)


@pytest.mark.parametrize(("held", "told"), [("4.0 V", 0), ("4.6 V", 1)])
def test_a_current_that_no_cell_gives_is_told(held: str, told: int) -> None:
    protocol = f"['hold at {held} for 10 min']"
    result = run(
        scenario_file("jump", IDEAL, protocol, ion="{species: Li, sites_per_formula: 1.2, occupancy: 0.5}")
    )
    remarks = [one for one in result.summary["remarks"] if "far beyond what a cell gives" in one]
    assert len(remarks) == told


def test_the_screen_has_the_parts_of_the_voltage_without_exponents() -> None:
    parts = {"largest_concentration_mV": 1134.4, "largest_kinetic_mV": 0.13545, "largest_stress_mV": 2.28}
    numbers = {"voltage_V": 2.0, "capacity_mAh_g": 68.06, **parts}
    end, *largest = Electrode().findings({"electrode": numbers})
    assert (end.value, end.circumstances) == ("2.000 V", "68.1 mA h/g taken out since the start")
    assert [one.value for one in largest] == ["1130 mV", "0.135 mV", "2.28 mV"]
