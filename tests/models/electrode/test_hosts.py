"""Electrodes whose particle is made of several hosts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.electrode.equilibrium import SeveralHosts
from oxyshell.models.electrode.memory import Hysteresis, ZeroOrder
from oxyshell.models.electrode.potentials.regular import RegularCurve
from oxyshell.models.electrode.recording import exchange_of
from oxyshell.models.electrode.shifted import Shifted
from oxyshell.models.electrode.standard import OpenCircuitStandard
from oxyshell.models.electrode.thermodynamics import OpenCircuitDrift
from oxyshell.models.ions.standard import PotentialOffset
from oxyshell.models.particle.model import ParticleModel
from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.models.ufl_values import number
from tests.sized import sized

VOLT = GAS_CONSTANT * 298.15 / FARADAY_CONSTANT  # RT/F

CORE_SHELL = """\
name: core and shell
particle: {shape: sphere, radius: 100 nm}
material:
  formula: LiNi0.8Mn0.1Co0.1O2
  molar_volume: 20.3 cm^3/mol
  ion: {species: Li, sites_per_formula: 1, occupancy: 0.9}
  diffusivity: 1e-16 m^2/s
  drift: none
  chemical_strain: {partial_molar_volume: 1 cm^3/mol}
  elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.3}
shell:
  thickness: 20 nm
  formula: LiNi0.33Mn0.33Co0.33O2
  molar_volume: 21.6 cm^3/mol
  ion: {species: Li, sites_per_formula: 1.1, occupancy: 0.95}
  open_circuit: {formula: 4.5 - 0.9*x}
  exchangeable_sites: 1.0
electrode:
  open_circuit: {formula: 4.4 - 0.8*x}
  kinetics: {law: content, rate_constant: 1e-10 m/s}
  stress_shifts_potential: false
cell: {one_c: 200 mA/g}
protocol: [{charge: {rate: 1 C, until: {extracted: 0.3}}}, {rest: {time: 2 h}}]
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return loads(CORE_SHELL)


def without(scenario: Scenario, *keys: str, **more: Any) -> Scenario:
    """The scenario without keys of its shell, and with others."""
    dropped: dict[str, Any] = {f"shell.{key}": None for key in keys}
    return scenario.with_values(dropped | {f"shell.{key}": value for key, value in more.items()})


# Potentials.


@pytest.mark.parametrize("share", [1.0, 333.0 / 298.15])
def test_the_chemical_potential_of_a_standard_is_that_of_the_voltage(share: float) -> None:
    curve = RegularCurve(3.8, -1.5, VOLT * share)
    standard = OpenCircuitStandard(curve=curve, sites=1.2, exchangeable=1.0, voltage=VOLT, share=share)
    theta = np.array([0.2, 0.5, 0.97])
    ideal = share * np.log(theta / (1 - theta))
    x = 1.2 * theta - 0.2
    assert ideal + standard.excess(theta, NUMPY) == pytest.approx(-curve.value(x, NUMPY) / VOLT, rel=1e-13)


def test_full_and_empty_hosts_have_a_finite_standard_potential() -> None:
    standard = OpenCircuitStandard(
        curve=RegularCurve(3.8, 0.0, VOLT), sites=1.0, exchangeable=1.0, voltage=VOLT
    )
    assert np.isfinite(standard.excess(np.array([-1e-6, 0.0, 1.0, 1 + 1e-6]), NUMPY)).all()


def test_a_multiple_of_rt_is_that_of_the_scenario_in_a_step_at_another_temperature(
    scenario: Scenario,
) -> None:
    offset = without(scenario, "open_circuit", "exchangeable_sites", potential_offset="1.5 RT")
    for temperature in (298.15, 350.0):
        model = offset.model(temperature)
        # By 1.5 RT of 298.15 K at the interface, and in the voltage.
        assert model.regions[0].standard.excess(0.5) == 1.5
        plain = offset.with_values({"shell.potential_offset": "0 RT"}).model(temperature)
        before, after = (exchange_of(one).potential.value(0.5, {}, NUMPY) for one in (plain, model))
        lower = before - after
        assert lower == pytest.approx(1.5 * VOLT, rel=1e-12)


def test_a_shifted_potential_is_lower_and_remembers_as_before() -> None:
    charge, discharge = RegularCurve(3.9, 0.0, VOLT), RegularCurve(3.7, 0.0, VOLT)
    plain = Hysteresis(delithiation=charge, lithiation=discharge, rule=ZeroOrder(), initial=1.0)
    shifted = Shifted(plain, 0.05)
    memory = plain.start()
    assert shifted.value(0.3, memory, NUMPY) == pytest.approx(
        plain.value(0.3, memory, NUMPY) - 0.05, rel=1e-14
    )
    assert shifted.slope(0.3, memory, NUMPY) == plain.slope(0.3, memory, NUMPY)
    assert shifted.start() == memory
    assert shifted.unknowns() == plain.unknowns()
    assert shifted.entering(memory, 0.2, -1) == plain.entering(memory, 0.2, -1)
    assert shifted.changes_at_reversals
    assert shifted.bounded
    for key, curve in shifted.curves.items():
        assert curve.value(0.3, NUMPY) == pytest.approx(plain.curves[key].value(0.3, NUMPY) - 0.05, rel=1e-14)
        assert (curve.domain, curve.slope(0.3, NUMPY)) == (None, plain.curves[key].slope(0.3, NUMPY))


@pytest.mark.parametrize("voltage", [3.6, 3.85, 4.2])
def test_hosts_at_rest_have_the_voltage_at_which_they_hold_all_ions(voltage: float) -> None:
    first, second = (RegularCurve(potential, 0.0, VOLT) for potential in (3.8, 3.9))
    standards = [
        OpenCircuitStandard(curve=first, sites=1.0, exchangeable=1.0, voltage=VOLT),
        OpenCircuitStandard(curve=second, sites=1.2, exchangeable=1.0, voltage=VOLT),
    ]
    x = [1 / (1 + math.exp((voltage - potential) / VOLT)) for potential in (3.8, 3.9)]
    theta = (3.0 * x[0] + 1.0 * (0.2 + x[1]) / 1.2) / 4.0
    # Straight lines over 0.01 in ln(x/(1−x)) miss contents by up to 1e-4 x(1−x)/8, so that voltages err by
    # 1e-4/8 RT/F at most.
    assert SeveralHosts(standards, [3.0, 1.0]).voltage(theta, {}) == pytest.approx(voltage, abs=2e-5 * VOLT)


# Models.


def parts(scenario: Scenario) -> list[ParticleModel]:
    return [model for _, model in scenario.model().parts]


def test_the_surface_is_that_of_the_outermost_material(scenario: Scenario) -> None:
    exchange: Any = scenario.model().exchange
    assert (exchange.sites, exchange.exchangeable) == (1.1, 1.0)
    assert exchange.starting_voltage(0.95, NUMPY) == pytest.approx(4.5 - 0.9 * (1.1 * 0.95 - 0.1), rel=1e-12)
    core, shell = (part.standard for part in parts(scenario))
    assert isinstance(core, OpenCircuitStandard)
    assert isinstance(shell, OpenCircuitStandard)
    assert (core.sites, core.exchangeable) == (1.0, 1.0)
    assert (shell.sites, shell.exchangeable) == (1.1, 1.0)
    assert core.voltage == pytest.approx(VOLT, rel=1e-12)


def test_without_a_potential_of_its_own_a_layer_shares_ions_as_an_ideal_solution(scenario: Scenario) -> None:
    changed = without(scenario, "open_circuit", "exchangeable_sites", potential_offset="2 RT")
    core, shell = (part.standard for part in parts(changed))
    assert (core, shell) == (PotentialOffset(0.0), PotentialOffset(2.0))
    exchange: Any = changed.model().exchange
    # x is θ where all sites are exchangeable; ions that are worth 2 RT more lower the voltage by 2 RT/F.
    assert exchange.starting_voltage(0.95, NUMPY) == pytest.approx(4.4 - 0.8 * 0.95 - 2 * VOLT, rel=1e-12)


def test_with_a_thermodynamic_factor_each_host_has_that_of_its_own_potential(scenario: Scenario) -> None:
    factor = scenario.with_values({"electrode.thermodynamic_factor": "chemical", "material.drift": "lattice"})
    core, shell = (part.transport.drift for part in parts(factor))
    assert isinstance(core, OpenCircuitDrift)
    assert isinstance(shell, OpenCircuitDrift)
    # −(RT/F)/(dU/dθ): θ counts 1.1 sites, x 1.0 of them.
    assert number(core.mobility(0.5)) == pytest.approx(VOLT / 0.8, rel=1e-9)
    shared = without(factor, "open_circuit", "exchangeable_sites", potential_offset="2 RT")
    standards = [part.standard for part in parts(shared)]
    assert all(isinstance(one, OpenCircuitStandard) for one in standards)
    differences = [one.excess(0.7, NUMPY) for one in standards]
    # The shell's x is θ as well, with all of its sites.
    assert differences[1] - differences[0] == pytest.approx(2.0, rel=1e-9)


def test_a_material_that_nothing_says_the_worth_of_is_told(scenario: Scenario) -> None:
    silent = without(scenario, "open_circuit", "exchangeable_sites")
    told, lacks = (one for one in sized(silent).remarks() if one.startswith("shell is of another material"))
    assert "'diffusivity', 'chemical_strain', 'elasticity' and 'drift' of its own" in lacks
    assert "its open-circuit potential as that of the electrode" in told
    assert not any("nor open_circuit says" in one for one in sized(scenario).remarks())


def test_hosts_that_are_not_in_equilibrium_as_made_are_told(scenario: Scenario) -> None:
    (told,) = [one for one in sized(scenario).remarks() if one.startswith("As made")]
    core, shell = 4.4 - 0.8 * 0.9, 4.5 - 0.9 * (1.1 * 0.95 - 0.1)
    assert f"{(core - shell) / VOLT:.3g} RT higher in the shell than in the core" in told


# Runs.


@pytest.fixture(scope="module")
def result(scenario: Scenario) -> Result:
    return oxyshell.run(scenario)


def test_at_rest_both_hosts_have_the_voltage_that_is_measured(result: Result) -> None:
    occupancy = result.profiles["occupancy"][-1]
    radius = result.profiles.radius_m
    core, shell = occupancy[radius < 79e-9], occupancy[radius > 81e-9]
    # Uniform within each; R²/D is 100 s.
    assert np.ptp(core) < 1e-6
    assert np.ptp(shell) < 1e-6
    voltages = 4.4 - 0.8 * core[0], 4.5 - 0.9 * (1.1 * shell[0] - 0.1)
    history = result.history
    # A step errs by the time tolerance of 1e-4 in θ; at rest, equilibrium leaves far less.
    assert voltages[0] == pytest.approx(voltages[1], abs=1e-6)
    assert history["voltage_V"][-1] == pytest.approx(voltages[0], abs=1e-6)
    assert history["open_circuit_voltage_V"][-1] == pytest.approx(voltages[0], abs=1e-5)
    assert history["concentration_overpotential_V"][-1] == pytest.approx(0.0, abs=1e-5)


def test_capacities_are_those_of_the_mass_of_both(scenario: Scenario, result: Result) -> None:
    (core, shell) = (part.material for part in scenario.parts)
    share = 1 - 0.8**3
    units = (1 - share) / core.molar_volume.value, share / shell.molar_volume.value
    mass = (1 - share) * core.density + share * shell.density
    expected = 0.3 * sum(units) * FARADAY_CONSTANT / mass / 3600
    assert result.summary["electrode"]["capacity_mAh_g"] == pytest.approx(expected, rel=1e-6)
    # 1 C is 200 mA/g of all of it.
    duration = result.summary["protocol"][0]["time_s"]
    assert duration == pytest.approx(expected / 200 * 3600, rel=1e-6)
